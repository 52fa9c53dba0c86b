//! The dispatches of a pass as data: kernels, bindings, uniforms and sizes. Planning needs no device.

use std::ops::Range;

use super::conv::ConvShape;
use super::error::GpuError;
use super::kernel::Kernel;
use super::node_tensors::packs;
use super::pack::TensorPacking;
use net::{AblationFactors, Graph, NodeId};

/// A storage buffer that a dispatch binds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Binding {
    /// A buffer of outputs, by its index in the layout.
    Output(usize),
    /// A tensor, by its index in [`DispatchPlan::tensors`], and one of its parts.
    Tensor(usize, usize),
    /// The buffer of extents.
    Extents,
    /// The buffer of reductions of extents.
    Reductions,
}

/// One dispatch of a kernel.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Dispatch {
    /// The kernel.
    pub(super) kernel: Kernel,
    /// The bytes of its uniform, binding 0.
    pub(super) params: Vec<u8>,
    /// Its storage buffers, from binding 1 on.
    pub(super) bindings: Vec<Binding>,
    /// The number of workgroups, over all dimensions.
    pub(super) workgroups: usize,
    /// The node whose output it computes, if any.
    pub(super) node: Option<NodeId>,
}

/// A tensor to upload, and how it is split over buffers.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct PackedTensor {
    /// How it follows from the checkpoint.
    pub(super) pack: TensorPacking,
    /// The packed rows in each buffer.
    pub(super) parts: Vec<Range<usize>>,
}

/// The conditions of a plan besides the graph.
pub(super) struct PlanOptions<'a> {
    /// The size in bytes of the largest buffer that can be bound.
    pub(super) max_buffer_bytes: u64,
    /// Chooses the kernel of a convolution.
    pub(super) choose_kernel: &'a dyn Fn(&ConvShape) -> Kernel,
    /// The ablations to apply.
    pub(super) effects: &'a AblationFactors,
}

/// All dispatches of one pass that compute outputs, in order.
#[derive(Debug, Clone, Default, PartialEq)]
pub(super) struct DispatchPlan {
    /// The tensors that they bind.
    pub(super) tensors: Vec<PackedTensor>,
    /// The dispatches.
    pub(super) dispatches: Vec<Dispatch>,
}

impl DispatchPlan {
    /// Adds the unfused tensors of every node, so that each node can also run by itself.
    ///
    /// # Errors
    /// [`GpuError::TooLarge`] if a tensor cannot be split into parts of `options.max_buffer_bytes`.
    pub(super) fn add_all_tensors(&mut self, graph: &Graph, options: &PlanOptions) -> Result<(), GpuError> {
        for (id, _) in graph.iter() {
            for pack in packs(graph, id) {
                self.tensor(pack, options)?;
            }
        }
        Ok(())
    }

    /// Returns the index of a tensor. A tensor is uploaded once, however often it is bound.
    pub(super) fn tensor(&mut self, pack: TensorPacking, options: &PlanOptions) -> Result<usize, GpuError> {
        if let Some(index) = self.tensors.iter().position(|tensor| tensor.pack == pack) {
            return Ok(index);
        }
        let parts = parts(&pack, options.max_buffer_bytes)?;
        self.tensors.push(PackedTensor { pack, parts });
        Ok(self.tensors.len() - 1)
    }

    /// Returns a tensor that is stored in one buffer.
    pub(super) fn unsplit_tensor(&mut self, pack: TensorPacking, options: &PlanOptions) -> Result<Binding, GpuError> {
        Ok(Binding::Tensor(self.tensor(pack, options)?, 0))
    }

    /// Adds a dispatch with one invocation per value. It computes the output of `node`.
    pub(super) fn add_dispatch_per_value(
        &mut self,
        node: NodeId,
        kernel: Kernel,
        params: &impl bytemuck::NoUninit,
        bindings: Vec<Binding>,
        invocations: usize,
    ) {
        self.add_dispatch(node, kernel, params, bindings, invocations.div_ceil(Kernel::WORKGROUP));
    }

    /// Adds a dispatch that computes the output of `node`.
    pub(super) fn add_dispatch(
        &mut self,
        node: NodeId,
        kernel: Kernel,
        params: &impl bytemuck::NoUninit,
        bindings: Vec<Binding>,
        workgroups: usize,
    ) {
        let params = bytemuck::bytes_of(params).to_vec();
        self.dispatches.push(Dispatch { kernel, params, bindings, workgroups, node: Some(node) });
    }
}

/// Returns the packed rows that go into each buffer.
///
/// # Errors
/// [`GpuError::TooLarge`] if one row, or a tensor that must not be split, exceeds `max_buffer_bytes`.
fn parts(pack: &TensorPacking, max_buffer_bytes: u64) -> Result<Vec<Range<usize>>, GpuError> {
    let (rows, row_bytes) = (pack.rows(), pack.row_values() as u64 * 4);
    let least = if pack.may_split() { row_bytes } else { row_bytes * rows as u64 };
    if least > max_buffer_bytes {
        return Err(GpuError::TooLarge { what: pack.label().to_owned(), needs: least, has: max_buffer_bytes });
    }
    let most_rows = usize::try_from(max_buffer_bytes / row_bytes.max(1)).unwrap_or(usize::MAX).max(1);
    Ok((0..rows).step_by(most_rows).map(|start| start..rows.min(start + most_rows)).collect())
}
