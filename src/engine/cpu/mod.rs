//! The CPU engine: candle layers built from a graph, which run a picture, a batch, or a training step.

mod layers;
mod ops;
#[cfg(test)]
mod tests;
mod windows;

use std::collections::HashMap;

use candle_core::{DType, Device, Tensor};
use candle_nn::VarBuilder;

use crate::net::{Graph, NodeId};
use crate::weights::Weights;
use layers::Layer;

/// What can go wrong on the CPU.
#[derive(Debug, thiserror::Error)]
pub enum CpuError {
    /// The input is not of the network's size.
    #[error("the input has {got} values, and the network takes {expected}")]
    Input {
        /// The values that one picture has.
        expected: usize,
        /// What was given.
        got: usize,
    },
    /// candle refused an operation.
    #[error("the CPU engine could not compute this ({0})")]
    Candle(#[from] candle_core::Error),
}

/// A network built for the CPU: one layer a node.
#[derive(Debug)]
pub struct CpuNetwork {
    /// The layer of each node (`None` for the input), with the places of the nodes it reads.
    layers: Vec<(Option<Layer>, Vec<usize>)>,
    input_values: usize,
    logits: NodeId,
}

impl CpuNetwork {
    /// Builds `graph` with fixed weights.
    ///
    /// # Errors
    /// [`CpuError::Candle`] where a tensor cannot be made; `Weights` that are complete never cause it.
    pub fn new(graph: &Graph, weights: &Weights) -> Result<Self, CpuError> {
        let tensors = weights
            .iter()
            .map(|(name, array)| {
                let tensor = Tensor::from_slice(&array.values, array.dims.as_slice(), &Device::Cpu)?;
                Ok((name.to_owned(), tensor))
            })
            .collect::<candle_core::Result<HashMap<_, _>>>()?;
        Self::from_vars(graph, &VarBuilder::from_tensors(tensors, DType::F32, &Device::Cpu))
    }

    /// Builds `graph` with the tensors of `vars`, by the names that [`Graph::all_tensors`] gives: those that are
    /// candle variables can be trained.
    ///
    /// # Errors
    /// [`CpuError::Candle`] where a tensor is missing or of the wrong shape.
    pub fn from_vars(graph: &Graph, vars: &VarBuilder<'_>) -> Result<Self, CpuError> {
        let layers = graph
            .iter()
            .map(|(id, node)| {
                let inputs = node.inputs.iter().map(|input| input.0).collect();
                Ok((Layer::new(graph, id, vars)?, inputs))
            })
            .collect::<candle_core::Result<_>>()?;
        Ok(Self { layers, input_values: graph.input.shape.elements(), logits: graph.logits })
    }

    /// One picture through the network: every node's values, by [`NodeId`], in CHW (or N) order.
    ///
    /// `input` is the picture as the network takes it, CHW.
    ///
    /// # Errors
    /// [`CpuError::Input`] where `input` is not of the network's size.
    pub fn pass(&self, input: &[f32]) -> Result<Vec<Vec<f32>>, CpuError> {
        if input.len() != self.input_values {
            return Err(CpuError::Input { expected: self.input_values, got: input.len() });
        }
        // A column of one: batch-last layout and CHW are the same here.
        let x = Tensor::from_slice(input, (input.len(), 1), &Device::Cpu)?;
        let outputs = self.run(&x, self.layers.len())?;
        Ok(outputs.iter().map(|output| output.flatten_all()?.to_vec1()).collect::<candle_core::Result<_>>()?)
    }

    /// The scores of a batch: `[classes, batch]` for pictures of `[values, batch]`, values in CHW order.
    ///
    /// # Errors
    /// [`CpuError::Input`] where a picture is not of the network's size.
    pub fn scores(&self, x: &Tensor) -> Result<Tensor, CpuError> {
        let got = x.dim(0)?;
        if got != self.input_values {
            return Err(CpuError::Input { expected: self.input_values, got });
        }
        let mut outputs = self.run(x, self.logits.0 + 1)?;
        Ok(outputs.swap_remove(self.logits.0))
    }

    /// The outputs of the first `count` nodes.
    fn run(&self, x: &Tensor, count: usize) -> candle_core::Result<Vec<Tensor>> {
        let mut outputs: Vec<Tensor> = Vec::with_capacity(count);
        for (layer, inputs) in &self.layers[..count] {
            let output = match layer {
                None => x.clone(),
                Some(layer) => {
                    let inputs: Vec<&Tensor> = inputs.iter().map(|&input| &outputs[input]).collect();
                    layer.forward(&inputs)?
                }
            };
            outputs.push(output);
        }
        Ok(outputs)
    }
}
