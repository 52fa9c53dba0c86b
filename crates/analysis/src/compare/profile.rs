//! The costs of a network layer by layer, along its depth.

use super::column::{LayerKind, is_auxiliary};
use net::{Graph, Op, Summary};

/// A cost of a layer.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Cost {
    /// Trainable parameters.
    Parameters,
    /// MACs of one pass.
    Macs,
    /// Bytes of the output in F32.
    Activations,
}

impl Cost {
    /// All costs.
    pub const ALL: [Self; 3] = [Self::Parameters, Self::Macs, Self::Activations];

    /// Returns the name in links.
    pub fn name(self) -> &'static str {
        match self {
            Self::Parameters => "parameters",
            Self::Macs => "macs",
            Self::Activations => "activations",
        }
    }

    /// Returns the cost with this name.
    pub fn named(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|cost| cost.name() == name)
    }

    /// Formats a value for reading.
    pub fn text(self, value: u64) -> String {
        match self {
            Self::Parameters => super::units::count(value),
            Self::Macs => super::units::macs(value),
            Self::Activations => super::units::bytes(value),
        }
    }
}

/// The counts of one layer.
#[derive(Debug, Clone, PartialEq)]
pub struct LayerCosts {
    /// Name of the node.
    pub name: String,
    /// Operation of the node.
    pub op: Op,
    /// Trainable parameters.
    pub parameters: u64,
    /// MACs of one pass.
    pub macs: u64,
    /// Bytes of the output in F32.
    pub activation_bytes: u64,
    /// Kind of the layer.
    pub kind: LayerKind,
}

impl LayerCosts {
    /// Returns one of the costs.
    pub fn cost(&self, cost: Cost) -> u64 {
        match cost {
            Cost::Parameters => self.parameters,
            Cost::Macs => self.macs,
            Cost::Activations => self.activation_bytes,
        }
    }
}

/// Returns the layers of a network in running order, with or without auxiliary classifiers. The input, dropout and
/// softmax do not count as layers: they have no weights and compute no feature map.
pub fn profile(graph: &Graph, with_auxiliary: bool) -> Vec<LayerCosts> {
    let rows = Summary::of(graph).layers;
    let layers = graph.iter().zip(rows).filter(|((id, node), _)| {
        let is_layer = !matches!(node.op, Op::Input | Op::Dropout(_) | Op::Softmax(_));
        is_layer && (with_auxiliary || !is_auxiliary(graph, *id))
    });
    let layers = layers.map(|((_, node), row)| LayerCosts {
        name: row.name,
        op: row.op,
        parameters: row.parameters,
        macs: row.macs,
        activation_bytes: row.activation_bytes,
        kind: LayerKind::of(&node.op),
    });
    layers.collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::compare::Column;
    use net::{names, network};

    #[test]
    fn layers_add_up_to_the_network() {
        for name in names() {
            let graph = network(name).expect("should be declared");
            for (with_auxiliary, column) in [(true, Column::of(&graph)), (false, Column::without_auxiliary(&graph))] {
                let layers = profile(&graph, with_auxiliary);
                let sum = |cost| layers.iter().map(|layer| layer.cost(cost)).sum::<u64>();
                assert_eq!(sum(Cost::Parameters), column.totals.parameters, "{name}");
                assert_eq!(sum(Cost::Macs), column.totals.macs, "{name}");
                assert!(sum(Cost::Activations) < column.totals.activation_bytes, "{name}");
            }
        }
    }

    #[test]
    fn the_largest_layer_of_vgg() {
        let layers = profile(&network("vgg16").expect("should be declared"), true);
        let largest = layers.iter().max_by_key(|layer| layer.parameters).expect("should have layers");
        assert_eq!((largest.name.as_str(), largest.parameters), ("classifier.0", 102_764_544));
    }
}
