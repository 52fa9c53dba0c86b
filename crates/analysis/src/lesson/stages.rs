//! The stages of a network: its layers grouped by the side of their feature maps (He et al. 2015, section 3.3: if the
//! side is halved, the number of filters is doubled, so that every layer has the same cost).

use super::mini_network::MiniNetwork;
use net::{Activation, BlockKind, Conv2d, Graph, NetError, NodeId, Op, Shape, Window};

/// A 3x3 convolution with stride 1 that represents its stage.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TypicalConvolution {
    /// Name of the convolution.
    pub name: String,
    /// Number of filters.
    pub filters: usize,
    /// MACs of one pass over one image.
    pub macs: u64,
    /// The MACs as an arithmetic expression.
    pub arithmetic: String,
}

/// Consecutive layers whose feature maps have the same side.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ResolutionStage {
    /// The side, in pixels.
    pub side: usize,
    /// Channels of the last layer of the stage.
    pub channels: usize,
    /// Number of convolutions.
    pub convolutions: usize,
    /// MACs of all layers of the stage in one pass over one image.
    pub macs: u64,
    /// The last 3x3 convolution with stride 1, if there is one.
    pub typical: Option<TypicalConvolution>,
}

impl ResolutionStage {
    /// Returns the number of filters to which the rule applies: that of the 3x3 convolutions, or the channels of the
    /// stage if there are none.
    pub fn filters(&self) -> usize {
        self.typical.as_ref().map_or(self.channels, |typical| typical.filters)
    }
}

/// Returns the side of the feature maps of a node. For a node in a residual block, it is the side of the block's
/// output, as in table 1: the first 1x1 convolution of a bottleneck can have larger maps.
fn side(graph: &Graph, id: NodeId) -> usize {
    let block =
        graph.enclosing_blocks(id).map(|block| &graph.blocks[block.0]).find(|block| block.kind == BlockKind::Residual);
    let (_, height, _) = graph.node(block.map_or(id, |block| block.output)).shape.chw();
    height
}

/// Returns the stages of `graph` that have convolutions, in running order, without auxiliary classifiers.
pub fn stages(graph: &Graph) -> Vec<ResolutionStage> {
    let mut found: Vec<ResolutionStage> = Vec::new();
    for (id, node) in graph.iter() {
        let aside =
            graph.enclosing_blocks(id).any(|block| graph.blocks[block.0].kind == BlockKind::AuxiliaryClassifier);
        let Shape::Maps { channels, .. } = node.shape else { continue };
        if aside {
            continue;
        }
        let side = side(graph, id);
        if found.last().is_none_or(|stage| stage.side != side) {
            found.push(ResolutionStage { side, channels, convolutions: 0, macs: 0, typical: None });
        }
        let Some(stage) = found.last_mut() else { continue };
        let macs = graph.macs(id);
        stage.channels = channels;
        stage.macs += macs.value();
        if let Op::Conv2d(conv) = &node.op {
            stage.convolutions += 1;
            if (conv.window.kernel, conv.window.stride) == (3, 1) {
                let (name, arithmetic) = (node.name.clone(), macs.to_string());
                stage.typical =
                    Some(TypicalConvolution { name, filters: conv.channels, macs: macs.value(), arithmetic });
            }
        }
    }
    found.retain(|stage| stage.convolutions > 0);
    found
}

/// Returns whether the side is halved (odd sides rounded up or down), and whether the number of filters is doubled.
pub fn follows(before: &ResolutionStage, after: &ResolutionStage) -> (bool, bool) {
    let halved = [before.side / 2, before.side.div_ceil(2)].contains(&after.side);
    (halved, after.filters() == 2 * before.filters())
}

/// A 3x3 layer of a hypothetical stage.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct StageLayer {
    /// Side of its feature maps, in pixels.
    pub side: usize,
    /// Number of input channels and of output channels.
    pub width: usize,
    /// MACs for one input.
    pub macs: u64,
    /// Number of weights, without biases.
    pub weights: u64,
}

/// Returns one 3x3 layer for each of ResNet's four stages (sides 56, 28, 14, 7). The first has `width` channels; each
/// further one has `growth` times as many, rounded to whole numbers.
///
/// # Errors
/// Returns [`NetError::Shape`] if a layer would have no channels.
pub fn stage_layers(width: usize, growth: f64) -> Result<Vec<StageLayer>, NetError> {
    let sides: [usize; 4] = [56, 28, 14, 7];
    let layer = |(place, side): (i32, usize)| {
        let width = (width as f64 * growth.powi(place)).round() as usize;
        let plain = Conv2d::plain(width, 3, Activation::Identity);
        let layer = Op::Conv2d(Conv2d { window: Window::new(3, 1, 1), bias: false, ..plain });
        let graph = MiniNetwork::single(Shape::maps(width, side, side), layer)?;
        Ok(StageLayer { side, width, macs: graph.total_macs(), weights: graph.total_parameters() })
    };
    (0..).zip(sides).map(layer).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use net::network;

    fn of(name: &str) -> Vec<ResolutionStage> {
        stages(&network(name).expect("should be declared"))
    }

    fn sizes(name: &str) -> Vec<(usize, usize)> {
        of(name).iter().map(|stage| (stage.side, stage.channels)).collect()
    }

    #[test]
    fn sizes_agree_with_the_papers() {
        assert_eq!(sizes("vgg16"), [(224, 64), (112, 128), (56, 256), (28, 512), (14, 512)]);
        assert_eq!(sizes("resnet34"), [(112, 64), (56, 64), (28, 128), (14, 256), (7, 512)]);
        assert_eq!(sizes("resnet50"), [(112, 64), (56, 256), (28, 512), (14, 1024), (7, 2048)]);
        // Table 1: three convolutions in each of 3, 4, 6 and 3 blocks, and one projection in the first block of each
        // stage.
        let convolutions: Vec<usize> = of("resnet50").iter().map(|stage| stage.convolutions).collect();
        assert_eq!(convolutions, [1, 9 + 1, 12 + 1, 18 + 1, 9 + 1]);
        assert_eq!(sizes("googlenet"), [(112, 64), (56, 192), (28, 480), (14, 832), (7, 1024)]);
        assert_eq!(sizes("alexnet"), [(55, 96), (27, 256), (13, 256)]);
        assert_eq!(sizes("lenet5"), [(28, 6), (10, 16), (1, 120)]);
    }

    #[test]
    fn a_layer_costs_the_same_in_every_stage() {
        for name in ["resnet18", "resnet34", "resnet50", "resnet152"] {
            let costs: Vec<u64> = of(name).iter().filter_map(|stage| Some(stage.typical.as_ref()?.macs)).collect();
            assert_eq!(costs, [56 * 56 * 64 * 64 * 9; 4], "{name}");
        }
        // VGG stops doubling at 512 channels, so layers of the last stage cost a quarter.
        let costs: Vec<u64> = of("vgg16").iter().filter_map(|stage| Some(stage.typical.as_ref()?.macs)).collect();
        let first = 224 * 224 * 64 * 64 * 9;
        assert_eq!(costs, [first, first, first, first, first / 4]);
    }

    #[test]
    fn the_rule_holds_up_to_the_exceptions_of_the_papers() {
        let followed =
            |name: &str| -> Vec<(bool, bool)> { of(name).windows(2).map(|pair| follows(&pair[0], &pair[1])).collect() };
        assert_eq!(followed("vgg19"), [(true, true), (true, true), (true, true), (true, false)]);
        assert_eq!(followed("resnet50"), [(true, false), (true, true), (true, true), (true, true)]);
        assert!(followed("googlenet").iter().all(|&(halved, doubled)| halved && !doubled));
    }

    #[test]
    fn stages_account_for_all_macs_except_fully_connected_layers() {
        let graph = network("vgg16").expect("should be declared");
        let full = graph.iter().filter(|(_, node)| matches!(node.op, Op::Linear(_)));
        let full: u64 = full.map(|(id, _)| graph.macs(id).value()).sum();
        assert_eq!(of("vgg16").iter().map(|stage| stage.macs).sum::<u64>() + full, graph.total_macs());
        assert_eq!(of("vgg16").iter().map(|stage| stage.convolutions).sum::<usize>(), 13);
    }

    #[test]
    fn doubling_keeps_the_cost_constant() {
        let costs = |growth: f64| -> Vec<u64> {
            stage_layers(64, growth).expect("should fit").iter().map(|layer| layer.macs).collect()
        };
        let first = 56 * 56 * 64 * 64 * 9;
        assert_eq!(costs(2.0), [first; 4]);
        assert_eq!(costs(1.0), [first, first / 4, first / 16, first / 64]);
        assert_eq!(costs(4.0), [first, first * 4, first * 16, first * 64]);
        let weights: Vec<u64> = stage_layers(64, 2.0).expect("should fit").iter().map(|layer| layer.weights).collect();
        assert_eq!(weights, [36_864, 147_456, 589_824, 2_359_296]);
    }
}
