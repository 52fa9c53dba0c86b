//! The parameters that make one channel of a node.

use std::collections::BTreeMap;

use net::{Effects, Graph, NodeId, Op};
use weights::{TensorSource, WeightsError};

/// The row of every tensor of a node that makes one of its channels: a kernel, a bias, a row of a full connection.
#[derive(Debug, Clone, PartialEq)]
pub struct Row {
    /// Whose.
    pub node: NodeId,
    /// Which channel.
    pub channel: usize,
    /// Values by the last part of the tensor's name (`weight`, `bias`, `running_mean`, ...), row-major.
    pub tensors: BTreeMap<String, Vec<f32>>,
}

impl Row {
    /// Loads it from `source`.
    ///
    /// # Errors
    /// What `source` says where it cannot be read.
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

    /// The same under cuts: its kernels multiplied.
    #[must_use]
    pub fn cut(&self, graph: &Graph, effects: &Effects) -> Self {
        let mut cut = self.clone();
        let Op::Conv2d(conv) = &graph.node(self.node).op else { return cut };
        let area = conv.window.kernel * conv.window.kernel;
        for kernel in effects.kernels(self.node).iter().filter(|kernel| kernel.map == self.channel) {
            let own = cut.tensors.get_mut("weight").and_then(|all| all.get_mut(kernel.slot * area..)?.get_mut(..area));
            own.into_iter().flatten().for_each(|value| *value *= kernel.scale);
        }
        cut
    }

    /// The values of a tensor; none where the node has no such one.
    pub fn get(&self, leaf: &str) -> Option<&[f32]> {
        self.tensors.get(leaf).map(Vec::as_slice)
    }
}
