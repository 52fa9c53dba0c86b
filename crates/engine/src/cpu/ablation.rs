//! Ablation on the CPU: scales outputs, summands and kernels during a pass.

use std::collections::BTreeMap;

use candle_core::{Result, Tensor};

use super::layers::{Layer, LayerNode};
use super::values::{TensorValues, tensor};
use net::{AblationFactors, NodeId, Shape};

/// The effects of ablations, with copies of the convolutions whose kernels are scaled.
#[derive(Debug)]
pub(super) struct CpuAblation {
    effects: AblationFactors,
    layers: BTreeMap<NodeId, Layer>,
}

impl CpuAblation {
    /// Prepares the ablations: copies the convolutions whose kernels are scaled.
    pub(super) fn new(nodes: &[LayerNode], effects: &AblationFactors) -> Result<Self> {
        let mut layers = BTreeMap::new();
        for node in effects.nodes() {
            let kernels = effects.kernels(node);
            if !kernels.is_empty() {
                layers.extend(nodes[node.0].layer.with_kernels(kernels)?.map(|layer| (node, layer)));
            }
        }
        Ok(Self { effects: effects.clone(), layers })
    }

    /// Returns the layer to run in place of a node's own if its kernels are ablated.
    pub(super) fn layer(&self, node: NodeId) -> Option<&Layer> {
        self.layers.get(&node)
    }

    /// Returns the scaled inputs of an addition, or `None` if no summand of it is ablated. `find` returns a node's
    /// output.
    pub(super) fn summands<'a>(
        &self,
        node: NodeId,
        inputs: &[NodeId],
        find: impl Fn(NodeId) -> Result<&'a Tensor>,
    ) -> Result<Option<Vec<Tensor>>> {
        let factors = self.effects.summands(node);
        if factors.is_empty() {
            return Ok(None);
        }
        inputs
            .iter()
            .zip(factors)
            .map(|(&input, &factor)| scaled(find(input)?, &[(0..usize::MAX, factor)]))
            .collect::<Result<_>>()
            .map(Some)
    }

    /// Returns the output of a node with its ablated maps scaled.
    pub(super) fn scale_output(&self, node: NodeId, output: Tensor) -> Result<Tensor> {
        let maps = self.effects.maps(node);
        if maps.is_empty() { Ok(output) } else { scaled(&output, maps) }
    }
}

/// Returns a copy of a tensor in which some maps are multiplied by a factor.
fn scaled(of: &Tensor, maps: &[(std::ops::Range<usize>, f32)]) -> Result<Tensor> {
    let mut values = TensorValues::of(of)?.slice().to_vec();
    let shape = match *of.dims() {
        [channels, height, width] => Shape::maps(channels, height, width),
        _ => Shape::Vector(values.len()),
    };
    let (channels, height, width) = shape.chw();
    for (maps, factor) in maps {
        let (first, end) = (maps.start * height * width, maps.end.min(channels) * height * width);
        values[first..end].iter_mut().for_each(|value| *value *= factor);
    }
    tensor(values, shape)
}
