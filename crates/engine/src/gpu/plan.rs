//! The dispatches of a pass as data: kernels, bindings, uniforms and sizes. Planning needs no device.

use std::ops::Range;

use super::conv::ConvShape;
use super::error::GpuError;
use super::kernel::Kernel;
use super::layout::Layout;
use super::pack::Pack;
use super::params::{ExtentFoldParams, ExtentMapsParams};
use super::schedule::Schedule;
use crate::maps::{Fold, MapTable};
use net::{AblationFactors, Graph, NodeId};

/// A storage buffer that a dispatch binds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Binding {
    /// A buffer of outputs, by its index in the layout.
    Output(usize),
    /// A tensor, by its index in [`Plan::tensors`], and one of its parts.
    Tensor(usize, usize),
    /// The buffer of extents.
    Extents,
    /// The buffer of reductions of extents.
    Folds,
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
pub struct Tensor {
    /// How it follows from the checkpoint.
    pub pack: Pack,
    /// The packed rows in each buffer.
    pub parts: Vec<Range<usize>>,
}

/// The conditions of a plan besides the graph.
pub struct Terms<'a> {
    /// The size in bytes of the largest buffer that can be bound.
    pub most_bytes: u64,
    /// Chooses the kernel of a convolution.
    pub choose: &'a dyn Fn(&ConvShape) -> Kernel,
    /// The ablations to apply.
    pub effects: &'a AblationFactors,
}

/// All dispatches of one pass, in order.
#[derive(Debug, Clone, PartialEq)]
pub struct Plan {
    /// The tensors that they bind.
    pub tensors: Vec<Tensor>,
    /// The dispatches that compute outputs.
    pub forward: Vec<Dispatch>,
    /// The dispatches that compute extents: one for each of `measured`, then those that reduce extents.
    pub extents: Vec<Dispatch>,
    /// The nodes whose maps are measured, in order.
    pub measured: Vec<NodeId>,
    /// The table of extents.
    pub maps: MapTable,
    /// The reductions to the extents of layers, then to the extent of the network.
    pub folds: Vec<Fold>,
}

/// Converts a size for a uniform.
pub(super) fn size(n: usize) -> u32 {
    u32::try_from(n).expect("should fit in 32 bits")
}

impl Plan {
    /// Lowers a schedule whose outputs are stored as in `layout`.
    ///
    /// # Errors
    /// [`GpuError::TooLarge`] if a tensor cannot be split into parts of `terms.most_bytes`.
    pub fn of(graph: &Graph, schedule: &Schedule, layout: &Layout, terms: &Terms) -> Result<Self, GpuError> {
        let maps = MapTable::new(graph);
        let folds = maps.layer_folds();
        let (tensors, forward, extents, measured) = (Vec::new(), Vec::new(), Vec::new(), Vec::new());
        let mut plan = Self { tensors, forward, extents, measured, maps, folds };
        for unit in &schedule.units {
            plan.lower(graph, layout, unit, terms)?;
        }
        Ok(plan)
    }

    /// Adds the unfused tensors of every node, so that each node can also run by itself.
    ///
    /// # Errors
    /// As [`Plan::of`].
    pub fn hold_all(&mut self, graph: &Graph, terms: &Terms) -> Result<(), GpuError> {
        for (id, _) in graph.iter() {
            for pack in super::lower::packs(graph, id) {
                self.tensor(pack, terms)?;
            }
        }
        Ok(())
    }

    /// Adds the dispatches that measure the maps of every kept node.
    pub fn measure(&mut self, layout: &Layout) {
        let nodes = (0..layout.places.len()).map(NodeId).filter(|id| layout.kept[id.0]);
        for id in nodes {
            self.measured.push(id);
            let (row, place) = (self.maps.node(id), layout.place(id));
            let params = ExtentMapsParams {
                first: size(row.first),
                maps: size(row.maps),
                values: size(row.values),
                in_first: size(place.first),
            };
            self.extents.push(Dispatch {
                kernel: Kernel::ExtentMaps,
                params: bytemuck::bytes_of(&params).to_vec(),
                bindings: vec![Binding::Output(place.buffer), Binding::Extents],
                workgroups: row.maps,
                node: None,
            });
        }
        let layers = self.folds.len();
        self.folds.push(self.maps.network_fold());
        self.fold(0, layers);
        self.fold(layers, 1);
    }

    /// Adds a dispatch for some of the reductions.
    fn fold(&mut self, first: usize, folds: usize) {
        let params = ExtentFoldParams { first: size(first), folds: size(folds) };
        self.extents.push(Dispatch {
            kernel: Kernel::ExtentFold,
            params: bytemuck::bytes_of(&params).to_vec(),
            bindings: vec![Binding::Folds, Binding::Extents],
            workgroups: folds,
            node: None,
        });
    }

    /// Returns the index of a tensor. A tensor is uploaded once, however often it is bound.
    pub(super) fn tensor(&mut self, pack: Pack, terms: &Terms) -> Result<usize, GpuError> {
        if let Some(place) = self.tensors.iter().position(|tensor| tensor.pack == pack) {
            return Ok(place);
        }
        let parts = parts(&pack, terms.most_bytes)?;
        self.tensors.push(Tensor { pack, parts });
        Ok(self.tensors.len() - 1)
    }
}

/// Returns the packed rows that go into each buffer.
///
/// # Errors
/// [`GpuError::TooLarge`] if one row, or a tensor that must not be split, exceeds `most_bytes`.
fn parts(pack: &Pack, most_bytes: u64) -> Result<Vec<Range<usize>>, GpuError> {
    let (rows, row_bytes) = (pack.rows(), pack.row_values() as u64 * 4);
    let least = if pack.may_split() { row_bytes } else { row_bytes * rows as u64 };
    if least > most_bytes {
        return Err(GpuError::TooLarge { what: pack.label().to_owned(), needs: least, has: most_bytes });
    }
    let most_rows = usize::try_from(most_bytes / row_bytes.max(1)).unwrap_or(usize::MAX).max(1);
    Ok((0..rows).step_by(most_rows).map(|start| start..rows.min(start + most_rows)).collect())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::gpu::schedule::Keep;
    use net::network;

    fn plan(name: &str, keep: &Keep, most_bytes: u64) -> Result<Plan, GpuError> {
        let graph = network(name).expect("should be declared");
        let flags = keep.flags(&graph);
        let schedule = Schedule::new(&graph, &flags, &vec![false; flags.len()], true);
        let layout = Layout::new(&graph, &schedule, &flags, &Layout::default());
        let choose = |shape: &ConvShape| shape.default_kernel(true);
        let mut plan = Plan::of(
            &graph,
            &schedule,
            &layout,
            &Terms { most_bytes, choose: &choose, effects: &AblationFactors::default() },
        )?;
        plan.measure(&layout);
        Ok(plan)
    }

    #[test]
    fn one_dispatch_per_node_in_order() {
        let plan = plan("lenet5", &Keep::Everything, 1 << 20).expect("should fit");
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
        let keep = Keep::Nodes(vec![graph.probabilities]);
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
