//! The table of layers: what a network has and costs, node by node and in total.

use serde::Serialize;

use super::graph::Graph;
use super::receptive::ReceptiveField;

/// One node of a network, counted.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct LayerRow {
    /// The node's name.
    pub name: String,
    /// Its operation, in the field's terms.
    pub operation: &'static str,
    /// Its output's dimensions for a batch of one, NCHW or NC.
    pub output_shape: Vec<usize>,
    /// Trainable parameters.
    pub parameters: u64,
    /// How they come about: `(5*5+1)*6`.
    pub parameters_arithmetic: String,
    /// Multiply-accumulates of one pass over one picture.
    pub macs: u64,
    /// How they come about.
    pub macs_arithmetic: String,
    /// What one output pixel sees of the input.
    pub receptive_field: ReceptiveField,
    /// Bytes of its output in F32.
    pub activation_bytes: u64,
    /// Bytes of its tensors in F32, those that do not train included.
    pub weight_bytes: u64,
}

/// The sums over all nodes.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Totals {
    /// Trainable parameters.
    pub parameters: u64,
    /// Multiply-accumulates of one pass over one picture.
    pub macs: u64,
    /// Bytes of all outputs in F32, the input included.
    pub activation_bytes: u64,
    /// Bytes of all tensors in F32.
    pub weight_bytes: u64,
}

/// A network, counted.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Summary {
    /// The network's name.
    pub network: &'static str,
    /// The name people read.
    pub title: &'static str,
    /// The year of its paper.
    pub year: u16,
    /// Its paper.
    pub source: &'static str,
    /// Every node, in the order they run.
    pub layers: Vec<LayerRow>,
    /// The sums.
    pub totals: Totals,
}

/// Bytes of one F32 value.
const F32_BYTES: u64 = 4;

impl Summary {
    /// Counts `graph`.
    pub fn of(graph: &Graph) -> Self {
        let layers: Vec<LayerRow> = graph
            .iter()
            .map(|(id, node)| {
                let (parameters, macs) = (graph.parameters(id), graph.macs(id));
                let values: usize = graph.tensors(id).iter().map(|(_, t)| t.dims.iter().product::<usize>()).sum();
                LayerRow {
                    name: node.name.clone(),
                    operation: node.op.title(),
                    output_shape: node.shape.dims(),
                    parameters: parameters.value(),
                    parameters_arithmetic: parameters.to_string(),
                    macs: macs.value(),
                    macs_arithmetic: macs.to_string(),
                    receptive_field: node.receptive,
                    activation_bytes: node.shape.elements() as u64 * F32_BYTES,
                    weight_bytes: values as u64 * F32_BYTES,
                }
            })
            .collect();
        let totals = Totals {
            parameters: layers.iter().map(|row| row.parameters).sum(),
            macs: layers.iter().map(|row| row.macs).sum(),
            activation_bytes: layers.iter().map(|row| row.activation_bytes).sum(),
            weight_bytes: layers.iter().map(|row| row.weight_bytes).sum(),
        };
        Self { network: graph.name, title: graph.title, year: graph.year, source: graph.source, layers, totals }
    }
}
