//! Class activation maps (Zhou, Khosla, Lapedriza, Oliva and Torralba: *Learning Deep Features for Discriminative
//! Localization*, 2016, section 2).

use net::{AblationFactors, Graph, NodeId, Op};

/// The last layers of a network that has class activation maps.
///
/// Such a network ends in global average pooling and one fully connected layer. The score of a class is then a mean
/// over the cells of the last feature maps, and the class activation map is the contribution of each cell.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ClassActivation {
    /// The node of the last feature maps, `[channels, height, width]`.
    pub maps: NodeId,
    /// The node of their global average pooling.
    pub pool: NodeId,
    /// The fully connected layer, `[classes, channels]`. The row of a class weights the feature maps.
    pub linear: NodeId,
}

impl ClassActivation {
    /// Finds the layers in `graph`. Returns `None` if the network does not end in global average pooling and one fully
    /// connected layer.
    pub fn of(graph: &Graph) -> Option<Self> {
        let linear = graph.logits;
        if !matches!(graph.node(linear).op, Op::Linear(_)) {
            return None;
        }
        // Go back over nodes that pass their input on unchanged.
        let mut pool = *graph.node(linear).inputs.first()?;
        while graph.node(pool).op.passes_through() {
            pool = *graph.node(pool).inputs.first()?;
        }
        let pools = matches!(graph.node(pool).op, Op::AdaptiveAvgPool2d(_) | Op::AvgPool2d(_));
        let maps = *graph.node(pool).inputs.first()?;
        let ((channels, height, width), (pooled, rows, columns)) =
            (graph.node(maps).shape.chw(), graph.node(pool).shape.chw());
        let is_global = pools && (rows, columns) == (1, 1) && channels == pooled && height * width > 1;
        is_global.then_some(Self { maps, pool, linear })
    }

    /// Computes the class activation map of one class, `[height, width]` row-major. Its mean plus the bias of the class
    /// is the score.
    ///
    /// `values` are the feature maps, `[channels, height, width]`, and `weights` is the row of the class in the fully
    /// connected layer. The factors of `effects` for the pooling between them are applied here.
    pub fn map(&self, graph: &Graph, effects: &AblationFactors, values: &[f32], weights: &[f32]) -> Vec<f32> {
        let (_, height, width) = graph.node(self.maps).shape.chw();
        let mut out = vec![0.0; height * width];
        for (channel, (map, weight)) in values.chunks_exact(out.len().max(1)).zip(weights).enumerate() {
            let weight = weight * effects.factor(self.pool, channel);
            out.iter_mut().zip(map).for_each(|(sum, value)| *sum += weight * value);
        }
        out
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use net::{names, network};

    #[test]
    fn networks_that_end_in_global_average_pooling_have_the_map() {
        let has = |name: &str| {
            let graph = network(name).expect("should be declared");
            ClassActivation::of(&graph).map(|cam| graph.node(cam.maps).name.clone())
        };
        assert_eq!(has("resnet50").as_deref(), Some("layer4.2"));
        assert_eq!(has("googlenet").as_deref(), Some("inception5b"));
        let without: Vec<&str> = names().filter(|name| has(name).is_none()).collect();
        assert!(without.iter().all(|name| ["lenet", "alexnet", "vgg"].iter().any(|family| name.starts_with(family))));
        assert_eq!(without.len(), 13, "{without:?}");
    }
}
