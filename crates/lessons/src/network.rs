//! Trained networks for the lessons: the shipped weights, run by the CPU engine in a worker.

use std::cell::RefCell;
use std::rc::Rc;

use super::error::LessonError;
use engine::{Engine as _, PassRequest};
use layerscope::app::browser::fetch::fetch_blob;
use layerscope::app::worker::{CpuWorker, SendableWeights};
use net::{Ablations, Graph, NodeId, network};
use weights::{Array, BlobBytes, TensorSource};

/// A network with its shipped weights.
pub(super) struct TrainedNetwork {
    pub(super) graph: Graph,
    source: TensorSource,
    engine: RefCell<CpuWorker>,
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
        let file = format!("weights/{name}.safetensors");
        let blob = fetch_blob(&file).await.map_err(|reason| LessonError::Missing { file, reason })?;
        let source = TensorSource::open(&graph, Box::new(BlobBytes(blob.clone()))).await?;
        let engine = RefCell::new(CpuWorker::start(&graph, SendableWeights::Blob(blob), None).await?);
        let opened = Rc::new(Self { graph, source, engine });
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

    /// Returns the outputs of the layers `names` for `input` (`[channels, height, width]`). `ablations` lists ablations
    /// as
    /// `Ablations::read` takes them.
    ///
    /// # Errors
    /// [`LessonError`] if a layer is unknown or the worker fails.
    pub(super) async fn pass(
        &self,
        input: &[f32],
        names: &[&str],
        ablations: &str,
    ) -> Result<Vec<Vec<f32>>, LessonError> {
        let nodes = names.iter().map(|name| self.graph.find(name)).collect::<Result<Vec<NodeId>, _>>()?;
        let effects = Ablations::read(&self.graph, ablations)?.effects(&self.graph);
        let request = PassRequest { input, nodes: &nodes, effects: &effects, timed: false };
        let pending = self.engine.borrow_mut().begin(&request)?;
        Ok(pending.await?.outputs)
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
