//! The dispatches of a pass as data: kernels, bindings, uniforms and sizes. Planning needs no device.

use std::ops::Range;

use super::conv::ConvShape;
use super::error::GpuError;
use super::kernel::Kernel;
use super::layout::OutputLayout;
use super::pack::TensorPacking;
use super::params::{ExtentMapsParams, ExtentReduceParams};
use super::schedule::FusionSchedule;
use crate::extents::{ExtentReduction, ExtentTable};
use net::{AblationFactors, Graph, NodeId};

/// A storage buffer that a dispatch binds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Binding {
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
pub struct Dispatch {
    /// The kernel.
    pub kernel: Kernel,
    /// The bytes of its uniform, binding 0.
    pub params: Vec<u8>,
    /// Its storage buffers, from binding 1 on.
    pub bindings: Vec<Binding>,
    /// The number of workgroups, over all dimensions.
    pub workgroups: usize,
    /// The node whose output it computes, if any.
    pub node: Option<NodeId>,
}

/// A tensor to upload, and how it is split over buffers.
#[derive(Debug, Clone, PartialEq)]
pub struct PackedTensor {
    /// How it follows from the checkpoint.
    pub pack: TensorPacking,
    /// The packed rows in each buffer.
    pub parts: Vec<Range<usize>>,
}

/// The conditions of a plan besides the graph.
pub struct PlanOptions<'a> {
    /// The size in bytes of the largest buffer that can be bound.
    pub max_buffer_bytes: u64,
    /// Chooses the kernel of a convolution.
    pub choose_kernel: &'a dyn Fn(&ConvShape) -> Kernel,
    /// The ablations to apply.
    pub effects: &'a AblationFactors,
}

/// All dispatches of one pass, in order.
#[derive(Debug, Clone, PartialEq)]
pub struct DispatchPlan {
    /// The tensors that they bind.
    pub tensors: Vec<PackedTensor>,
    /// The dispatches that compute outputs.
    pub forward: Vec<Dispatch>,
    /// The dispatches that compute extents: one for each of `measured`, then those that reduce extents.
    pub extents: Vec<Dispatch>,
    /// The nodes whose maps are measured, in order.
    pub measured: Vec<NodeId>,
    /// The table of extents.
    pub maps: ExtentTable,
    /// The reductions to the extents of layers, then to the extent of the network.
    pub reductions: Vec<ExtentReduction>,
}

/// Converts a size for a uniform.
pub(super) fn uniform_size(n: usize) -> u32 {
    u32::try_from(n).expect("should fit in 32 bits")
}

impl DispatchPlan {
    /// Lowers a schedule whose outputs are stored as in `layout`.
    ///
    /// # Errors
    /// [`GpuError::TooLarge`] if a tensor cannot be split into parts of `options.max_buffer_bytes`.
    pub fn of(
        graph: &Graph,
        schedule: &FusionSchedule,
        layout: &OutputLayout,
        options: &PlanOptions,
    ) -> Result<Self, GpuError> {
        let maps = ExtentTable::new(graph);
        let reductions = maps.layer_reductions();
        let (tensors, forward, extents, measured) = (Vec::new(), Vec::new(), Vec::new(), Vec::new());
        let mut plan = Self { tensors, forward, extents, measured, maps, reductions };
        for unit in &schedule.units {
            plan.lower(graph, layout, unit, options)?;
        }
        Ok(plan)
    }

    /// Adds the unfused tensors of every node, so that each node can also run by itself.
    ///
    /// # Errors
    /// As [`DispatchPlan::of`].
    pub fn add_all_tensors(&mut self, graph: &Graph, options: &PlanOptions) -> Result<(), GpuError> {
        for (id, _) in graph.iter() {
            for pack in super::lower::packs(graph, id) {
                self.tensor(pack, options)?;
            }
        }
        Ok(())
    }

    /// Adds the dispatches that measure the maps of every kept node.
    pub fn add_extent_dispatches(&mut self, layout: &OutputLayout) {
        let nodes = (0..layout.locations.len()).map(NodeId).filter(|id| layout.kept[id.0]);
        for id in nodes {
            self.measured.push(id);
            let (row, place) = (self.maps.node(id), layout.location(id));
            let params = ExtentMapsParams {
                first: uniform_size(row.first),
                maps: uniform_size(row.maps),
                values: uniform_size(row.values),
                in_first: uniform_size(place.first),
            };
            self.extents.push(Dispatch {
                kernel: Kernel::ExtentMaps,
                params: bytemuck::bytes_of(&params).to_vec(),
                bindings: vec![Binding::Output(place.buffer), Binding::Extents],
                workgroups: row.maps,
                node: None,
            });
        }
        let layers = self.reductions.len();
        self.reductions.push(self.maps.network_reduction());
        self.fold(0, layers);
        self.fold(layers, 1);
    }

    /// Adds a dispatch for some of the reductions.
    fn fold(&mut self, first: usize, reductions: usize) {
        let params = ExtentReduceParams { first: uniform_size(first), reductions: uniform_size(reductions) };
        self.extents.push(Dispatch {
            kernel: Kernel::ExtentReduce,
            params: bytemuck::bytes_of(&params).to_vec(),
            bindings: vec![Binding::Reductions, Binding::Extents],
            workgroups: reductions,
            node: None,
        });
    }

    /// Returns the index of a tensor. A tensor is uploaded once, however often it is bound.
    pub(super) fn tensor(&mut self, pack: TensorPacking, options: &PlanOptions) -> Result<usize, GpuError> {
        if let Some(place) = self.tensors.iter().position(|tensor| tensor.pack == pack) {
            return Ok(place);
        }
        let parts = parts(&pack, options.max_buffer_bytes)?;
        self.tensors.push(PackedTensor { pack, parts });
        Ok(self.tensors.len() - 1)
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::KeptOutputs;
    use net::network;

    fn plan(name: &str, keep: &KeptOutputs, max_buffer_bytes: u64) -> Result<DispatchPlan, GpuError> {
        let graph = network(name).expect("should be declared");
        let flags = keep.flags(&graph);
        let schedule = FusionSchedule::new(&graph, &flags, &vec![false; flags.len()], true);
        let layout = OutputLayout::new(&graph, &schedule, &flags, &OutputLayout::default());
        let choose = |shape: &ConvShape| shape.default_kernel(true);
        let mut plan = DispatchPlan::of(
            &graph,
            &schedule,
            &layout,
            &PlanOptions { max_buffer_bytes, choose_kernel: &choose, effects: &Effects::default() },
        )?;
        plan.add_extent_dispatches(&layout);
        Ok(plan)
    }

    #[test]
    fn one_dispatch_per_node_in_order() {
        let plan = plan("lenet5", &KeptOutputs::All, 1 << 20).expect("should fit");
        let kernels: Vec<&str> = plan.forward.iter().map(|d| d.kernel.name()).collect();
        let want = ["conv2d", "subsample", "conv2d_direct", "subsample", "conv2d", "linear", "rbf", "softmax"];
        assert_eq!(kernels, want);
        // C1: one block of four groups of four channels, 28x28 pixels.
        assert_eq!(plan.forward[0].workgroups, (4 * 28 * 28_usize).div_ceil(64));
        assert_eq!(plan.extents.len(), 9 + 2);
    }

    #[test]
    fn weights_are_split_by_rows() {
        let graph = network("lenet5-modern").expect("should be declared");
        let keep = KeptOutputs::Nodes(vec![graph.probabilities]);
        let whole = plan("lenet5-modern", &keep, 1 << 20).expect("should fit");
        let split = plan("lenet5-modern", &keep, 16_000).expect("should fit");
        assert!(split.forward.len() > whole.forward.len());
        for tensor in &split.tensors {
            let rows: usize = tensor.parts.iter().map(ExactSizeIterator::len).sum();
            assert_eq!(rows, tensor.pack.rows(), "{}", tensor.pack.label());
        }
        // One row of the first fully connected layer has 400 values.
        assert!(matches!(plan("lenet5-modern", &keep, 1_000), Err(GpuError::TooLarge { .. })));
    }
}
