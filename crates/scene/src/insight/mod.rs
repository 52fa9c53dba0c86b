//! What a node shows beyond its values: how far a residual block is from the identity, what each lane gives to a
//! module, which pixels win a pooling, who inhibits whom, what a normalisation folds to, what a mean is made of.

mod addition;
mod average;
mod batch_norm;
mod branches;
mod concatenation;
mod pooling;
mod response;
#[cfg(test)]
mod tests;

use std::collections::BTreeMap;

pub(super) use addition::shortcut;
pub use addition::{Addition, Norms, Shortcut};
pub use average::{GlobalAverage, Part};
pub use batch_norm::{Affine, BatchNorm};
pub use concatenation::{Concatenation, Lane};
pub use pooling::{MaxPooling, Won};
pub use response::{Inhibition, Neighbour, ResponseNorm};

use super::spot::Spot;
use engine::Slice;
use net::{Graph, NodeId, Op};

/// What one node shows, with the numbers of one pass.
#[derive(Debug, Clone, PartialEq)]
pub enum Insight {
    /// A block's F(x) and its x, where they are added.
    Addition(Addition),
    /// The lanes that are laid side by side.
    Concatenation(Concatenation),
    /// The pixels that go on.
    MaxPooling(MaxPooling),
    /// The neighbours that a value is held down by.
    ResponseNorm(ResponseNorm),
    /// The line that a normalisation comes to.
    BatchNorm(BatchNorm),
    /// The map that becomes one number.
    GlobalAverage(GlobalAverage),
}

impl Insight {
    /// The values that [`Insight::of`] wants read from a pass, for a map of a node and, where something is pointed at,
    /// the row and column of a cell, as in [`Spot`]: where a node is flat its cells are channels, and without a cell
    /// `map` is the channel. Empty where the node has nothing to show, or there is no such map or cell.
    ///
    /// Outputs of nodes before this one are among them, so an engine must keep those.
    pub fn needs(graph: &Graph, node: NodeId, map: usize, spot: Option<(usize, usize)>) -> Vec<Slice> {
        let slices = || {
            let (channel, cell) = place(graph, node, map, spot)?;
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

    /// What the node shows, from the values of [`Insight::needs`], one vector a slice in the same order, and `row`: of
    /// this channel's parameters, each by the last part of its name (`weight`, `running_var`). `None` where the node
    /// has nothing to show, or the values are not those.
    pub fn of(
        graph: &Graph,
        node: NodeId,
        map: usize,
        spot: Option<(usize, usize)>,
        values: &[Vec<f32>],
        row: Option<&BTreeMap<String, Vec<f32>>>,
    ) -> Option<Self> {
        let needs = Self::needs(graph, node, map, spot);
        let fit = needs.len() == values.len() && needs.iter().zip(values).all(|(slice, v)| slice.len == v.len());
        if needs.is_empty() || !fit {
            return None;
        }
        let (channel, cell) = place(graph, node, map, spot)?;
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

    /// The node that shows it.
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

/// A channel, and the cell of its map that is pointed at.
type Placed = (usize, Option<(usize, usize)>);

/// What is meant by a map and a cell as the page has them; `None` where there is no such value.
fn place(graph: &Graph, node: NodeId, map: usize, spot: Option<(usize, usize)>) -> Option<Placed> {
    let shape = graph.nodes.get(node.0)?.shape;
    let Some((y, x)) = spot else { return (map < shape.chw().0).then_some((map, None)) };
    // The cells of a flat node are its channels: it has one map.
    let map = if shape.is_flat() { 0 } else { map };
    let (channel, y, x) = Spot { node, map, y, x }.locate(graph)?;
    Some((channel, Some((y, x))))
}

/// All values of a node.
fn whole(graph: &Graph, node: NodeId) -> Slice {
    Slice { node, start: 0, len: graph.node(node).shape.elements() }
}

/// One map of a node; `None` where it has no such map.
fn one_map(graph: &Graph, node: NodeId, map: usize) -> Option<Slice> {
    let (channels, height, width) = graph.node(node).shape.chw();
    (map < channels).then_some(Slice { node, start: map * height * width, len: height * width })
}

/// The sum of squares.
fn energy(values: &[f32]) -> f64 {
    values.iter().map(|&v| f64::from(v) * f64::from(v)).sum()
}

/// `part` of `all`; 0 where there is nothing to share.
fn share(part: f64, all: f64) -> f64 {
    if all > 0.0 && all.is_finite() { part / all } else { 0.0 }
}
