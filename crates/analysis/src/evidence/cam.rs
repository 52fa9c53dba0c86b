//! Class activation maps: Zhou, Khosla, Lapedriza, Oliva and Torralba, *Learning Deep Features for Discriminative
//! Localization*, 2016, section 2.

use net::{Effects, Graph, NodeId, Op};

/// Where a network ends in global average pooling and one full connection, a class's score is a mean over places: the
/// map of what each place adds to it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ClassActivation {
    /// The last feature maps: `[C, H, W]`.
    pub maps: NodeId,
    /// Their pooling.
    pub pool: NodeId,
    /// The full connection, whose row for a class weighs the maps: `[classes, C]`.
    pub linear: NodeId,
}

impl ClassActivation {
    /// Of `graph`; `None` where its scores are no such mean.
    pub fn of(graph: &Graph) -> Option<Self> {
        let linear = graph.logits;
        if !matches!(graph.node(linear).op, Op::Linear(_)) {
            return None;
        }
        // Back over what hands its input on.
        let mut pool = *graph.node(linear).inputs.first()?;
        while graph.node(pool).op.hands_on() {
            pool = *graph.node(pool).inputs.first()?;
        }
        let pools = matches!(graph.node(pool).op, Op::AdaptiveAvgPool2d(_) | Op::AvgPool2d(_));
        let maps = *graph.node(pool).inputs.first()?;
        let ((channels, height, width), (pooled, rows, columns)) =
            (graph.node(maps).shape.chw(), graph.node(pool).shape.chw());
        let is_global = pools && (rows, columns) == (1, 1) && channels == pooled && height * width > 1;
        is_global.then_some(Self { maps, pool, linear })
    }

    /// What each place of the maps adds to a class's score, row-major `[H, W]`: the mean over it, and the class's bias, is
    /// the score. `values` are the maps' (CHW), `weights` the class's row of the full connection; both as they are, what
    /// `effects` multiply between them is taken in.
    pub fn map(&self, graph: &Graph, effects: &Effects, values: &[f32], weights: &[f32]) -> Vec<f32> {
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
    fn it_is_there_where_a_network_ends_in_global_average_pooling() {
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
