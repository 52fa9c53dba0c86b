//! Lanes where they meet: what each brings and what each costs.

use std::ops::Range;

use super::branches::branches;
use super::{energy, share, whole};
use engine::Slice;
use net::{Concat, Graph, NodeId, Op};

/// One lane of a module.
#[derive(Debug, Clone, PartialEq)]
pub struct Lane {
    /// Its last node.
    pub end: NodeId,
    /// Its windows in order: `1×1 → 3×3`, `max 3×3 → 1×1`; empty where it hands the module's input on.
    pub path: String,
    /// Where its maps stand in the whole.
    pub channels: Range<usize>,
    /// The sum of squares of its outputs.
    pub energy: f64,
    /// Multiply-accumulates from the module's input to its last node.
    pub macs: u64,
    /// Its part of the maps, from 0 to 1.
    pub channel_share: f64,
    /// Its part of the energy, from 0 to 1; 0 where there is none at all.
    pub energy_share: f64,
    /// Its part of the multiply-accumulates, from 0 to 1; 0 where there are none at all.
    pub mac_share: f64,
}

/// All lanes of a module (Szegedy et al. 2014, figure 2).
#[derive(Debug, Clone, PartialEq)]
pub struct Concatenation {
    /// Where they meet.
    pub node: NodeId,
    /// The map that is looked at.
    pub map: usize,
    /// The lane that it comes from.
    pub lane: usize,
    /// In the order of their maps.
    pub lanes: Vec<Lane>,
}

impl Concatenation {
    /// Its own output holds all lanes.
    pub(super) fn needs(graph: &Graph, node: NodeId) -> Vec<Slice> {
        vec![whole(graph, node)]
    }

    pub(super) fn of(graph: &Graph, node: NodeId, map: usize, values: &[Vec<f32>]) -> Option<Self> {
        let [all] = values else { return None };
        let this = graph.node(node);
        let (channels, height, width) = this.shape.chw();
        let shapes = graph.input_shapes(node);
        let walked = branches(graph, &this.inputs);
        let mut lanes = Vec::with_capacity(walked.len());
        for (place, (&end, nodes)) in this.inputs.iter().zip(&walked).enumerate() {
            let range = Concat::first(&shapes, place)..Concat::first(&shapes, place + 1);
            let own = all.get(range.start * height * width..range.end * height * width)?;
            lanes.push(Lane {
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
        let energy: f64 = lanes.iter().map(|lane| lane.energy).sum();
        let macs: u64 = lanes.iter().map(|lane| lane.macs).sum();
        for lane in &mut lanes {
            lane.energy_share = share(lane.energy, energy);
            lane.mac_share = share(lane.macs as f64, macs as f64);
        }
        let lane = lanes.iter().position(|lane| lane.channels.contains(&map))?;
        Some(Self { node, map, lane, lanes })
    }
}

/// The windows of a lane; what has none is left out.
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
