//! A network on the CPU, with one layer per node.

use candle_core::{Device, Tensor};

use super::ablation::CpuAblation;
use super::error::CpuError;
use super::layers::{Layer, LayerNode};
use super::pass::{CpuPass, PassOutputs};
use super::plan::{PlanRequest, plan};
use super::values::tensor;
use crate::KeptOutputs;
use net::{AblationFactors, Graph, NodeId};
use weights::Weights;

/// A network on the CPU, with one layer per node. It runs one picture at a time.
#[derive(Debug)]
pub struct CpuNetwork {
    nodes: Vec<LayerNode>,
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
            .map(|(id, node)| {
                let layer = Layer::new(graph, id, &mut tensors)?;
                Ok(LayerNode { layer, shape: node.shape, inputs: node.inputs.clone() })
            })
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
        self.ablated_pass(input, &AblationFactors::default())
    }

    /// As [`CpuNetwork::pass`], with the ablations of `effects`: an ablated node has its scaled values.
    ///
    /// # Errors
    /// [`CpuError::Input`] if `input` does not have the network's size.
    pub fn ablated_pass(&self, input: &[f32], effects: &AblationFactors) -> Result<Vec<Vec<f32>>, CpuError> {
        let nodes: Vec<NodeId> = self.graph.iter().map(|(id, _)| id).collect();
        self.outputs(input, &nodes, &KeptOutputs::All, effects)
    }

    /// Runs one picture through the network and returns the outputs of `nodes` only, in their order.
    ///
    /// Nodes that these do not need are not computed. Batch normalisation, addition and activation are fused with the
    /// layer before them where possible.
    ///
    /// # Errors
    /// [`CpuError::Input`] if `input` does not have the network's size.
    pub fn pass_to(&self, input: &[f32], nodes: &[NodeId]) -> Result<Vec<Vec<f32>>, CpuError> {
        self.ablated_pass_to(input, nodes, &AblationFactors::default())
    }

    /// As [`CpuNetwork::pass_to`], with the ablations of `effects`.
    ///
    /// # Errors
    /// [`CpuError::Input`] if `input` does not have the network's size.
    pub fn ablated_pass_to(
        &self,
        input: &[f32],
        nodes: &[NodeId],
        effects: &AblationFactors,
    ) -> Result<Vec<Vec<f32>>, CpuError> {
        self.outputs(input, nodes, &KeptOutputs::Nodes(nodes.to_vec()), effects)
    }

    /// Runs a pass that keeps the outputs `keep`, and returns the outputs of `nodes`.
    fn outputs(
        &self,
        input: &[f32],
        nodes: &[NodeId],
        keep: &KeptOutputs,
        effects: &AblationFactors,
    ) -> Result<Vec<Vec<f32>>, CpuError> {
        let mut pass = self.begin_ablated(input.to_vec(), keep, effects, PassOutputs::default())?;
        for step in &mut pass {
            step?;
        }
        Ok(nodes.iter().map(|&node| pass.output(node, <[f32]>::to_vec).unwrap_or_default()).collect())
    }

    /// Begins a pass that keeps the outputs `keep`.
    ///
    /// If `fuse` is true, nodes are fused where no output between them is kept. Fused outputs differ by rounding only.
    ///
    /// # Errors
    /// [`CpuError::Input`] if `input` does not have the network's size.
    pub fn begin(&self, input: Vec<f32>, keep: &KeptOutputs, fuse: bool) -> Result<CpuPass<'_>, CpuError> {
        self.start(input, keep, fuse, &AblationFactors::default(), PassOutputs::default())
    }

    /// Begins a pass with the ablations of `effects` that keeps the outputs `keep`, with nodes fused where possible.
    ///
    /// Outputs of an earlier pass that are in `kept` are not computed again.
    ///
    /// # Errors
    /// [`CpuError::Input`] if `input` does not have the network's size.
    pub fn begin_ablated(
        &self,
        input: Vec<f32>,
        keep: &KeptOutputs,
        effects: &AblationFactors,
        kept: PassOutputs,
    ) -> Result<CpuPass<'_>, CpuError> {
        self.start(input, keep, true, effects, kept)
    }

    /// Plans a pass and applies the ablations of the input.
    fn start(
        &self,
        input: Vec<f32>,
        keep: &KeptOutputs,
        fuse: bool,
        effects: &AblationFactors,
        kept: PassOutputs,
    ) -> Result<CpuPass<'_>, CpuError> {
        let shape = self.graph.input.shape;
        if input.len() != shape.elements() {
            return Err(CpuError::Input { expected: shape.elements(), got: input.len() });
        }
        let ablation = CpuAblation::new(&self.nodes, effects)?;
        let steps = plan(&self.graph, &PlanRequest { keep, fuse, effects, exists: &|node| kept.has(node) });
        let input = ablation.scale_output(NodeId(0), tensor(input, shape)?)?;
        Ok(CpuPass::new(&self.nodes, steps, ablation, kept.with(&self.graph, input)))
    }
}
