//! Weights that a script names, or that a person chooses for the network on the page.

use js_sys::{Array, ArrayBuffer};
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;
use web_sys::{Blob, File};

use super::error::SessionError;
use crate::app::browser::fetch::fetch_response;
use crate::app::browser::js::{error_message, is_absent};
use crate::app::store::{self, ProgressMonitor, bundled_digest, check_blob, published_digest, remote_file};
use crate::app::worker::SendableWeights;
use logic::download::{Digest, RemoteFile, StoreError, StoredFile, file_name};
use net::{Graph, GraphOptions};
use weights::{BlobBytes, TensorSource, WeightsError, read_seed, transforms_input, write_seed};

const EXPECTED: &str = "'bundled', 'seed:N', a URL, a File, a Blob or an ArrayBuffer";

/// Weights to open.
#[derive(Debug)]
pub(in crate::app) struct WeightsRequest {
    location: WeightsLocation,
    /// The digest that the script expects.
    sha256: Option<Digest>,
    /// Whether the network begins with the step that transforms its input; by default, as the name of the file says.
    transform_input: Option<bool>,
}

/// The place of weights.
#[derive(Debug)]
enum WeightsLocation {
    Bundled,
    Seed(u64),
    Url(RemoteFile),
    /// A blob, with the name of its file if it has one.
    Blob(Blob, Option<String>),
}

/// The origin of opened weights.
#[derive(Debug, Default)]
pub(in crate::app) struct WeightsOrigin {
    /// `bundled`, `seed:N`, a URL, or the name of a file.
    pub(in crate::app) weights: String,
    /// The bytes of the file, if there is one.
    pub(in crate::app) bytes: Option<u64>,
    /// The SHA-256 of the file, if it was computed.
    pub(in crate::app) sha256: Option<String>,
    /// True if an earlier download had stored the file.
    pub(in crate::app) was_stored: bool,
    /// True if the file has the name of a published one and is another, as after fine-tuning.
    pub(in crate::app) only_named_so: bool,
}

/// Weights that are ready to be read.
pub(in crate::app) struct OpenedWeights {
    /// The network, with the classes and the step before it that the weights ask for.
    pub(in crate::app) graph: Graph,
    pub(in crate::app) source: TensorSource,
    /// The same weights in the form that can be sent to a worker.
    pub(in crate::app) sendable: SendableWeights,
    pub(in crate::app) origin: WeightsOrigin,
}

impl WeightsRequest {
    /// Requests the weights at `location`.
    fn at(location: WeightsLocation) -> Self {
        Self { location, sha256: None, transform_input: None }
    }

    /// Chooses whether the network begins with the step that transforms its input.
    pub(in crate::app) fn with_transform(self, transform_input: Option<bool>) -> Self {
        Self { transform_input, ..self }
    }

    /// Requests the file that ships with the page.
    pub(in crate::app) fn bundled() -> Self {
        Self::at(WeightsLocation::Bundled)
    }

    /// Requests the file at `url`, which may be relative to the address of the page. The known digest of a published
    /// file is checked when it is opened.
    ///
    /// # Errors
    /// [`StoreError::Address`] if `url` is not an http or https address.
    pub(in crate::app) fn url(url: &str) -> Result<Self, StoreError> {
        Ok(Self::at(WeightsLocation::Url(remote_file(url)?)))
    }

    /// Requests a file that a person opened.
    pub(in crate::app) fn file(file: &File) -> Self {
        Self::at(WeightsLocation::Blob(file.clone().into(), Some(file.name())))
    }

    /// Requests the values of `seed:N`.
    pub(in crate::app) fn seed(seed: u64) -> Self {
        Self::at(WeightsLocation::Seed(seed))
    }

    /// Reads the options `weights` and `sha256` of a script.
    ///
    /// # Errors
    /// [`SessionError::Option`] if `weights` has another type, [`StoreError::Address`] and [`StoreError::NoDigest`] if
    /// a text is invalid.
    pub(in crate::app) fn read(weights: &JsValue, sha256: &JsValue) -> Result<Self, SessionError> {
        let wrong = SessionError::Option { option: "weights", expected: EXPECTED };
        let sha256 = match sha256 {
            none if is_absent(none) => None,
            some => Some(Digest::parse(&some.as_string().unwrap_or_else(|| "?".to_owned()))?),
        };
        let location = if let Some(text) = weights.as_string() {
            match read_seed(&text) {
                Some(seed) => WeightsLocation::Seed(seed.map_err(|_| wrong)?),
                None if text == "bundled" => WeightsLocation::Bundled,
                None => WeightsLocation::Url(remote_file(&text)?),
            }
        } else if is_absent(weights) {
            WeightsLocation::Bundled
        } else if let Some(file) = weights.dyn_ref::<File>() {
            WeightsLocation::Blob(file.clone().into(), Some(file.name()))
        } else if let Some(blob) = weights.dyn_ref::<Blob>() {
            WeightsLocation::Blob(blob.clone(), None)
        } else if weights.is_instance_of::<ArrayBuffer>() || ArrayBuffer::is_view(weights) {
            let parts = Array::of1(weights);
            WeightsLocation::Blob(Blob::new_with_buffer_source_sequence(&parts).map_err(|_| wrong)?, None)
        } else {
            return Err(wrong);
        };
        Ok(Self { sha256, ..Self::at(location) })
    }

    /// Opens the tensors of `graph`, whatever its number of classes and its auxiliary classifiers. Their names and shapes are checked now; their values are read when needed.
    ///
    /// # Errors
    /// [`SessionError::Store`] if the file cannot be fetched, has another digest than expected, or `monitor` cancels;
    /// [`SessionError::Weights`] if it is not a checkpoint of this network, [`SessionError::Net`] if the step is chosen
    /// for a network that has none.
    pub(in crate::app) async fn open(
        self,
        graph: &Graph,
        monitor: &ProgressMonitor,
    ) -> Result<OpenedWeights, SessionError> {
        let name = self.location.name(graph);
        let transform_input = self.transform_input.unwrap_or_else(|| transforms_input(graph.name, &name));
        let graph = &graph.with_options(GraphOptions { transform_input, ..GraphOptions::default() })?;
        let known = match self.location {
            WeightsLocation::Bundled => bundled_digest(graph.name),
            _ => published_digest(graph.name, &name),
        };
        let is_own_file = matches!(self.location, WeightsLocation::Blob(..)) && self.sha256.is_none();
        let expected = self.sha256.or(known);
        monitor.check(&name)?;
        let (blob, mut origin) = match self.location {
            WeightsLocation::Seed(seed) => {
                let origin = WeightsOrigin { weights: write_seed(seed), ..WeightsOrigin::default() };
                let source = TensorSource::seeded(graph, seed);
                let sendable = SendableWeights::Seed(seed);
                return Ok(OpenedWeights { graph: graph.clone(), source, sendable, origin });
            }
            WeightsLocation::Url(mut file) => {
                file.sha256 = expected;
                let StoredFile { blob, sha256, was_stored } = store::download(&file, monitor).await?;
                let opened = TensorSource::open_fitted(graph, Box::new(BlobBytes(blob.clone()))).await;
                if let Err(WeightsError::Checkpoint(_)) = &opened {
                    // The file is not a checkpoint but, for example, an error page of the server.
                    store::forget(&file.url).await?;
                }
                let bytes = Some(blob.size() as u64);
                let origin =
                    WeightsOrigin { weights: file.url, bytes, sha256: Some(sha256), was_stored, only_named_so: false };
                let (graph, source) = opened?;
                return Ok(OpenedWeights { graph, source, sendable: SendableWeights::Blob(blob), origin });
            }
            WeightsLocation::Bundled => {
                let blob = fetch_bundled(graph, &name).await?;
                let bytes = Some(blob.size() as u64);
                (blob, WeightsOrigin { weights: "bundled".to_owned(), bytes, ..WeightsOrigin::default() })
            }
            WeightsLocation::Blob(blob, file) => {
                let bytes = Some(blob.size() as u64);
                let weights = file.unwrap_or_else(|| "blob".to_owned());
                (blob, WeightsOrigin { weights, bytes, ..WeightsOrigin::default() })
            }
        };
        if let Some(digest) = expected {
            match check_blob(&digest, &name, &blob, monitor).await {
                // Training programs save under the name of the file that they began with.
                Err(StoreError::Hash { .. }) if is_own_file => origin.only_named_so = true,
                checked => checked?,
            }
        }
        let (graph, source) = TensorSource::open_fitted(graph, Box::new(BlobBytes(blob.clone()))).await?;
        Ok(OpenedWeights { graph, source, sendable: SendableWeights::Blob(blob), origin })
    }
}

impl WeightsLocation {
    /// Returns the name in messages.
    fn name(&self, graph: &Graph) -> String {
        match self {
            Self::Bundled => format!("{}.safetensors", graph.name),
            Self::Seed(seed) => write_seed(*seed),
            Self::Url(file) => file_name(&file.url),
            Self::Blob(_, file) => file.clone().unwrap_or_else(|| "the file".to_owned()),
        }
    }
}

/// Fetches the file that ships for a network.
async fn fetch_bundled(graph: &Graph, name: &str) -> Result<Blob, SessionError> {
    let unreachable = |error: JsValue| StoreError::SiteUnreachable { reason: error_message(&error) };
    let response = fetch_response(&format!("weights/{name}")).await.map_err(unreachable)?;
    match response.status() {
        200 => {}
        404 => return Err(WeightsError::NotBundled { network: graph.name.to_owned() }.into()),
        status => return Err(StoreError::Status { name: name.to_owned(), status }.into()),
    }
    let blob = JsFuture::from(response.blob().map_err(unreachable)?).await.map_err(unreachable)?;
    Ok(blob.unchecked_into())
}
