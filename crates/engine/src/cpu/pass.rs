//! A forward pass on the CPU, one step at a time.

use candle_core::Tensor;

use super::ablation::CpuAblation;
use super::epilogue::AffineActivation;
use super::error::CpuError;
use super::layers::LayerNode;
use super::plan::PassStep;
use super::values::TensorValues;
use net::{Graph, NodeId};

/// A running pass. It is an iterator over its steps, and each call of `next` runs one step. Drop it to stop the pass.
#[derive(Debug)]
pub struct CpuPass<'a> {
    nodes: &'a [LayerNode],
    steps: Vec<PassStep>,
    at: usize,
    ablation: CpuAblation,
    outputs: Vec<Option<Tensor>>,
}

/// The outputs that a pass has left, by node.
#[derive(Debug, Clone, Default)]
pub struct PassOutputs(Vec<Option<Tensor>>);

impl PassOutputs {
    /// Returns these outputs without those of `stale` nodes. `stale` has one flag per node.
    #[must_use]
    pub fn without(mut self, stale: &[bool]) -> Self {
        self.0.iter_mut().zip(stale).filter(|(_, stale)| **stale).for_each(|(output, _)| *output = None);
        self
    }

    /// Returns whether the output of a node exists.
    pub(super) fn has(&self, node: NodeId) -> bool {
        self.0.get(node.0).is_some_and(Option::is_some)
    }

    /// Returns these outputs with `input` for the pass that is about to begin.
    pub(super) fn with(mut self, graph: &Graph, input: Tensor) -> Self {
        self.0.resize(graph.nodes.len(), None);
        self.0[0] = Some(input);
        self
    }
}

impl<'a> CpuPass<'a> {
    /// Begins a pass with the given steps and outputs.
    pub(super) fn new(nodes: &'a [LayerNode], steps: Vec<PassStep>, ablation: CpuAblation, kept: PassOutputs) -> Self {
        Self { nodes, steps, at: 0, ablation, outputs: kept.0 }
    }

    /// Ends the pass and returns its outputs, so that another pass can reuse them.
    pub fn into_outputs(self) -> PassOutputs {
        PassOutputs(self.outputs)
    }

    /// Returns the step that runs next, or `None` at the end.
    pub fn upcoming(&self) -> Option<&PassStep> {
        self.steps.get(self.at)
    }

    /// Calls `read` with the output of a node, in `[channels, height, width]` (or `[values]`) order, and returns its
    /// result.
    ///
    /// Returns `None` if the output is not computed yet or not kept.
    pub fn output<R>(&self, node: NodeId, read: impl FnOnce(&[f32]) -> R) -> Option<R> {
        let tensor = self.outputs.get(node.0)?.as_ref()?;
        TensorValues::of(tensor).ok().map(|values| read(values.slice()))
    }

    /// Runs the step at `self.at` and returns the node whose output it computed.
    fn run(&mut self) -> candle_core::Result<NodeId> {
        let step = &self.steps[self.at];
        let LayerNode { layer, shape, inputs } = &self.nodes[step.first.0];
        let layer = self.ablation.layer(step.first).unwrap_or(layer);
        let find = |node: NodeId| match &self.outputs[node.0] {
            Some(tensor) => Ok(tensor),
            None => candle_core::bail!("the output of node {} is gone", node.0),
        };
        let output = if inputs.is_empty() {
            find(step.first)?.clone()
        } else {
            let scaled = self.ablation.summands(step.first, inputs, find)?;
            let inputs = match &scaled {
                Some(scaled) => scaled.iter().collect(),
                None => inputs.iter().map(|&input| find(input)).collect::<candle_core::Result<Vec<_>>>()?,
            };
            let mut affine = layer.affine().unwrap_or(AffineActivation::NONE);
            for &next in &step.fused {
                if let Some(next) = self.nodes[next.0].layer.affine() {
                    affine = affine.then(&next);
                }
            }
            let summand = match &scaled {
                Some(scaled) => scaled.get(1),
                None => step.summand.map(find).transpose()?,
            };
            layer.forward(&inputs, *shape, (&affine, summand))?
        };
        let last = step.last();
        // The input was already scaled when the pass began.
        let output = if inputs.is_empty() { output } else { self.ablation.scale_output(last, output)? };
        for last_reads in &self.steps[self.at].last_reads {
            self.outputs[last_reads.0] = None;
        }
        self.outputs[last.0] = Some(output);
        Ok(last)
    }
}

/// Each item is the node whose output was computed.
impl Iterator for CpuPass<'_> {
    type Item = Result<NodeId, CpuError>;

    fn next(&mut self) -> Option<Self::Item> {
        if self.at >= self.steps.len() {
            return None;
        }
        let ran = self.run();
        // A failure ends the pass.
        self.at = if ran.is_ok() { self.at + 1 } else { self.steps.len() };
        Some(ran.map_err(CpuError::from))
    }

    fn size_hint(&self) -> (usize, Option<usize>) {
        let left = self.steps.len() - self.at;
        (0, Some(left))
    }
}
