//! A network as one column of a comparison: its costs, their distribution, and its published errors.

use std::borrow::Cow;
use std::ops::Range;

use serde::Serialize;

use super::published::{PublishedResult, published_results};
use net::{BlockKind, Family, Graph, NodeId, Op, Summary, Totals};

/// The costs of a network and their distribution.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Column {
    /// Name of the network.
    pub network: &'static str,
    /// Title of the network; for a checkpoint, the name of its file.
    pub title: Cow<'static, str>,
    /// Family of the network.
    pub family: Family,
    /// Year of the paper.
    pub year: u16,
    /// The paper.
    pub source: &'static str,
    /// Shape of the input, NCHW.
    pub input_shape: Vec<usize>,
    /// Number of layers with weights on the longest path from the input to the scores, as papers count depth. Batch
    /// normalization does not count as a layer.
    pub depth: usize,
    /// Parameters, MACs and bytes of the network. In a column without auxiliary classifiers, they are left out.
    pub totals: Totals,
    /// Parameters, MACs and bytes of the auxiliary classifiers, which only training uses.
    #[serde(rename = "side")]
    pub auxiliary: Totals,
    /// The parameters by the kind of layer.
    #[serde(rename = "homes")]
    pub parameters_by_kind: ParametersByKind,
    /// The work at each size of the feature maps, the largest first, without auxiliary classifiers.
    pub resolutions: Vec<Resolution>,
    /// The published errors.
    #[serde(rename = "marks")]
    pub published_results: &'static [PublishedResult],
}

/// The kinds of layers that have parameters.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum LayerKind {
    /// A convolution.
    Convolution,
    /// A fully connected layer.
    FullyConnected,
    /// A batch normalization.
    BatchNorm,
    /// Another operation, such as LeNet-5's subsampling.
    Other,
}

/// Trainable parameters by the kind of layer.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize)]
pub struct ParametersByKind {
    /// Parameters of convolutions.
    pub convolution: u64,
    /// Parameters of fully connected layers.
    #[serde(rename = "full_connection")]
    pub fully_connected: u64,
    /// Parameters of batch normalizations.
    pub batch_norm: u64,
    /// Parameters of other operations, such as LeNet-5's subsampling.
    pub other: u64,
}

/// The work of a network at one size of its feature maps.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize)]
pub struct Resolution {
    /// Rows of a feature map, in pixels; 1 for a vector.
    pub side: usize,
    /// Number of convolutions whose output has this size.
    pub convolutions: usize,
    /// The greatest number of channels of one output.
    pub channels: usize,
    /// Trainable parameters of all nodes whose output has this size.
    pub parameters: u64,
    /// MACs of these nodes in one pass.
    pub macs: u64,
    /// Bytes of their outputs in F32.
    pub activation_bytes: u64,
}

impl Column {
    /// Counts the whole of `graph`.
    pub fn of(graph: &Graph) -> Self {
        Self::counted(graph, true)
    }

    /// Counts `graph` without its auxiliary classifiers, as it is used after training.
    pub fn without_auxiliary(graph: &Graph) -> Self {
        Self::counted(graph, false)
    }

    fn counted(graph: &Graph, with_auxiliary: bool) -> Self {
        let Summary { network, title, family, input_shape, year, source, layers, totals: all, .. } = Summary::of(graph);
        let (beside, main): (Vec<_>, Vec<_>) =
            graph.iter().zip(&layers).partition(|((id, _), _)| is_auxiliary(graph, *id));
        let auxiliary = Totals::of(beside.iter().map(|(_, row)| *row));
        let totals = if with_auxiliary { all } else { Totals::of(main.iter().map(|(_, row)| *row)) };
        let mut parameters_by_kind = ParametersByKind::default();
        for (_, row) in main.iter().chain(beside.iter().filter(|_| with_auxiliary)) {
            *parameters_by_kind.get_mut(LayerKind::of(&row.op)) += row.parameters;
        }
        let mut resolutions: Vec<Resolution> = Vec::new();
        for ((_, node), row) in main {
            let (channels, side, _) = node.shape.chw();
            let place = resolutions.iter().position(|resolution| resolution.side == side).unwrap_or_else(|| {
                resolutions.push(Resolution { side, ..Resolution::default() });
                resolutions.len() - 1
            });
            let resolution = &mut resolutions[place];
            resolution.convolutions += usize::from(matches!(node.op, Op::Conv2d(_)));
            resolution.channels = resolution.channels.max(channels);
            resolution.parameters += row.parameters;
            resolution.macs += row.macs;
            resolution.activation_bytes += row.activation_bytes;
        }
        net::order::sort_by_key(&mut resolutions, |resolution| std::cmp::Reverse(resolution.side));
        Self {
            network,
            title: Cow::Borrowed(title),
            family,
            year,
            source,
            input_shape,
            depth: depths(graph, 0..graph.nodes.len())[graph.logits.0],
            totals,
            auxiliary,
            parameters_by_kind,
            resolutions,
            published_results: published_results(network),
        }
    }

    /// Returns the fraction of the MACs at one size of the feature maps, from 0 to 1, without auxiliary classifiers.
    pub fn share_of_macs(&self, resolution: &Resolution) -> f64 {
        let all: u64 = self.resolutions.iter().map(|resolution| resolution.macs).sum();
        resolution.macs as f64 / all.max(1) as f64
    }

    /// Returns the record with the published top-1 error of a single model. A record of the paper comes before that of
    /// the model card.
    pub fn top1(&self) -> Option<&'static PublishedResult> {
        self.published_results.iter().find(|result| result.models == 1 && result.top1.is_some())
    }

    /// Returns the record with the published top-5 error of a single model. A record of the paper comes before that of
    /// the model card.
    pub fn top5(&self) -> Option<&'static PublishedResult> {
        self.published_results.iter().find(|result| result.models == 1 && result.top5.is_some())
    }

    /// Returns the record of the largest ensemble that contains the network.
    pub fn ensemble(&self) -> Option<&'static PublishedResult> {
        self.published_results.iter().filter(|result| result.models > 1).max_by_key(|result| result.models)
    }
}

impl LayerKind {
    /// All kinds, in the order of [`ParametersByKind`].
    pub const ALL: [Self; 4] = [Self::Convolution, Self::FullyConnected, Self::BatchNorm, Self::Other];

    /// Returns the kind of an operation.
    pub fn of(op: &Op) -> Self {
        match op {
            Op::Conv2d(_) => Self::Convolution,
            Op::Linear(_) => Self::FullyConnected,
            Op::BatchNorm2d(_) => Self::BatchNorm,
            _ => Self::Other,
        }
    }

    /// Returns the name in exports.
    pub fn name(self) -> &'static str {
        match self {
            Self::Convolution => "convolution",
            Self::FullyConnected => "fully connected layer",
            Self::BatchNorm => "batch normalization",
            Self::Other => "other",
        }
    }
}

impl ParametersByKind {
    /// Returns the parameters of one kind of layer.
    pub fn get(&self, kind: LayerKind) -> u64 {
        match kind {
            LayerKind::Convolution => self.convolution,
            LayerKind::FullyConnected => self.fully_connected,
            LayerKind::BatchNorm => self.batch_norm,
            LayerKind::Other => self.other,
        }
    }

    fn get_mut(&mut self, kind: LayerKind) -> &mut u64 {
        match kind {
            LayerKind::Convolution => &mut self.convolution,
            LayerKind::FullyConnected => &mut self.fully_connected,
            LayerKind::BatchNorm => &mut self.batch_norm,
            LayerKind::Other => &mut self.other,
        }
    }
}

/// Returns whether a node belongs to an auxiliary classifier.
pub(super) fn is_auxiliary(graph: &Graph, id: NodeId) -> bool {
    graph.enclosing_blocks(id).any(|block| graph.blocks[block.0].kind == BlockKind::AuxiliaryClassifier)
}

/// Returns for each node of a range the number of layers with weights on the longest path to it from the beginning of
/// the range.
pub(super) fn depths(graph: &Graph, nodes: Range<usize>) -> Vec<usize> {
    let mut depths: Vec<usize> = Vec::with_capacity(nodes.len());
    for id in nodes.clone().map(NodeId) {
        let node = graph.node(id);
        let inside = node.inputs.iter().filter_map(|input| input.0.checked_sub(nodes.start));
        let before = inside.map(|place| depths[place]).max().unwrap_or(0);
        let weighted = !matches!(node.op, Op::BatchNorm2d(_)) && !graph.tensors(id).is_empty();
        depths.push(before + usize::from(weighted));
    }
    depths
}

#[cfg(test)]
mod tests {
    use super::super::published;
    use super::*;
    use net::{FAMILIES, names, network};

    fn column(name: &str) -> Column {
        Column::of(&network(name).expect("should be declared"))
    }

    #[test]
    fn depths_are_those_that_the_papers_name() {
        for (name, depth) in [
            // "LeNet-5 comprises seven layers, not counting the input": C1, S2, C3, S4, C5, F6 and the output.
            ("lenet5", 7),
            // Its subsampling has no weights.
            ("lenet5-modern", 5),
            ("alexnet", 8),
            ("alexnet-torchvision", 8),
            ("vgg11", 11),
            ("vgg11-lrn", 11),
            ("vgg13", 13),
            ("vgg16-c", 16),
            ("vgg16", 16),
            ("vgg19", 19),
            ("googlenet", 22),
            ("googlenet-torchvision", 22),
            // A naive module is one layer deep.
            ("googlenet-naive", 13),
            ("resnet18", 18),
            ("resnet34", 34),
            ("resnet50", 50),
            ("resnet50-paper", 50),
            ("resnet101", 101),
            ("resnet152", 152),
            ("alexnet-cifar10", 8),
            ("vgg16-cifar10", 16),
            ("googlenet-cifar10", 22),
            ("resnet18-cifar10", 18),
            ("resnet20-cifar", 20),
            ("resnet56-cifar", 56),
            ("plain20-cifar", 20),
            ("plain56-cifar", 56),
        ] {
            assert_eq!(column(name).depth, depth, "{name}");
        }
    }

    #[test]
    fn parts_add_up_to_the_totals() {
        for name in names() {
            let Column { totals, auxiliary, parameters_by_kind, resolutions, .. } = column(name);
            let ParametersByKind { convolution, fully_connected, batch_norm, other } = parameters_by_kind;
            assert_eq!(convolution + fully_connected + batch_norm + other, totals.parameters, "{name}");
            let sum = |part: fn(&Resolution) -> u64| resolutions.iter().map(part).sum::<u64>();
            assert_eq!(sum(|r| r.parameters) + auxiliary.parameters, totals.parameters, "{name}");
            assert_eq!(sum(|r| r.macs) + auxiliary.macs, totals.macs, "{name}");
            assert_eq!(sum(|r| r.activation_bytes) + auxiliary.activation_bytes, totals.activation_bytes, "{name}");
        }
    }

    #[test]
    fn vgg_has_most_parameters_in_fully_connected_layers() {
        // Simonyan and Zisserman 2014: three fully connected layers. The first has 7*7*512*4096 weights and 4096
        // biases.
        let vgg = column("vgg16");
        assert_eq!(
            (vgg.parameters_by_kind.fully_connected, vgg.parameters_by_kind.convolution),
            (123_642_856, 14_714_688)
        );
        let sides: Vec<usize> = vgg.resolutions.iter().map(|resolution| resolution.side).collect();
        assert_eq!(sides, [224, 112, 56, 28, 14, 7, 1]);
        let convolutions: Vec<usize> = vgg.resolutions.iter().map(|resolution| resolution.convolutions).collect();
        assert_eq!(convolutions, [2, 2, 3, 3, 3, 0, 0]);
    }

    #[test]
    fn the_first_published_error_is_shown() {
        let resnet18 = column("resnet18");
        assert_eq!(resnet18.top1().and_then(|result| result.top1), Some(27.88), "its paper has it");
        assert_eq!(resnet18.top5().and_then(|result| result.top5), Some(10.922), "its model card has it");
        let googlenet = column("googlenet");
        assert!(googlenet.top1().is_none());
        assert_eq!(googlenet.top5().and_then(|result| result.top5), Some(10.07));
        assert_eq!(column("alexnet-torchvision").top5().and_then(|result| result.top5), Some(20.934));
    }

    #[test]
    fn auxiliary_classifiers_are_counted_apart() {
        let googlenet = column("googlenet");
        assert_eq!(googlenet.totals.parameters - googlenet.auxiliary.parameters, 6_998_552);
        let shares = |column: &Column| column.resolutions.iter().map(|one| column.share_of_macs(one)).sum::<f64>();
        assert!((shares(&googlenet) - 1.0).abs() < 1e-9, "with auxiliary classifiers or without");
        let trained = Column::without_auxiliary(&network("googlenet").expect("should be declared"));
        let ParametersByKind { convolution, fully_connected, batch_norm, other } = trained.parameters_by_kind;
        assert_eq!(trained.totals.parameters, 6_998_552);
        assert_eq!(convolution + fully_connected + batch_norm + other, 6_998_552);
        assert!(
            names()
                .filter(|name| column(name).auxiliary != Totals::default())
                .all(|name| name.starts_with("googlenet"))
        );
    }

    #[test]
    fn every_family_has_published_errors_and_every_record_a_network() {
        for family in FAMILIES {
            assert!(family.variants.iter().any(|(name, _)| !published_results(name).is_empty()), "{}", family.title);
        }
        for name in published::names() {
            assert!(network(name).is_ok(), "{name}");
            for result in published_results(name) {
                let errors = [result.top1, result.top5];
                assert!(errors.iter().any(Option::is_some), "{name}: {result:?}");
                assert!(errors.iter().flatten().all(|error| (0.1..60.0).contains(error)), "{name}: {result:?}");
                assert!(result.top1.zip(result.top5).is_none_or(|(top1, top5)| top5 < top1), "{name}: {result:?}");
            }
        }
        // The results in ILSVRC, which are those of ensembles.
        for (name, top5) in [("alexnet", 15.3), ("vgg16", 7.3), ("googlenet", 6.67), ("resnet152", 3.57)] {
            let found = column(name).ensemble().and_then(|result| result.top5);
            assert_eq!(found, Some(top5), "{name}");
        }
    }
}
