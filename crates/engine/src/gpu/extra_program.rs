//! Programs that a network runs besides its ordinary pass.

use std::rc::Rc;

use super::buffers::OwnedBuffer;
use super::layout::OutputLayout;
use super::program::BoundDispatches;
use net::NodeId;

/// A program with buffers of its own. It computes outputs that an ordinary pass does not keep, or runs detached passes.
#[derive(Debug)]
pub(super) struct ExtraProgram {
    /// The nodes whose outputs it computes.
    pub(super) nodes: Vec<NodeId>,
    pub(super) layout: OutputLayout,
    /// The buffers of `layout`. The first ones may be those of the network.
    pub(super) buffers: Vec<Rc<OwnedBuffer>>,
    pub(super) program: BoundDispatches,
}

impl ExtraProgram {
    /// Returns the buffer that holds a node's output after the program, and the index of its first value there. Returns
    /// `None` if the program does not compute it.
    pub(super) fn output(&self, node: NodeId) -> Option<(&wgpu::Buffer, usize)> {
        let location = self.layout.locations[node.0]?;
        Some((&self.buffers[location.buffer], location.first))
    }
}
