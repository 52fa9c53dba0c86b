//! The addition of a residual block: its input, the output of its branch, and how they compare.

use super::branches::branches;
use super::values::{energy, one_map};
use engine::OutputSlice;
use net::{Activation, Graph, NodeId, Op};

/// The path of x from the block's input to its addition (He et al. 2015, section 3.3).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Shortcut {
    /// The identity.
    Identity,
    /// A 1x1 convolution (option B).
    Projection {
        /// The convolution.
        node: NodeId,
    },
    /// A parameter-free shortcut: subsampled pixels, then zero maps for the added channels (option A).
    Padded {
        /// The distance between the rows and columns that are kept.
        stride: usize,
        /// The number of zero maps.
        zeros: usize,
    },
}

/// The Euclidean norms of both summands.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct SummandNorms {
    /// |x|.
    pub x: f64,
    /// |F(x)|.
    pub f: f64,
}

impl SummandNorms {
    fn of(x: &[f32], f: &[f32]) -> Self {
        Self { x: energy(x).sqrt(), f: energy(f).sqrt() }
    }

    /// Returns |F(x)| / |x|, which is 0 if the block is the identity. `None` if x is all zeros or the norms are not
    /// finite.
    pub fn ratio(self) -> Option<f64> {
        Some(self.f / self.x).filter(|ratio| self.x > 0.0 && ratio.is_finite())
    }
}

/// F(x) + x for one feature map, and the norms of both summands.
#[derive(Debug, Clone, PartialEq)]
pub struct Addition {
    /// The addition.
    pub node: NodeId,
    /// The selected feature map.
    pub map: usize,
    /// The node whose output is x.
    pub from: NodeId,
    /// The node whose output is F(x).
    pub branch: NodeId,
    /// The path of x to the addition.
    pub shortcut: Shortcut,
    /// Cells in a row of the feature map.
    pub columns: usize,
    /// x of the feature map, row-major.
    pub x: Vec<f32>,
    /// F(x) of the feature map, row-major.
    pub f: Vec<f32>,
    /// The sum of both, row-major.
    pub sum: Vec<f32>,
    /// The norms over all feature maps.
    pub norms: SummandNorms,
    /// The norms of each feature map.
    pub maps: Vec<SummandNorms>,
    /// The activation function that is applied to the sum, if there is one.
    pub then: Option<Activation>,
}

impl Addition {
    pub(super) fn needs(graph: &Graph, node: NodeId) -> Option<Vec<OutputSlice>> {
        let (from, branch, _) = sides(graph, node)?;
        Some(vec![OutputSlice::whole(graph, from), OutputSlice::whole(graph, branch)])
    }

    pub(super) fn of(graph: &Graph, node: NodeId, map: usize, values: &[Vec<f32>]) -> Option<Self> {
        let [all_x, all_f] = values else { return None };
        let (from, branch, shortcut) = sides(graph, node)?;
        let (_, height, columns) = graph.node(node).shape.chw();
        let OutputSlice { start, len, .. } = one_map(graph, node, map)?;
        let (x, f) = (all_x.get(start..start + len)?, all_f.get(start..start + len)?);
        let area = (height * columns).max(1);
        let maps = all_x.chunks(area).zip(all_f.chunks(area)).map(|(x, f)| SummandNorms::of(x, f)).collect();
        Some(Self {
            node,
            map,
            from,
            branch,
            shortcut,
            columns,
            x: x.to_vec(),
            f: f.to_vec(),
            sum: f.iter().zip(x).map(|(f, x)| f + x).collect(),
            norms: SummandNorms::of(all_x, all_f),
            maps,
            then: activation_after(graph, node),
        })
    }
}

/// Returns the kind of the shortcut to an addition, or `None` if the node does not add two inputs.
pub(crate) fn shortcut(graph: &Graph, node: NodeId) -> Option<Shortcut> {
    sides(graph, node).map(|(.., shortcut)| shortcut)
}

/// Returns the ends of the shortcut and of the branch, and the kind of the shortcut. `None` if the node does not add
/// two inputs.
fn sides(graph: &Graph, node: NodeId) -> Option<(NodeId, NodeId, Shortcut)> {
    let ends: [NodeId; 2] = graph.node(node).inputs.as_slice().try_into().ok()?;
    let branches = branches(graph, &ends);
    let convolutions = |branch: usize| {
        let is_convolution = |id: &&NodeId| matches!(graph.node(**id).op, Op::Conv2d(_));
        branches[branch].iter().filter(is_convolution).count()
    };
    // A projection has one convolution and the branch has more, so the input with fewer convolutions is the shortcut.
    let (short, long) = if convolutions(1) <= convolutions(0) { (1, 0) } else { (0, 1) };
    let padded = branches[short].iter().find_map(|&id| match graph.node(id).op {
        Op::PadShortcut(pad) => {
            let zeros = pad.channels.saturating_sub(graph.input_shape(id).chw().0);
            Some(Shortcut::Padded { stride: pad.stride, zeros })
        }
        _ => None,
    });
    let shortcut = match (padded, branches[short].first()) {
        (Some(padded), _) => padded,
        (None, Some(&node)) => Shortcut::Projection { node },
        (None, None) => Shortcut::Identity,
    };
    Some((ends[short], ends[long], shortcut))
}

/// Returns the activation function that follows a node, if it is the node's only reader.
fn activation_after(graph: &Graph, node: NodeId) -> Option<Activation> {
    let mut readers = graph.nodes.iter().filter(|reader| reader.inputs.contains(&node));
    match (readers.next().map(|reader| &reader.op), readers.next()) {
        (Some(Op::Activation(pointwise)), None) => Some(pointwise.function),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn norms_by_hand() {
        let norms = SummandNorms::of(&[3.0, 4.0], &[0.0, -1.0]);
        assert_eq!((norms.x, norms.f, norms.ratio()), (5.0, 1.0, Some(0.2)));
        assert_eq!(SummandNorms::of(&[0.0, 0.0], &[1.0, 1.0]).ratio(), None);
        assert_eq!(SummandNorms::of(&[1.0], &[f32::NAN]).ratio(), None);
    }
}
