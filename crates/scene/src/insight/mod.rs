//! Explanations of nodes from the numbers of one pass: the distance of a residual block from the identity, the
//! contribution of each branch of a module, the winners of a max pooling, the neighbours in a local response
//! normalization, the affine function of a batch normalization, and the composition of a global average.
//!
//! Each kind of explanation has a module. Its `needs` lists the slices of the pass that it reads, and its `of` computes
//! the explanation from their values. [`Insight`] chooses the kind from the operation of the node.

mod addition;
mod average;
mod batch_norm;
mod branches;
mod concatenation;
mod pooling;
mod response_norm;
#[cfg(test)]
mod tests;
mod values;

use std::collections::BTreeMap;

pub(super) use addition::shortcut;
pub use addition::{Addition, Shortcut, SummandNorms};
pub use average::{GlobalAverage, PixelContribution};
pub use batch_norm::{Affine, BatchNorm};
pub use concatenation::{Concatenation, ModuleBranch};
pub use pooling::{MaxPooling, PooledWindow};
pub use response_norm::{Inhibition, Neighbour, ResponseNorm};

use super::map_cell::MapCell;
use engine::OutputSlice;
use net::{Graph, NodeId, Op};

/// The explanation of one node with the numbers of one pass.
#[derive(Debug, Clone, PartialEq)]
pub enum Insight {
    /// F(x) and x of a residual block at their addition.
    Addition(Addition),
    /// The branches that are concatenated.
    Concatenation(Concatenation),
    /// The pixels that win a max pooling.
    MaxPooling(MaxPooling),
    /// The neighbours that reduce a value in a local response normalization.
    ResponseNorm(ResponseNorm),
    /// The affine function of a batch normalization.
    BatchNorm(BatchNorm),
    /// The feature map that becomes one number.
    GlobalAverage(GlobalAverage),
}

impl Insight {
    /// Returns the slices of a pass that [`Insight::of`] needs for one feature map of a node.
    ///
    /// `cell` is the row and column of the pointed-at cell, as in [`MapCell`]. In a flat node the cells are channels;
    /// without a cell, `map` is the channel. The result is empty if there is no explanation for the node, or if the
    /// feature map or the cell does not exist.
    ///
    /// The slices include outputs of earlier nodes, so the engine must keep those.
    pub fn needs(graph: &Graph, node: NodeId, map: usize, cell: Option<(usize, usize)>) -> Vec<OutputSlice> {
        let slices = || {
            let (channel, cell) = place(graph, node, map, cell)?;
            match graph.node(node).op {
                Op::Add(_) => Addition::needs(graph, node),
                Op::Concat(_) => Some(Concatenation::needs(graph, node)),
                Op::MaxPool2d(_) => MaxPooling::needs(graph, node, channel),
                Op::LocalResponseNorm(norm) => ResponseNorm::needs(graph, node, norm, channel, cell),
                Op::BatchNorm2d(_) => BatchNorm::needs(graph, node, channel),
                Op::AvgPool2d(_) | Op::AdaptiveAvgPool2d(_) => GlobalAverage::needs(graph, node, channel),
                _ => None,
            }
        };
        slices().unwrap_or_default()
    }

    /// Computes the explanation of a node.
    ///
    /// `values` are those of [`Insight::needs`]: one vector per slice, in the same order. `row` holds the parameters of
    /// the channel by the last part of their names (`weight`, `running_var`). Returns `None` if there is no explanation
    /// for the node or if the values do not fit.
    pub fn of(
        graph: &Graph,
        node: NodeId,
        map: usize,
        cell: Option<(usize, usize)>,
        values: &[Vec<f32>],
        row: Option<&BTreeMap<String, Vec<f32>>>,
    ) -> Option<Self> {
        let needs = Self::needs(graph, node, map, cell);
        let fit = needs.len() == values.len() && needs.iter().zip(values).all(|(slice, v)| slice.len == v.len());
        if needs.is_empty() || !fit {
            return None;
        }
        let (channel, cell) = place(graph, node, map, cell)?;
        match graph.node(node).op {
            Op::Add(_) => Addition::of(graph, node, channel, values).map(Self::Addition),
            Op::Concat(_) => Concatenation::of(graph, node, channel, values).map(Self::Concatenation),
            Op::MaxPool2d(pool) => MaxPooling::of(graph, node, pool, channel, cell, values).map(Self::MaxPooling),
            Op::LocalResponseNorm(norm) => {
                ResponseNorm::of(graph, node, norm, channel, cell, values).map(Self::ResponseNorm)
            }
            Op::BatchNorm2d(norm) => BatchNorm::of(graph, node, norm, channel, values, row).map(Self::BatchNorm),
            Op::AvgPool2d(_) | Op::AdaptiveAvgPool2d(_) => {
                GlobalAverage::of(graph, node, channel, values).map(Self::GlobalAverage)
            }
            _ => None,
        }
    }

    /// Returns the explained node.
    pub fn node(&self) -> NodeId {
        match self {
            Self::Addition(found) => found.node,
            Self::Concatenation(found) => found.node,
            Self::MaxPooling(found) => found.node,
            Self::ResponseNorm(found) => found.node,
            Self::BatchNorm(found) => found.node,
            Self::GlobalAverage(found) => found.node,
        }
    }
}

/// A channel, and the row and column of the pointed-at cell in its feature map.
type Placed = (usize, Option<(usize, usize)>);

/// Converts a feature map and a cell of the page to a channel and its cell, or returns `None` if there is no such
/// value.
fn place(graph: &Graph, node: NodeId, map: usize, cell: Option<(usize, usize)>) -> Option<Placed> {
    let shape = graph.nodes.get(node.0)?.shape;
    let Some((y, x)) = cell else { return (map < shape.chw().0).then_some((map, None)) };
    // A flat node has one map, whose cells are the channels.
    let map = if shape.is_flat() { 0 } else { map };
    let (channel, y, x) = MapCell { node, map, y, x }.locate(graph)?;
    Some((channel, Some((y, x))))
}
