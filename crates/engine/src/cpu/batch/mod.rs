//! Networks for batches and training: layers that candle can differentiate, with tensors of `[values, batch]`.
//!
//! Training has its own layers, because candle must be able to differentiate them. A convolution gathers rows and
//! multiplies once. Two operations are candle custom operations (`ops`).

mod layers;
mod ops;
mod windows;

use std::collections::HashMap;

use candle_core::{DType, Device, Tensor};
use candle_nn::VarBuilder;

use super::error::CpuError;
use layers::BatchLayer;
use net::{Graph, NodeId};
use weights::Weights;

/// A network for batches and training, with one layer per node.
#[derive(Debug)]
pub struct BatchNetwork {
    /// For each node its layer (`None` for the input) and the indices of the nodes it reads.
    layers: Vec<(Option<BatchLayer>, Vec<usize>)>,
    input_values: usize,
    logits: NodeId,
}

impl BatchNetwork {
    /// Builds `graph` with fixed weights.
    ///
    /// # Errors
    /// [`CpuError::Candle`] if an operation is not one of LeNet-5's, which alone can be trained. Complete `weights`
    /// cause no other error.
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

    /// Builds `graph` with the tensors of `vars`, named as in [`Graph::all_tensors`]. Tensors that are candle variables
    /// can be trained.
    ///
    /// # Errors
    /// [`CpuError::Candle`] if a tensor is missing or has the wrong shape, or if an operation cannot be trained.
    pub fn from_vars(graph: &Graph, vars: &VarBuilder<'_>) -> Result<Self, CpuError> {
        let layers = graph
            .iter()
            .map(|(id, node)| {
                let inputs = node.inputs.iter().map(|input| input.0).collect();
                Ok((BatchLayer::new(graph, id, vars)?, inputs))
            })
            .collect::<candle_core::Result<_>>()?;
        Ok(Self { layers, input_values: graph.input.shape.elements(), logits: graph.logits })
    }

    /// Returns the logits, `[classes, batch]`, of a batch of pictures, `[values, batch]`, with values in
    /// `[channels, height, width]` order.
    ///
    /// # Errors
    /// [`CpuError::Input`] if a picture does not have the network's size.
    pub fn scores(&self, x: &Tensor) -> Result<Tensor, CpuError> {
        self.scores_with_overrides(x, |_, _| Ok(None))
    }

    /// As [`BatchNetwork::scores`], but lets `override_output` replace the output of nodes.
    ///
    /// `override_output` receives each node with its inputs. If it returns a tensor, that is the node's output; otherwise the
    /// layer runs.
    ///
    /// # Errors
    /// As [`BatchNetwork::scores`], and the errors of `override_output`.
    pub fn scores_with_overrides(
        &self,
        x: &Tensor,
        override_output: impl Fn(NodeId, &[&Tensor]) -> candle_core::Result<Option<Tensor>>,
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
                    match override_output(NodeId(node), &inputs)? {
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
