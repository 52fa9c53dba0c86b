//! Trained networks for the lessons: the shipped weights, run by the CPU engine in a worker.

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
    /// The networks that lessons have opened. A worker ends when its network leaves the list.
    static OPEN_NETWORKS: RefCell<Vec<Rc<TrainedNetwork>>> = const { RefCell::new(Vec::new()) };
}

/// The most networks kept open: a lesson compares four at most.
const MAX_OPEN: usize = 4;

impl TrainedNetwork {
    /// Opens a network, or returns it if it is open already.
    ///
    /// # Errors
    /// [`LessonError`] if the weights do not load or the worker does not start.
    pub(super) async fn open(name: &'static str) -> Result<Rc<Self>, LessonError> {
        if let Some(open) = OPEN_NETWORKS.with_borrow(|open| open.iter().find(|one| one.graph.name == name).cloned()) {
            return Ok(open);
        }
        let graph = network(name)?;
        let file = format!("/weights/{name}.safetensors");
        let blob = fetch_blob(&file).await.map_err(|reason| LessonError::Missing { file, reason })?;
        let source = TensorSource::open(&graph, Box::new(BlobBytes(blob.clone()))).await?;
        let worker = CpuWorker::start(name, Parcel::Blob(blob), None).await?;
        let opened = Rc::new(Self { graph, source, worker });
        OPEN_NETWORKS.with_borrow_mut(|open| {
            // Two callers may have opened it at once.
            open.retain(|one| one.graph.name != name);
            open.push(Rc::clone(&opened));
            if open.len() > MAX_OPEN {
                open.remove(0);
            }
        });
        Ok(opened)
    }

    /// Returns the outputs of the layers `names` for `input` (`[channels, height, width]`). `cuts` lists ablations as
    /// `Ablations::read` takes them.
    ///
    /// # Errors
    /// [`LessonError`] if a layer is unknown or the worker fails.
    pub(super) async fn pass(&self, input: &[f32], names: &[&str], cuts: &str) -> Result<Vec<Vec<f32>>, LessonError> {
        let nodes = names.iter().map(|name| self.graph.find(name)).collect::<Result<Vec<NodeId>, _>>()?;
        let outcome = self.worker.beside(input, nodes, cuts)?.finish(None, &|_| {}).await?;
        Ok(outcome.outputs)
    }

    /// Reads a tensor by its full name.
    ///
    /// # Errors
    /// [`LessonError::Weights`] if it cannot be read, [`LessonError::NoTensor`] if no tensor has this name.
    pub(super) async fn tensor(&self, name: &str) -> Result<Array, LessonError> {
        let dims = self.source.tensors().find(|(known, _)| *known == name).map(|(_, dims)| dims.to_vec());
        let dims = dims.ok_or_else(|| LessonError::NoTensor { network: self.graph.name, name: name.to_owned() })?;
        let rows = dims.first().copied().unwrap_or(1);
        let values = self.source.load_rows(name, 0..rows).await?;
        Ok(Array { dims, values })
    }
}
