//! Trained networks for lessons: the weights that ship, run by the CPU engine in a worker.

use std::cell::RefCell;
use std::rc::Rc;

use crate::app::fetch::{fetch, fetch_blob};
use crate::app::photo::{PhotoError, pictures};
use crate::app::worker::{CpuWorker, Parcel, WorkerError};
use input::{DigitPack, InputError, Photo, to_field};
use messages::{Explain, Message, message};
use net::{Graph, InputKind, NetError, NodeId, Shape, network};
use weights::{Array, BlobBytes, TensorSource, WeightsError};

/// Where the digits lie.
const DIGITS: &str = "/digits/mnist-test-300.bin";

/// Why a lesson's network gives nothing.
#[derive(Debug, Clone)]
pub(super) enum LessonError {
    /// A file of the page's own did not arrive.
    Missing {
        /// Which.
        file: String,
        /// What the browser says.
        reason: String,
    },
    /// There is no such network or layer.
    Net(NetError),
    /// The worker gives no answer.
    Worker(WorkerError),
    /// The picture is none that the network takes.
    Input(InputError),
    /// The weights are not the network's.
    Weights(WeightsError),
    /// There is no such tensor.
    NoTensor {
        /// The network.
        network: &'static str,
        /// What was asked for.
        name: String,
    },
    /// There is no such picture.
    NoPicture {
        /// Its number.
        index: usize,
    },
    /// A network is not what the lesson shows of it.
    Unlike {
        /// Which.
        network: &'static str,
    },
    /// Anything else that a layer refuses, in its own words.
    Layer(String),
}

impl Explain for LessonError {
    fn message(&self) -> Message {
        match self {
            Self::Missing { file, reason } => message!("lesson.missing", file, reason),
            Self::Net(error) => error.message(),
            Self::Worker(error) => error.message(),
            Self::Input(error) => error.message(),
            Self::Weights(error) => error.message(),
            Self::NoTensor { network, name } => message!("lesson.no_tensor", network, name),
            Self::NoPicture { index } => message!("lesson.no_picture", index),
            Self::Unlike { network } => message!("lesson.unlike", network),
            Self::Layer(reason) => Message::from(reason),
        }
    }
}

impl From<NetError> for LessonError {
    fn from(error: NetError) -> Self {
        Self::Net(error)
    }
}

impl From<WorkerError> for LessonError {
    fn from(error: WorkerError) -> Self {
        Self::Worker(error)
    }
}

impl From<InputError> for LessonError {
    fn from(error: InputError) -> Self {
        Self::Input(error)
    }
}

impl From<WeightsError> for LessonError {
    fn from(error: WeightsError) -> Self {
        Self::Weights(error)
    }
}

/// A network with the weights that ship for it.
pub(super) struct Trained {
    pub(super) graph: Graph,
    source: TensorSource,
    worker: CpuWorker,
}

thread_local! {
    /// Those that lessons have opened, by name; a worker ends when the page does, or when others take its place.
    static OPEN: RefCell<Vec<Rc<Trained>>> = const { RefCell::new(Vec::new()) };
    /// The test digits.
    static KEPT: RefCell<Option<Rc<DigitPack>>> = const { RefCell::new(None) };
}

/// As many networks are kept at once: a lesson compares four at most.
const MOST_OPEN: usize = 4;

impl Trained {
    /// The network called `name`, opened when it is first asked for.
    ///
    /// # Errors
    /// [`LessonError`].
    pub(super) async fn open(name: &'static str) -> Result<Rc<Self>, LessonError> {
        if let Some(open) = OPEN.with_borrow(|open| open.iter().find(|one| one.graph.name == name).cloned()) {
            return Ok(open);
        }
        let graph = network(name)?;
        let file = format!("/weights/{name}.safetensors");
        let blob = fetch_blob(&file).await.map_err(|reason| LessonError::Missing { file, reason })?;
        let source = TensorSource::open(&graph, Box::new(BlobBytes(blob.clone()))).await?;
        let worker = CpuWorker::start(name, Parcel::Blob(blob), None).await?;
        let opened = Rc::new(Self { graph, source, worker });
        OPEN.with_borrow_mut(|open| {
            // It may have been opened twice at once.
            open.retain(|one| one.graph.name != name);
            open.push(Rc::clone(&opened));
            if open.len() > MOST_OPEN {
                open.remove(0);
            }
        });
        Ok(opened)
    }

    /// The outputs of the layers called `names` for `input` (CHW), with `cuts` as `Ablations::read` takes them.
    ///
    /// # Errors
    /// [`LessonError`].
    pub(super) async fn pass(&self, input: &[f32], names: &[&str], cuts: &str) -> Result<Vec<Vec<f32>>, LessonError> {
        let nodes = names.iter().map(|name| self.graph.find(name)).collect::<Result<Vec<NodeId>, _>>()?;
        let outcome = self.worker.beside(input, nodes, cuts)?.finish(None, &|_| {}).await?;
        Ok(outcome.outputs)
    }

    /// A tensor by its full name.
    ///
    /// # Errors
    /// [`LessonError::Weights`] where it cannot be read.
    pub(super) async fn tensor(&self, name: &str) -> Result<Array, LessonError> {
        let dims = self.source.tensors().find(|(known, _)| *known == name).map(|(_, dims)| dims.to_vec());
        let dims = dims.ok_or_else(|| LessonError::NoTensor { network: self.graph.name, name: name.to_owned() })?;
        let rows = dims.first().copied().unwrap_or(1);
        let values = self.source.load_rows(name, 0..rows).await?;
        Ok(Array { dims, values })
    }
}

/// What a picture shows, and what a network takes of it.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Example {
    /// The number of its class.
    pub(super) class: usize,
    /// As people see it.
    pub(super) photo: Photo,
    /// CHW, as the network takes it.
    pub(super) input: Vec<f32>,
}

fn missing(file: &str, reason: String) -> LessonError {
    LessonError::Missing { file: file.to_owned(), reason }
}

/// The test digits, fetched when the first of them is asked for.
async fn digits() -> Result<Rc<DigitPack>, LessonError> {
    if let Some(kept) = KEPT.with_borrow(Clone::clone) {
        return Ok(kept);
    }
    let bytes = fetch(DIGITS).await.map_err(|reason| missing(DIGITS, reason))?;
    let pack = Rc::new(DigitPack::read(&bytes)?);
    KEPT.replace(Some(Rc::clone(&pack)));
    Ok(pack)
}

/// Test picture number `index` for `graph`: a digit, or one of CIFAR-10's pictures.
///
/// # Errors
/// [`LessonError`] where it did not arrive.
pub(super) async fn example(graph: &Graph, index: usize) -> Result<Example, LessonError> {
    let gone = || LessonError::NoPicture { index };
    if let InputKind::Digit { .. } = graph.input.kind {
        let pack = digits().await?;
        let (digit, label) = pack.digit(index).zip(pack.label(index)).ok_or_else(gone)?;
        let grey = digit.iter().flat_map(|&ink| [(ink * 255.0).round() as u8; 3]).collect();
        let side = input::DIGIT_SIDE;
        let photo = Photo::new(side, side, grey).ok_or_else(gone)?;
        return Ok(Example { class: usize::from(label), photo, input: to_field(&digit, graph.input.kind) });
    }
    let pack = pictures().await.map_err(|error| match error {
        PhotoError::Input(error) => error.into(),
        PhotoError::NoPictures { reason } => missing("pictures", reason),
        // Pictures of one file fail in no other way.
        _ => gone(),
    })?;
    let (photo, class) = pack.photo(index).zip(pack.label(index)).ok_or_else(gone)?;
    let input = photo.prepare(graph)?.input(graph).ok_or_else(gone)?;
    Ok(Example { class, photo, input })
}

/// Test picture number `index`, and what the layer called `layer` of the network called `network` gives for it: CHW, with
/// its shape.
///
/// # Errors
/// [`LessonError`].
pub(super) async fn layer_for(
    network: &'static str,
    layer: &str,
    index: usize,
) -> Result<(Example, Vec<f32>, Shape), LessonError> {
    let network = Trained::open(network).await?;
    let example = example(&network.graph, index).await?;
    let values = network.pass(&example.input, &[layer], "").await?.pop().unwrap_or_default();
    let shape = network.graph.node(network.graph.find(layer)?).shape;
    Ok((example, values, shape))
}
