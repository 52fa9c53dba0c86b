//! The parameters of one channel of a node.

use std::collections::BTreeMap;

use net::{AblationFactors, Graph, NodeId, Op};
use weights::{TensorSource, WeightsError};

/// The parameters that produce one channel of a node: one row of each of its tensors, such as a kernel, a bias or a row
/// of a fully connected layer.
#[derive(Debug, Clone, PartialEq)]
pub struct ChannelParameters {
    /// The node.
    pub node: NodeId,
    /// The channel of the node's output.
    pub channel: usize,
    /// Values by the last part of the tensor's name (`weight`, `bias`, `running_mean`, ...), in row-major order.
    pub tensors: BTreeMap<String, Vec<f32>>,
}

impl ChannelParameters {
    /// Loads the parameters of one channel from `source`.
    ///
    /// # Errors
    /// Returns the error of `source` if a tensor cannot be read.
    pub async fn load(
        graph: &Graph,
        source: &TensorSource,
        node: NodeId,
        channel: usize,
    ) -> Result<Self, WeightsError> {
        let mut tensors = BTreeMap::new();
        for (name, spec) in graph.tensors(node) {
            tensors.insert(spec.leaf.to_owned(), source.load_rows(&name, channel..channel + 1).await?);
        }
        Ok(Self { node, channel, tensors })
    }

    /// Returns the parameters under ablation: each kernel is multiplied by its factor in `effects`.
    #[must_use]
    pub fn ablated(&self, graph: &Graph, effects: &AblationFactors) -> Self {
        let mut ablated = self.clone();
        let Op::Conv2d(conv) = &graph.node(self.node).op else { return ablated };
        let area = conv.window.kernel * conv.window.kernel;
        for kernel in effects.kernels(self.node).iter().filter(|kernel| kernel.map == self.channel) {
            let own =
                ablated.tensors.get_mut("weight").and_then(|all| all.get_mut(kernel.slot * area..)?.get_mut(..area));
            own.into_iter().flatten().for_each(|value| *value *= kernel.scale);
        }
        ablated
    }

    /// Returns the values of a tensor, or `None` if the node has no tensor of this name.
    pub fn get(&self, leaf: &str) -> Option<&[f32]> {
        self.tensors.get(leaf).map(Vec::as_slice)
    }
}
