//! The dispatches that measure the extents of maps, layers and the network.

use super::kernel::Kernel;
use super::layout::OutputLayout;
use super::params::{ExtentMapsParams, ExtentReduceParams, uniform_size};
use super::plan::{Binding, Dispatch};
use crate::{ExtentReduction, ExtentTable};
use net::NodeId;

/// The dispatches that measure every kept output.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct ExtentPlan {
    /// One dispatch for each of `measured`, then those that reduce extents.
    pub(super) dispatches: Vec<Dispatch>,
    /// The nodes whose maps are measured, in order.
    pub(super) measured: Vec<NodeId>,
    /// The reductions to the extents of layers, then to the extent of the network.
    pub(super) reductions: Vec<ExtentReduction>,
}

impl ExtentPlan {
    /// Measures the maps of every node that `layout` keeps.
    pub(super) fn new(table: &ExtentTable, layout: &OutputLayout) -> Self {
        let measured: Vec<NodeId> = (0..layout.locations.len()).filter(|&i| layout.kept[i]).map(NodeId).collect();
        let mut dispatches: Vec<Dispatch> = measured.iter().map(|&node| measure(table, layout, node)).collect();
        let mut reductions = table.layer_reductions();
        let layers = reductions.len();
        reductions.push(table.network_reduction());
        dispatches.extend([reduce(0, layers), reduce(layers, 1)]);
        Self { dispatches, measured, reductions }
    }
}

/// Returns the dispatch that measures the maps of a node.
fn measure(table: &ExtentTable, layout: &OutputLayout, node: NodeId) -> Dispatch {
    let (row, location) = (table.node(node), layout.location(node));
    let params = ExtentMapsParams {
        first: uniform_size(row.first),
        maps: uniform_size(row.maps),
        values: uniform_size(row.values),
        in_first: uniform_size(location.first),
        counts_first: uniform_size(table.counts_of(row)),
    };
    Dispatch {
        kernel: Kernel::ExtentMaps,
        params: bytemuck::bytes_of(&params).to_vec(),
        bindings: vec![Binding::Output(location.buffer), Binding::Extents],
        workgroups: row.maps,
        node: None,
    }
}

/// Returns the dispatch for `reductions` of the reductions, from number `first` on.
fn reduce(first: usize, reductions: usize) -> Dispatch {
    let params = ExtentReduceParams { first: uniform_size(first), reductions: uniform_size(reductions) };
    Dispatch {
        kernel: Kernel::ExtentReduce,
        params: bytemuck::bytes_of(&params).to_vec(),
        bindings: vec![Binding::Reductions, Binding::Extents],
        workgroups: reductions,
        node: None,
    }
}
