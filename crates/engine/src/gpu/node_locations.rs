//! The places that a node reads its input from and writes its output to, and dispatches that need no more than these.

use super::error::GpuError;
use super::kernel::Kernel;
use super::layout::OutputLocation;
use super::node_tensors::packs;
use super::params::uniform_size;
use super::plan::{Binding, DispatchPlan, PlanOptions};
use net::{Graph, NodeId};

/// The locations that a unit reads from and writes to.
pub(super) struct NodeLocations {
    /// The node whose output is written.
    pub(super) id: NodeId,
    pub(super) input: OutputLocation,
    pub(super) output: OutputLocation,
}

impl NodeLocations {
    pub(super) fn input(&self) -> Binding {
        Binding::Output(self.input.buffer)
    }

    pub(super) fn output(&self) -> Binding {
        Binding::Output(self.output.buffer)
    }

    /// Returns the indices of the first values of input and output in their buffers.
    pub(super) fn first_values(&self) -> (u32, u32) {
        (uniform_size(self.input.first), uniform_size(self.output.first))
    }
}

impl DispatchPlan {
    /// Adds a dispatch that computes the output from the input, without tensors, with `invocations` invocations.
    pub(super) fn add_unary_dispatch(
        &mut self,
        locations: &NodeLocations,
        kernel: Kernel,
        params: &impl bytemuck::NoUninit,
        invocations: usize,
    ) {
        let bindings = vec![locations.input(), locations.output()];
        self.add_dispatch_per_value(locations.id, kernel, params, bindings, invocations);
    }

    /// Returns the input of a node, its tensors in their order, and its output.
    ///
    /// # Errors
    /// [`GpuError::TooLarge`] if a tensor does not fit into one buffer of `options.max_buffer_bytes`.
    pub(super) fn bindings_with_tensors(
        &mut self,
        graph: &Graph,
        node: NodeId,
        locations: &NodeLocations,
        options: &PlanOptions,
    ) -> Result<Vec<Binding>, GpuError> {
        let mut bindings = vec![locations.input()];
        for pack in packs(graph, node) {
            bindings.push(self.unsplit_tensor(pack, options)?);
        }
        bindings.push(locations.output());
        Ok(bindings)
    }
}
