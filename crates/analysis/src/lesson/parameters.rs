//! The distribution of a network's parameters (Simonyan and Zisserman 2014, table 2), and the distribution if the last
//! feature maps were averaged to fewer pixels before the fully connected layers.

use super::mini_network::MiniNetwork;
use net::{Activation, AdaptiveAvgPool2d, BlockKind, Expr, Graph, Linear, NetError, Node, NodeId, Op, Shape};

/// A layer with parameters.
#[derive(Debug, Clone, PartialEq)]
pub struct LayerParameters {
    /// The module path of the layer.
    pub name: String,
    /// The operation.
    pub op: Op,
    /// The shape of the input.
    pub input: Shape,
    /// The shape of the output.
    pub output: Shape,
    /// The number of parameters, as an arithmetic expression.
    pub parameters: Expr,
    /// Multiplications for one image.
    pub multiplications: u64,
}

impl LayerParameters {
    /// Formats the parameters as products of sizes: `7×7×512×4096 + 4096`.
    pub fn arithmetic(&self) -> String {
        let (channels, height, width) = self.input.chw();
        match &self.op {
            Op::Linear(linear) => {
                let units = linear.units;
                let maps = if self.input.is_flat() { String::new() } else { format!("{height}×{width}×") };
                format!("{maps}{channels}×{units} + {units}")
            }
            Op::Conv2d(conv) if conv.connections.is_none() => {
                let (side, from, to) = (conv.window.kernel, channels / conv.groups.max(1), conv.channels);
                let bias = if conv.bias { format!(" + {to}") } else { String::new() };
                format!("{side}×{side}×{from}×{to}{bias}")
            }
            _ => self.parameters.to_string().replace('*', "×"),
        }
    }
}

/// Returns the layers of `graph` with parameters, in running order, without auxiliary classifiers.
pub fn layers_with_parameters(graph: &Graph) -> Vec<LayerParameters> {
    let row = |(id, node): (NodeId, &Node)| LayerParameters {
        name: node.name.clone(),
        op: node.op.clone(),
        input: graph.input_shape(id),
        output: node.shape,
        parameters: graph.parameters(id),
        multiplications: graph.macs(id).value(),
    };
    graph.iter().filter(|(id, _)| !is_auxiliary(graph, *id)).map(row).filter(|row| row.parameters.value() > 0).collect()
}

/// Returns whether a node belongs to an auxiliary classifier.
fn is_auxiliary(graph: &Graph, id: NodeId) -> bool {
    graph.enclosing_blocks(id).any(|block| graph.blocks[block.0].kind == BlockKind::AuxiliaryClassifier)
}

/// The layers between the last feature maps and the scores.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ClassifierLayers {
    /// The fully connected layers of the network.
    Own,
    /// A single fully connected layer, which gives the scores.
    Single,
}

/// Returns the layers with parameters that `graph` would have if its last feature maps were averaged to `side` x `side`
/// before the fully connected layers. Returns `None` if no fully connected layer reads maps of more than one pixel.
///
/// # Errors
/// Returns [`NetError::Shape`] if the maps are smaller than `side`.
pub fn pooled(graph: &Graph, side: usize, head: ClassifierLayers) -> Option<Result<Vec<LayerParameters>, NetError>> {
    let maps = last_maps(graph)?;
    Some(connected(graph, maps, side, head))
}

/// Returns the shape of the feature maps that the first fully connected layer of `graph` reads, or `None` if they are
/// single pixels.
pub fn last_maps(graph: &Graph) -> Option<Shape> {
    let connects = |&(id, node): &(NodeId, &Node)| matches!(node.op, Op::Linear(_)) && !is_auxiliary(graph, id);
    let first = graph.iter().find(connects)?.0;
    let mut maps = *graph.node(first).inputs.first()?;
    while graph.node(maps).op.passes_through() {
        maps = *graph.node(maps).inputs.first()?;
    }
    let shape = graph.node(maps).shape;
    (!shape.is_flat()).then_some(shape)
}

fn connected(
    graph: &Graph,
    maps: Shape,
    side: usize,
    head: ClassifierLayers,
) -> Result<Vec<LayerParameters>, NetError> {
    let all = layers_with_parameters(graph);
    let (own, mut layers): (Vec<_>, Vec<_>) = all.into_iter().partition(|row| matches!(row.op, Op::Linear(_)));
    let units: Vec<(&str, usize)> = own.iter().map(|row| (row.name.as_str(), row.output.elements())).collect();
    let kept = if head == ClassifierLayers::Single { units.len().saturating_sub(1) } else { 0 };
    let network = MiniNetwork::graph(maps, |net| {
        net.then("pool", Op::AdaptiveAvgPool2d(AdaptiveAvgPool2d { side }))?;
        for (name, units) in &units[kept..] {
            net.then(name, Op::Linear(Linear { units: *units, activation: Activation::Identity }))?;
        }
        Ok(())
    })?;
    layers.extend(layers_with_parameters(&network));
    Ok(layers)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::compare::Column;
    use net::network;

    fn total(rows: &[LayerParameters]) -> u64 {
        rows.iter().map(|row| row.parameters.value()).sum()
    }

    #[test]
    fn layers_have_all_parameters_except_those_of_auxiliary_classifiers() {
        for name in ["vgg11", "vgg13", "vgg16", "vgg19", "alexnet", "googlenet", "resnet50"] {
            let graph = network(name).expect("should be declared");
            assert_eq!(
                total(&layers_with_parameters(&graph)),
                Column::without_auxiliary(&graph).totals.parameters,
                "{name}"
            );
        }
    }

    #[test]
    fn the_written_products_give_the_counts() {
        for name in ["vgg16", "alexnet", "googlenet", "resnet50"] {
            for row in layers_with_parameters(&network(name).expect("should be declared")) {
                let text = row.arithmetic();
                let product =
                    |part: &str| part.split('×').map(|n| n.parse::<u64>().expect("a number")).product::<u64>();
                assert_eq!(
                    text.split(" + ").map(product).sum::<u64>(),
                    row.parameters.value(),
                    "{name} {}: {text}",
                    row.name
                );
            }
        }
        let graph = network("vgg16").expect("should be declared");
        let first =
            layers_with_parameters(&graph).into_iter().find(|row| row.name == "classifier.0").expect("should be there");
        assert_eq!(first.arithmetic(), "7×7×512×4096 + 4096");
    }

    #[test]
    fn pooling_to_the_same_size_changes_nothing() {
        for (name, side) in [("vgg11", 7), ("vgg16", 7), ("vgg19", 7), ("alexnet", 6)] {
            let graph = network(name).expect("should be declared");
            let maps = last_maps(&graph).expect("should be maps");
            assert_eq!(maps.chw().1, side, "{name}");
            let rows = pooled(&graph, side, ClassifierLayers::Own).expect("should be there").expect("should be built");
            assert_eq!(total(&rows), graph.total_parameters(), "{name}");
            assert!(pooled(&graph, side + 1, ClassifierLayers::Own).expect("should be there").is_err());
        }
    }

    #[test]
    fn one_pixel_per_map_leaves_a_forty_ninth_of_the_weights() {
        let graph = network("vgg16").expect("should be declared");
        let of = |side, head| pooled(&graph, side, head).expect("should be there").expect("should be built");
        for side in 1..=7 {
            let rows = of(side, ClassifierLayers::Own);
            let first = rows.iter().find(|row| row.name == "classifier.0").expect("should be there");
            assert_eq!(first.parameters.value(), (side * side * 512 * 4096 + 4096) as u64);
        }
        let single = of(1, ClassifierLayers::Single);
        assert_eq!(single.last().map(|row| row.parameters.value()), Some(512 * 1000 + 1000));
        assert_eq!(total(&single), 14_714_688 + 513_000);
    }

    #[test]
    fn networks_with_global_average_pooling_have_no_maps_to_pool() {
        for name in ["googlenet", "resnet50"] {
            assert_eq!(last_maps(&network(name).expect("should be declared")), None, "{name}");
        }
    }
}
