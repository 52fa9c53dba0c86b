//! Branches at their concatenation: the contribution and the cost of each.

use std::ops::Range;

use super::branches::branches;
use super::values::{energy, share};
use engine::OutputSlice;
use net::{Concat, Graph, NodeId, Op};

/// One branch of a module.
#[derive(Debug, Clone, PartialEq)]
pub struct ModuleBranch {
    /// The last node of the branch.
    pub end: NodeId,
    /// The windows in order: `1×1 → 3×3`, `max 3×3 → 1×1`. Empty if the branch passes the module's input on unchanged.
    pub path: String,
    /// The channels of the concatenation that come from this branch.
    pub channels: Range<usize>,
    /// The sum of squares of its outputs.
    pub energy: f64,
    /// MACs from the module's input to the last node.
    pub macs: u64,
    /// Its fraction of the feature maps, from 0 to 1.
    pub channel_share: f64,
    /// Its fraction of the energy, from 0 to 1; 0 if the total is 0.
    pub energy_share: f64,
    /// Its fraction of the MACs, from 0 to 1; 0 if the total is 0.
    pub mac_share: f64,
}

/// All branches of a module (Szegedy et al. 2014, figure 2).
#[derive(Debug, Clone, PartialEq)]
pub struct Concatenation {
    /// The concatenation.
    pub node: NodeId,
    /// The selected feature map.
    pub map: usize,
    /// The index of the branch that the feature map comes from.
    pub branch: usize,
    /// The branches in the order of their channels.
    pub branches: Vec<ModuleBranch>,
}

impl Concatenation {
    /// The output of the concatenation contains the outputs of all branches.
    pub(super) fn needs(graph: &Graph, node: NodeId) -> Vec<OutputSlice> {
        vec![OutputSlice::whole(graph, node)]
    }

    pub(super) fn of(graph: &Graph, node: NodeId, map: usize, values: &[Vec<f32>]) -> Option<Self> {
        let [all] = values else { return None };
        let this = graph.node(node);
        let (channels, height, width) = this.shape.chw();
        let shapes = graph.input_shapes(node);
        let walked = branches(graph, &this.inputs);
        let mut branches = Vec::with_capacity(walked.len());
        for (place, (&end, nodes)) in this.inputs.iter().zip(&walked).enumerate() {
            let range = Concat::first(&shapes, place)..Concat::first(&shapes, place + 1);
            let own = all.get(range.start * height * width..range.end * height * width)?;
            branches.push(ModuleBranch {
                end,
                path: path(graph, nodes),
                energy: energy(own),
                macs: nodes.iter().map(|&id| graph.macs(id).value()).sum(),
                channel_share: share(range.len() as f64, channels as f64),
                channels: range,
                energy_share: 0.0,
                mac_share: 0.0,
            });
        }
        let energy: f64 = branches.iter().map(|branch| branch.energy).sum();
        let macs: u64 = branches.iter().map(|branch| branch.macs).sum();
        for branch in &mut branches {
            branch.energy_share = share(branch.energy, energy);
            branch.mac_share = share(branch.macs as f64, macs as f64);
        }
        let branch = branches.iter().position(|branch| branch.channels.contains(&map))?;
        Some(Self { node, map, branch, branches })
    }
}

/// Formats the windows of a branch. Nodes without a window are left out.
fn path(graph: &Graph, nodes: &[NodeId]) -> String {
    let windows: Vec<String> = nodes
        .iter()
        .filter_map(|&id| match &graph.node(id).op {
            Op::Conv2d(conv) => Some(format!("{0}×{0}", conv.window.kernel)),
            Op::MaxPool2d(pool) => Some(format!("max {0}×{0}", pool.window.kernel)),
            Op::AvgPool2d(pool) => Some(format!("mean {0}×{0}", pool.kernel)),
            _ => None,
        })
        .collect();
    windows.join(" → ")
}
