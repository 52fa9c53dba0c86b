//! What a network costs along its depth, layer by layer.

use super::column::{Kind, is_beside};
use net::{Graph, Op, Summary};

/// What is counted of a layer.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Cost {
    /// Trainable parameters.
    Parameters,
    /// Multiply-accumulates of one pass.
    Macs,
    /// Bytes of the output in F32.
    Activations,
}

impl Cost {
    /// All of them.
    pub const ALL: [Self; 3] = [Self::Parameters, Self::Macs, Self::Activations];

    /// Its name in links.
    pub fn name(self) -> &'static str {
        match self {
            Self::Parameters => "parameters",
            Self::Macs => "macs",
            Self::Activations => "activations",
        }
    }

    /// The cost of this name.
    pub fn named(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|cost| cost.name() == name)
    }

    /// A value of it as people read it.
    pub fn text(self, value: u64) -> String {
        match self {
            Self::Parameters => super::units::count(value),
            Self::Macs => super::units::macs(value),
            Self::Activations => super::units::bytes(value),
        }
    }
}

/// A node of a network, counted.
#[derive(Debug, Clone, PartialEq)]
pub struct Layer {
    /// Its name.
    pub name: String,
    /// Its operation.
    pub op: Op,
    /// Trainable parameters.
    pub parameters: u64,
    /// Multiply-accumulates of one pass.
    pub macs: u64,
    /// Bytes of its output in F32.
    pub activation_bytes: u64,
    /// Of which kind it is.
    pub kind: Kind,
}

impl Layer {
    /// What it costs.
    pub fn cost(&self, cost: Cost) -> u64 {
        match cost {
            Cost::Parameters => self.parameters,
            Cost::Macs => self.macs,
            Cost::Activations => self.activation_bytes,
        }
    }
}

/// The layers of a network in the order in which they run, with or without side classifiers. The picture, dropout and
/// the turning of scores into probabilities are not layers here: they have no weights and compute no map.
pub fn profile(graph: &Graph, with_side: bool) -> Vec<Layer> {
    let rows = Summary::of(graph).layers;
    let layers = graph.iter().zip(rows).filter(|((id, node), _)| {
        let is_layer = !matches!(node.op, Op::Input | Op::Dropout(_) | Op::Softmax(_));
        is_layer && (with_side || !is_beside(graph, *id))
    });
    let layers = layers.map(|((_, node), row)| Layer {
        name: row.name,
        op: row.op,
        parameters: row.parameters,
        macs: row.macs,
        activation_bytes: row.activation_bytes,
        kind: Kind::of(&node.op),
    });
    layers.collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::compare::Column;
    use net::{names, network};

    #[test]
    fn layers_make_up_the_network() {
        for name in names() {
            let graph = network(name).expect("should be declared");
            for (with_side, column) in [(true, Column::of(&graph)), (false, Column::without_side(&graph))] {
                let layers = profile(&graph, with_side);
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
