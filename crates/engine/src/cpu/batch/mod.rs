//! Batches and training: layers that candle can differentiate, values as `[values, batch]`.

mod layers;
mod ops;
mod windows;

use std::collections::HashMap;

use candle_core::{DType, Device, Tensor};
use candle_nn::VarBuilder;

use super::CpuError;
use layers::Layer;
use net::{Graph, NodeId};
use weights::Weights;

/// A network for batches and for training: one layer a node.
#[derive(Debug)]
pub struct BatchNetwork {
    /// The layer of each node (`None` for the input), with the places of the nodes it reads.
    layers: Vec<(Option<Layer>, Vec<usize>)>,
    input_values: usize,
    logits: NodeId,
}

impl BatchNetwork {
    /// Builds `graph` with fixed weights.
    ///
    /// # Errors
    /// [`CpuError::Candle`] where an operation is not among those that can be trained (LeNet-5's); `Weights` that are
    /// complete cause no other.
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
    /// [`CpuError::Candle`] where a tensor is missing or of the wrong shape, or an operation cannot be trained.
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

    /// The scores of a batch: `[classes, batch]` for pictures of `[values, batch]`, values in CHW order.
    ///
    /// # Errors
    /// [`CpuError::Input`] where a picture is not of the network's size.
    pub fn scores(&self, x: &Tensor) -> Result<Tensor, CpuError> {
        self.scores_where(x, |_, _| Ok(None))
    }

    /// The scores as [`BatchNetwork::scores`] gives them, where what `instead` makes of a node's inputs stands for what its
    /// layer gives.
    ///
    /// # Errors
    /// As [`BatchNetwork::scores`], and those of `instead`.
    pub fn scores_where(
        &self,
        x: &Tensor,
        instead: impl Fn(NodeId, &[&Tensor]) -> candle_core::Result<Option<Tensor>>,
    ) -> Result<Tensor, CpuError> {
        let got = x.dim(0)?;
        if got != self.input_values {
            return Err(CpuError::Input { expected: self.input_values, got });
        }
        let mut outputs: Vec<Tensor> = Vec::with_capacity(self.logits.0 + 1);
        for (node, (layer, inputs)) in self.layers[..=self.logits.0].iter().enumerate() {
            let output = match layer {
                None => x.clone(),
                Some(layer) => {
                    let inputs: Vec<&Tensor> = inputs.iter().map(|&input| &outputs[input]).collect();
                    match instead(NodeId(node), &inputs)? {
                        Some(output) => output,
                        None => layer.forward(&inputs)?,
                    }
                }
            };
            outputs.push(output);
        }
        Ok(outputs.swap_remove(self.logits.0))
    }
}

#[cfg(test)]
mod tests {
    use candle_core::{DType, Device};

    use super::BatchNetwork;
    use net::network;

    #[test]
    fn missing_tensors_and_what_cannot_be_trained_are_named() {
        let none = || candle_nn::VarBuilder::from_tensors(std::collections::HashMap::new(), DType::F32, &Device::Cpu);
        let error = |name: &str| {
            let graph = network(name).expect("should be declared");
            BatchNetwork::from_vars(&graph, &none()).expect_err("should be refused").to_string()
        };
        assert!(error("lenet5").contains("C1.weight"), "{}", error("lenet5"));
        let zeros = candle_nn::VarBuilder::zeros(DType::F32, &Device::Cpu);
        let alexnet = network("alexnet").expect("should be declared");
        let refused = BatchNetwork::from_vars(&alexnet, &zeros).expect_err("should be refused").to_string();
        assert!(refused.contains("norm1") && refused.contains("cannot be trained"), "{refused}");
    }
}
