//! GoogLeNet from the rows of its table 1: as published, with naive modules, as in torchvision, and scaled to CIFAR-10.

use super::activation::Activation;
use super::builder::Builder;
use super::cifar10_sizes;
use super::classes::Classes;
use super::error::NetError;
use super::graph::{About, BlockKind, Family, Graph, NodeId};
use super::operation::Window;
use super::ops::{AdaptiveAvgPool2d, AvgPool2d, BatchNorm2d, Concat, Conv2d, LocalResponseNorm, MaxPool2d, Op};
use super::shared::{conv, dropout, linear, photo, relu, softmax};

const PAPER: &str =
    "Szegedy, Liu, Jia, Sermanet, Reed, Anguelov, Erhan, Vanhoucke, Rabinovich: Going Deeper with Convolutions, 2014";

/// One Inception row of table 1: the output channels of each convolution.
#[derive(Clone, Copy)]
struct InceptionWidths {
    /// Number of the module, for example `3a`.
    name: &'static str,
    /// Column "#1x1".
    one: usize,
    /// Column "#3x3 reduce".
    three_reduce: usize,
    /// Column "#3x3".
    three: usize,
    /// Column "#5x5 reduce".
    five_reduce: usize,
    /// Column "#5x5".
    five: usize,
    /// Column "pool proj".
    pool: usize,
}

const fn row(name: &'static str, [one, three_reduce, three, five_reduce, five, pool]: [usize; 6]) -> InceptionWidths {
    InceptionWidths { name, one, three_reduce, three, five_reduce, five, pool }
}

/// Table 1, columns #1x1, #3x3 reduce, #3x3, #5x5 reduce, #5x5 and pool proj.
const ROWS: [InceptionWidths; 9] = [
    row("3a", [64, 96, 128, 16, 32, 32]),
    row("3b", [128, 128, 192, 32, 96, 64]),
    row("4a", [192, 96, 208, 16, 48, 64]),
    row("4b", [160, 112, 224, 24, 64, 64]),
    row("4c", [128, 128, 256, 24, 64, 64]),
    row("4d", [112, 144, 288, 32, 64, 64]),
    row("4e", [256, 160, 320, 32, 128, 128]),
    row("5a", [256, 160, 320, 32, 128, 128]),
    row("5b", [384, 192, 384, 48, 128, 128]),
];

impl InceptionWidths {
    /// Returns the row with all channels divided by `by`.
    const fn with_channels_divided(self, by: usize) -> Self {
        let Self { name, one, three_reduce, three, five_reduce, five, pool } = self;
        row(name, [one / by, three_reduce / by, three / by, five_reduce / by, five / by, pool / by])
    }
}

/// The sizes of one form of the network: the paper's, or those of the CIFAR-10 variant.
struct NetworkSizes {
    /// Side of the input image, in pixels.
    side: usize,
    /// The first convolution.
    first: Conv2d,
    /// Divisor of the paper's channels and of the units of its auxiliary classifiers.
    by: usize,
    /// The pooling of an auxiliary classifier.
    auxiliary_pool: AvgPool2d,
    /// The average pooling at the end of the network.
    last_pool: AvgPool2d,
    classes: Classes,
}

const FULL: NetworkSizes = NetworkSizes {
    side: 224,
    first: conv(64, 7, 2, 3),
    by: 1,
    auxiliary_pool: AvgPool2d { kernel: 5, stride: 3 },
    last_pool: AvgPool2d { kernel: 7, stride: 1 },
    classes: Classes::ImageNet,
};

/// The CIFAR-10 variant (`super::cifar10_sizes`): the first kernel is 3x3 with stride 1, and there are half the
/// channels.
const CIFAR10: NetworkSizes = NetworkSizes {
    side: cifar10_sizes::SIDE,
    first: conv(32, 3, 1, 1),
    by: 2,
    auxiliary_pool: AvgPool2d { kernel: 2, stride: 2 },
    last_pool: AvgPool2d { kernel: 2, stride: 1 },
    classes: Classes::Cifar10,
};

/// The paper gives no constants for its local response normalization. The authors' Caffe model has n = 5, alpha = 1e-4
/// divided by n, beta = 0.75 and k = 1.
const LRN: LocalResponseNorm = LocalResponseNorm { size: 5, alpha: 1e-4 / 5.0, beta: 0.75, k: 1.0 };

/// Max pooling of 3x3 with stride 2. Sizes are rounded up: 112, 56, 28, 14, 7.
const POOL_3X3: Op = Op::MaxPool2d(MaxPool2d { window: Window::new(3, 2, 0), ceil: true });
/// Max pooling of 2x2 with stride 2, which torchvision has before module 5a.
const POOL_2X2: Op = Op::MaxPool2d(MaxPool2d { window: Window::new(2, 2, 0), ceil: true });
/// The pooling of the fourth branch, which keeps the size.
const BRANCH_POOL: Op = Op::MaxPool2d(MaxPool2d { window: Window::new(3, 1, 1), ceil: true });

/// The composition of a convolution with what follows it.
#[derive(Clone, Copy, PartialEq)]
enum ConvolutionStyle {
    /// The paper's: bias, then ReLU within the same node.
    Paper,
    /// torchvision's: no bias, batch normalization, then ReLU.
    Torchvision,
}

/// Adds a convolution called `name` that reads `from`.
fn unit(net: &mut Builder, style: ConvolutionStyle, name: &str, op: Conv2d, from: NodeId) -> Result<NodeId, NetError> {
    if style == ConvolutionStyle::Paper {
        return net.add(name, Op::Conv2d(Conv2d { activation: Activation::Relu, ..op }), &[from]);
    }
    net.open(name, BlockKind::Unit);
    net.add(&format!("{name}.conv"), Op::Conv2d(Conv2d { bias: false, ..op }), &[from])?;
    net.then(&format!("{name}.bn"), Op::BatchNorm2d(BatchNorm2d { epsilon: 1e-3 }))?;
    let out = net.then(name, relu())?;
    net.close();
    Ok(out)
}

/// Adds the module of figure 2 (b): four branches over `from`, three of them with a 1x1 reduction, concatenated.
fn inception(
    net: &mut Builder,
    style: ConvolutionStyle,
    row: InceptionWidths,
    from: NodeId,
) -> Result<NodeId, NetError> {
    let name = format!("inception{}", row.name);
    // torchvision numbers the parts of a branch. It has 3x3 where the paper has 5x5. This slip is kept, because
    // checkpoints have it.
    let (second, five) = match style {
        ConvolutionStyle::Paper => {
            (["branch2_reduce", "branch2", "branch3_reduce", "branch3", "branch4_pool", "branch4"], 5)
        }
        ConvolutionStyle::Torchvision => {
            (["branch2.0", "branch2.1", "branch3.0", "branch3.1", "branch4.0", "branch4.1"], 3)
        }
    };
    let [three_reduce, three, five_reduce, five_name, pool, project] = second.map(|part| format!("{name}.{part}"));
    net.open(&name, BlockKind::Inception);
    let a = unit(net, style, &format!("{name}.branch1"), conv(row.one, 1, 1, 0), from)?;
    let b = unit(net, style, &three_reduce, conv(row.three_reduce, 1, 1, 0), from)?;
    let b = unit(net, style, &three, conv(row.three, 3, 1, 1), b)?;
    let c = unit(net, style, &five_reduce, conv(row.five_reduce, 1, 1, 0), from)?;
    let c = unit(net, style, &five_name, conv(row.five, five, 1, five / 2), c)?;
    let d = net.add(&pool, BRANCH_POOL, &[from])?;
    let d = unit(net, style, &project, conv(row.pool, 1, 1, 0), d)?;
    let out = net.add(&name, Op::Concat(Concat), &[a, b, c, d])?;
    net.close();
    Ok(out)
}

/// Adds the module of figure 2 (a): 1x1, 3x3 and 5x5 convolutions over all channels, and the pooled input.
fn naive(net: &mut Builder, row: InceptionWidths, from: NodeId) -> Result<NodeId, NetError> {
    let name = format!("inception{}", row.name);
    net.open(&name, BlockKind::Inception);
    let a = unit(net, ConvolutionStyle::Paper, &format!("{name}.branch1"), conv(row.one, 1, 1, 0), from)?;
    let b = unit(net, ConvolutionStyle::Paper, &format!("{name}.branch2"), conv(row.three, 3, 1, 1), from)?;
    let c = unit(net, ConvolutionStyle::Paper, &format!("{name}.branch3"), conv(row.five, 5, 1, 2), from)?;
    let d = net.add(&format!("{name}.branch4_pool"), BRANCH_POOL, &[from])?;
    let out = net.add(&name, Op::Concat(Concat), &[a, b, c, d])?;
    net.close();
    Ok(out)
}

/// Adds an auxiliary classifier over `from` (section 5). Its loss has the weight 0.3 in training. It is not part of
/// inference.
fn auxiliary_classifier(
    net: &mut Builder,
    style: ConvolutionStyle,
    form: &NetworkSizes,
    name: &str,
    from: NodeId,
) -> Result<(), NetError> {
    net.open(name, BlockKind::AuxiliaryClassifier);
    let part = |leaf: &str| format!("{name}.{leaf}");
    let pool = match style {
        ConvolutionStyle::Paper => Op::AvgPool2d(form.auxiliary_pool),
        ConvolutionStyle::Torchvision => Op::AdaptiveAvgPool2d(AdaptiveAvgPool2d { side: 4 }),
    };
    let pool = net.add(&part("pool"), pool, &[from])?;
    unit(net, style, &part("conv"), conv(128 / form.by, 1, 1, 0), pool)?;
    net.then(&part("fc1"), linear(1024 / form.by))?;
    net.then(&part("relu"), relu())?;
    net.then(&part("dropout"), dropout(0.7))?;
    let scores = net.then(&part("fc2"), linear(form.classes.count()))?;
    net.then(&part("softmax"), softmax())?;
    net.close_with(scores);
    Ok(())
}

/// Adds the end of the network: the mean of each map, 40 % dropout in training, and one score per class.
fn end(net: &mut Builder, pool: Op, classes: Classes, from: NodeId) -> Result<(), NetError> {
    net.open("classifier", BlockKind::Classifier);
    net.add("avgpool", pool, &[from])?;
    net.then("dropout", dropout(0.4))?;
    net.then("fc", linear(classes.count()))?;
    net.close();
    net.then("softmax", softmax())?;
    Ok(())
}

/// Adds the rows of table 1 before the first Inception module.
fn stem(net: &mut Builder, form: &NetworkSizes) -> Result<NodeId, NetError> {
    net.open("stem", BlockKind::Stage);
    let input = net.last();
    unit(net, ConvolutionStyle::Paper, "conv1", form.first, input)?;
    net.then("pool1", POOL_3X3)?;
    let last = net.then("norm1", Op::LocalResponseNorm(LRN))?;
    let last = unit(net, ConvolutionStyle::Paper, "conv2_reduce", conv(64 / form.by, 1, 1, 0), last)?;
    unit(net, ConvolutionStyle::Paper, "conv2", conv(192 / form.by, 3, 1, 1), last)?;
    net.then("norm2", Op::LocalResponseNorm(LRN))?;
    let last = net.then("pool2", POOL_3X3)?;
    net.close();
    Ok(last)
}

/// GoogLeNet (Szegedy et al. 2014, table 1 and figure 3): 6,998,552 parameters, or 13,378,280 with its two auxiliary
/// classifiers.
pub(super) fn googlenet() -> Result<Graph, NetError> {
    build(&FULL, about("googlenet", "GoogLeNet", PAPER))
}

/// GoogLeNet for CIFAR-10: 1,805,686 parameters with its auxiliary classifiers.
pub(super) fn googlenet_cifar10() -> Result<Graph, NetError> {
    let source = "Szegedy et al. 2014, scaled to pictures of 32x32";
    build(&CIFAR10, about("googlenet-cifar10", "GoogLeNet for CIFAR-10", source))
}

fn build(form: &NetworkSizes, about: About) -> Result<Graph, NetError> {
    let mut net = Builder::new(photo(form.side));
    let mut last = stem(&mut net, form)?;
    for row in ROWS.map(|row| row.with_channels_divided(form.by)) {
        last = inception(&mut net, ConvolutionStyle::Paper, row, last)?;
        last = match row.name {
            "3b" => net.add("pool3", POOL_3X3, &[last])?,
            "4e" => net.add("pool4", POOL_3X3, &[last])?,
            _ => last,
        };
        match row.name {
            "4a" => auxiliary_classifier(&mut net, ConvolutionStyle::Paper, form, "aux1", last)?,
            "4d" => auxiliary_classifier(&mut net, ConvolutionStyle::Paper, form, "aux2", last)?,
            _ => {}
        }
    }
    end(&mut net, Op::AvgPool2d(form.last_pool), form.classes, last)?;
    net.finish(About { classes: form.classes, ..about })
}

/// GoogLeNet's stem and widths with naive modules (figure 2 (a)). Without reductions the channels only grow, from 192
/// to 4944.
pub(super) fn googlenet_naive() -> Result<Graph, NetError> {
    let mut net = Builder::new(photo(224));
    let mut last = stem(&mut net, &FULL)?;
    for row in ROWS {
        last = naive(&mut net, row, last)?;
        last = match row.name {
            "3b" => net.add("pool3", POOL_3X3, &[last])?,
            "4e" => net.add("pool4", POOL_3X3, &[last])?,
            _ => last,
        };
    }
    end(&mut net, Op::AvgPool2d(FULL.last_pool), FULL.classes, last)?;
    net.finish(about(
        "googlenet-naive",
        "GoogLeNet, naive",
        "Szegedy et al. 2014, figure 2 (a): the Inception module before its reductions",
    ))
}

/// torchvision's GoogLeNet: batch normalization, 3x3 in the third branch, 13,004,888 parameters with its auxiliary
/// classifiers.
pub(super) fn googlenet_torchvision() -> Result<Graph, NetError> {
    let style = ConvolutionStyle::Torchvision;
    let mut net = Builder::new(photo(224));
    net.open("stem", BlockKind::Stage);
    let last = net.last();
    unit(&mut net, style, "conv1", conv(64, 7, 2, 3), last)?;
    let last = net.then("maxpool1", POOL_3X3)?;
    let last = unit(&mut net, style, "conv2", conv(64, 1, 1, 0), last)?;
    unit(&mut net, style, "conv3", conv(192, 3, 1, 1), last)?;
    let mut last = net.then("maxpool2", POOL_3X3)?;
    net.close();
    for row in ROWS {
        last = inception(&mut net, style, row, last)?;
        last = match row.name {
            "3b" => net.add("maxpool3", POOL_3X3, &[last])?,
            "4e" => net.add("maxpool4", POOL_2X2, &[last])?,
            _ => last,
        };
        match row.name {
            "4a" => auxiliary_classifier(&mut net, style, &FULL, "aux1", last)?,
            "4d" => auxiliary_classifier(&mut net, style, &FULL, "aux2", last)?,
            _ => {}
        }
    }
    end(&mut net, Op::AdaptiveAvgPool2d(AdaptiveAvgPool2d { side: 1 }), FULL.classes, last)?;
    net.finish(about("googlenet-torchvision", "GoogLeNet, torchvision", "Szegedy et al. 2014, as in torchvision"))
}

fn about(name: &'static str, title: &'static str, source: &'static str) -> About {
    About { name, title, family: Family::GoogLeNet, year: 2014, source, classes: Classes::ImageNet }
}

#[cfg(test)]
mod tests {
    use crate::{BlockKind, network};

    #[test]
    fn parameters_with_and_without_auxiliary_classifiers() {
        let net = network("googlenet").expect("should be declared");
        let sides: u64 = net
            .blocks
            .iter()
            .filter(|block| block.kind == BlockKind::AuxiliaryClassifier)
            .flat_map(|block| block.nodes.clone())
            .map(|place| net.parameters(crate::NodeId(place)).value())
            .sum();
        assert_eq!((net.total_parameters(), net.total_parameters() - sides), (13_378_280, 6_998_552));
        let aux = net.find("aux1").expect("should stand for the block's output");
        assert_eq!(net.node(aux).name, "aux1.fc2");
    }

    #[test]
    fn naive_modules_end_with_4944_channels() {
        let net = network("googlenet-naive").expect("should be declared");
        let last = net.node(net.find("inception5b").expect("should be a node"));
        assert_eq!(last.shape.to_string(), "4944@7x7");
    }
}
