//! Where weights come from: those that a script names, and those that a person chooses for the network on the page.

use js_sys::{Array, ArrayBuffer};
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;
use web_sys::{Blob, File, Response};

use super::SessionError;
use crate::app::store::{self, Digest, Kept, StoreError, Wanted, Watch, file_name, message};
use crate::app::worker::Parcel;
use net::Graph;
use weights::{BlobBytes, TensorSource, WeightsError, read_seed, write_seed};

const EXPECTED: &str = "'bundled', 'seed:N', a URL, a File, a Blob or an ArrayBuffer";

/// Weights as a script names them or a person chooses them.
#[derive(Debug)]
pub(in crate::app) struct Source {
    from: Place,
    /// The hash that the script knows.
    sha256: Option<Digest>,
}

#[derive(Debug)]
enum Place {
    Bundled,
    Seed(u64),
    Url(Wanted),
    /// With the name of the file, if it has one.
    Blob(Blob, Option<String>),
}

/// Where weights came from, for the script.
#[derive(Debug, Default)]
pub(in crate::app) struct Origin {
    /// `bundled`, `seed:N`, a URL, or a file's name.
    pub(in crate::app) weights: String,
    /// Bytes of the file; none where there is none.
    pub(in crate::app) bytes: Option<u64>,
    /// Its SHA-256, where it was made.
    pub(in crate::app) sha256: Option<String>,
    /// Whether it was kept from an earlier download.
    pub(in crate::app) kept: bool,
}

/// Weights that are ready to be read.
pub(in crate::app) struct Opened {
    pub(in crate::app) source: TensorSource,
    /// The same, as a worker takes them.
    pub(in crate::app) parcel: Parcel,
    pub(in crate::app) origin: Origin,
}

impl Source {
    /// The file that ships with the page.
    pub(in crate::app) fn bundled() -> Self {
        Self { from: Place::Bundled, sha256: None }
    }

    /// The file at `url`, an address that may be relative to the page's. What is known of a published file's hash is
    /// held against it when it is opened.
    ///
    /// # Errors
    /// [`StoreError::Address`] where that is no http or https address.
    pub(in crate::app) fn url(url: &str) -> Result<Self, StoreError> {
        Ok(Self { from: Place::Url(Wanted::at(url)?), sha256: None })
    }

    /// A file that a person opened.
    pub(in crate::app) fn file(file: &File) -> Self {
        Self { from: Place::Blob(file.clone().into(), Some(file.name())), sha256: None }
    }

    /// The values of `seed:N`.
    pub(in crate::app) fn seed(seed: u64) -> Self {
        Self { from: Place::Seed(seed), sha256: None }
    }

    /// What a script gave as `weights` and `sha256`.
    ///
    /// # Errors
    /// [`SessionError::Option`] where it is none of what is taken, [`StoreError::Address`], [`StoreError::NoDigest`].
    pub(in crate::app) fn read(weights: &JsValue, sha256: &JsValue) -> Result<Self, SessionError> {
        let wrong = SessionError::Option { option: "weights", expected: EXPECTED };
        let sha256 = match sha256 {
            none if none.is_undefined() || none.is_null() => None,
            some => Some(Digest::read(&some.as_string().unwrap_or_else(|| "?".to_owned()))?),
        };
        let from = if let Some(text) = weights.as_string() {
            match read_seed(&text) {
                Some(seed) => Place::Seed(seed.map_err(|_| wrong)?),
                None if text == "bundled" => Place::Bundled,
                None => Place::Url(Wanted::at(&text)?),
            }
        } else if weights.is_undefined() || weights.is_null() {
            Place::Bundled
        } else if let Some(file) = weights.dyn_ref::<File>() {
            Place::Blob(file.clone().into(), Some(file.name()))
        } else if let Some(blob) = weights.dyn_ref::<Blob>() {
            Place::Blob(blob.clone(), None)
        } else if weights.is_instance_of::<ArrayBuffer>() || ArrayBuffer::is_view(weights) {
            let parts = Array::of1(weights);
            Place::Blob(Blob::new_with_buffer_source_sequence(&parts).map_err(|_| wrong)?, None)
        } else {
            return Err(wrong);
        };
        Ok(Self { from, sha256 })
    }

    /// The tensors of `graph`, to be read when they are needed; all of them are held against the graph's now.
    ///
    /// # Errors
    /// [`SessionError::Store`] where the file does not arrive, is another than the one that is known by that name, or
    /// `watch` stops it; [`SessionError::Weights`] where it is no checkpoint, or one of another network.
    pub(in crate::app) async fn open(self, graph: &Graph, watch: &Watch) -> Result<Opened, SessionError> {
        let name = self.from.name(graph);
        let known = match self.from {
            Place::Bundled => Digest::shipped(graph.name),
            _ => Digest::known(graph.name, &name),
        };
        let expected = self.sha256.or(known);
        watch.check(&name)?;
        let (blob, origin) = match self.from {
            Place::Seed(seed) => {
                let origin = Origin { weights: write_seed(seed), ..Origin::default() };
                let source = TensorSource::seeded(graph, seed);
                return Ok(Opened { source, parcel: Parcel::Seed(seed), origin });
            }
            Place::Url(mut wanted) => {
                wanted.sha256 = expected;
                let Kept { blob, sha256, before } = store::download(&wanted, watch).await?;
                let opened = TensorSource::open(graph, Box::new(BlobBytes(blob.clone()))).await;
                if let Err(WeightsError::Checkpoint(_)) = &opened {
                    // No checkpoint, but a page of the server's, say: it is of no use to anyone.
                    store::forget(&wanted.url).await?;
                }
                let bytes = Some(blob.size() as u64);
                let origin = Origin { weights: wanted.url, bytes, sha256: Some(sha256), kept: before };
                return Ok(Opened { source: opened?, parcel: Parcel::Blob(blob), origin });
            }
            Place::Bundled => {
                let blob = bundled(graph, &name).await?;
                let bytes = Some(blob.size() as u64);
                (blob, Origin { weights: "bundled".to_owned(), bytes, ..Origin::default() })
            }
            Place::Blob(blob, file) => {
                let bytes = Some(blob.size() as u64);
                let weights = file.unwrap_or_else(|| "blob".to_owned());
                (blob, Origin { weights, bytes, ..Origin::default() })
            }
        };
        if let Some(digest) = expected {
            digest.check_blob(&name, &blob, watch).await?;
        }
        let source = TensorSource::open(graph, Box::new(BlobBytes(blob.clone()))).await?;
        Ok(Opened { source, parcel: Parcel::Blob(blob), origin })
    }
}

impl Place {
    /// What it is called in messages.
    fn name(&self, graph: &Graph) -> String {
        match self {
            Self::Bundled => format!("{}.safetensors", graph.name),
            Self::Seed(seed) => write_seed(*seed),
            Self::Url(wanted) => file_name(&wanted.url),
            Self::Blob(_, file) => file.clone().unwrap_or_else(|| "the file".to_owned()),
        }
    }
}

/// The file that ships with the page.
async fn bundled(graph: &Graph, name: &str) -> Result<Blob, SessionError> {
    let unreachable = |error: JsValue| StoreError::SiteUnreachable { reason: message(&error) };
    let response = JsFuture::from(leptos::prelude::window().fetch_with_str(&format!("weights/{name}"))).await;
    let response: Response = response.map_err(unreachable)?.unchecked_into();
    match response.status() {
        200 => {}
        404 => return Err(WeightsError::NotBundled { network: graph.name.to_owned() }.into()),
        status => return Err(StoreError::Status { name: name.to_owned(), status }.into()),
    }
    let blob = JsFuture::from(response.blob().map_err(unreachable)?).await.map_err(unreachable)?;
    Ok(blob.unchecked_into())
}
