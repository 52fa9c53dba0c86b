//! A network on the CPU, with one layer per node.

use candle_core::{Device, Tensor};

use super::CpuError;
use super::cutting::Cutting;
use super::layers::Layer;
use super::pass::{Kept, Pass};
use super::plan::{Keep, Wanted, plan};
use super::values::tensor;
use net::{AblationFactors, Graph, NodeId, Shape};
use weights::Weights;

/// A network on the CPU, with one layer per node. It runs one picture at a time.
#[derive(Debug)]
pub struct CpuNetwork {
    /// For each node its layer, the shape of its output, and the nodes it reads.
    pub(super) nodes: Vec<(Layer, Shape, Vec<NodeId>)>,
    graph: Graph,
}

impl CpuNetwork {
    /// Builds `graph` with a copy of `weights`.
    ///
    /// # Errors
    /// [`CpuError::Candle`] if a tensor cannot be made. Complete `weights` never cause it.
    pub fn new(graph: &Graph, weights: &Weights) -> Result<Self, CpuError> {
        Self::from_weights(graph, weights.clone())
    }

    /// Builds `graph` and takes over `weights`, so that they are in memory once.
    ///
    /// # Errors
    /// As [`CpuNetwork::new`].
    pub fn from_weights(graph: &Graph, weights: Weights) -> Result<Self, CpuError> {
        let mut tensors = weights
            .into_tensors()
            .map(|(name, array)| Ok((name, Tensor::from_vec(array.values, array.dims, &Device::Cpu)?)))
            .collect::<candle_core::Result<_>>()?;
        let nodes = graph
            .iter()
            .map(|(id, node)| Ok((Layer::new(graph, id, &mut tensors)?, node.shape, node.inputs.clone())))
            .collect::<candle_core::Result<_>>()?;
        Ok(Self { nodes, graph: graph.clone() })
    }

    /// Returns the graph that the network was built from.
    pub fn graph(&self) -> &Graph {
        &self.graph
    }

    /// Runs one picture through the network and returns the outputs of all nodes, indexed by [`NodeId`], in
    /// `[channels, height, width]` (or `[values]`) order.
    ///
    /// `input` is the preprocessed picture, `[channels, height, width]`.
    ///
    /// # Errors
    /// [`CpuError::Input`] if `input` does not have the network's size.
    pub fn pass(&self, input: &[f32]) -> Result<Vec<Vec<f32>>, CpuError> {
        self.cut_pass(input, &AblationFactors::default())
    }

    /// As [`CpuNetwork::pass`], with the ablations of `effects`: an ablated node has its scaled values.
    ///
    /// # Errors
    /// [`CpuError::Input`] if `input` does not have the network's size.
    pub fn cut_pass(&self, input: &[f32], effects: &AblationFactors) -> Result<Vec<Vec<f32>>, CpuError> {
        let nodes: Vec<NodeId> = self.graph.iter().map(|(id, _)| id).collect();
        self.outputs(input, &nodes, &Keep::All, effects)
    }

    /// Runs one picture through the network and returns the outputs of `nodes` only, in their order.
    ///
    /// Nodes that these do not need are not computed. Batch normalisation, addition and activation are fused with the
    /// layer before them where possible.
    ///
    /// # Errors
    /// [`CpuError::Input`] if `input` does not have the network's size.
    pub fn pass_to(&self, input: &[f32], nodes: &[NodeId]) -> Result<Vec<Vec<f32>>, CpuError> {
        self.cut_pass_to(input, nodes, &AblationFactors::default())
    }

    /// As [`CpuNetwork::pass_to`], with the ablations of `effects`.
    ///
    /// # Errors
    /// [`CpuError::Input`] if `input` does not have the network's size.
    pub fn cut_pass_to(
        &self,
        input: &[f32],
        nodes: &[NodeId],
        effects: &AblationFactors,
    ) -> Result<Vec<Vec<f32>>, CpuError> {
        self.outputs(input, nodes, &Keep::Nodes(nodes.to_vec()), effects)
    }

    /// Runs a pass that keeps the outputs `keep`, and returns the outputs of `nodes`.
    fn outputs(
        &self,
        input: &[f32],
        nodes: &[NodeId],
        keep: &Keep,
        effects: &AblationFactors,
    ) -> Result<Vec<Vec<f32>>, CpuError> {
        let mut pass = self.begin_cut(input.to_vec(), keep, effects, Kept::default())?;
        for step in &mut pass {
            step?;
        }
        Ok(nodes.iter().map(|&node| pass.output(node, <[f32]>::to_vec).unwrap_or_default()).collect())
    }

    /// Begins a pass that keeps the outputs `keep`.
    ///
    /// If `join` is true, nodes are fused where no output between them is kept. Fused outputs differ by rounding only.
    ///
    /// # Errors
    /// [`CpuError::Input`] if `input` does not have the network's size.
    pub fn begin(&self, input: Vec<f32>, keep: &Keep, join: bool) -> Result<Pass<'_>, CpuError> {
        self.start(input, keep, join, &AblationFactors::default(), Kept::default())
    }

    /// Begins a pass with the ablations of `effects` that keeps the outputs `keep`, with nodes fused where possible.
    ///
    /// Outputs of an earlier pass that are in `kept` are not computed again.
    ///
    /// # Errors
    /// [`CpuError::Input`] if `input` does not have the network's size.
    pub fn begin_cut(
        &self,
        input: Vec<f32>,
        keep: &Keep,
        effects: &AblationFactors,
        kept: Kept,
    ) -> Result<Pass<'_>, CpuError> {
        self.start(input, keep, true, effects, kept)
    }

    /// Plans a pass and applies the ablations of the input.
    fn start(
        &self,
        input: Vec<f32>,
        keep: &Keep,
        join: bool,
        effects: &AblationFactors,
        kept: Kept,
    ) -> Result<Pass<'_>, CpuError> {
        let shape = self.graph.input.shape;
        if input.len() != shape.elements() {
            return Err(CpuError::Input { expected: shape.elements(), got: input.len() });
        }
        let cutting = Cutting::new(self, effects)?;
        let steps = plan(&self.graph, &Wanted { keep, join, effects, there: &|node| kept.has(node) });
        let input = cutting.finish(NodeId(0), tensor(input, shape)?)?;
        Ok(Pass::new(self, steps, cutting, kept.with(&self.graph, input)))
    }
}
