//! ResNet: the columns of its table 1, and the networks for CIFAR-10 of its section 4.2.

mod cifar;

use super::NetError;
use super::builder::Builder;
use super::classes::Classes;
use super::edition;
use super::graph::{About, BlockKind, Family, Graph, NodeId};
use super::op::{Op, Window};
use super::ops::{AdaptiveAvgPool2d, Add, Conv2d, MaxPool2d};
use super::parts::{batch_norm, conv, linear, photo, relu, softmax};

pub(super) use cifar::{plain20_cifar, plain56_cifar, resnet20_cifar, resnet56_cifar};

const PAPER: &str = "He, Zhang, Ren, Sun: Deep Residual Learning for Image Recognition, 2015";

/// Figure 5: the two kinds of residual block.
#[derive(Clone, Copy, PartialEq)]
enum Kind {
    /// Two 3x3 convolutions.
    Basic,
    /// 1x1 to a quarter, 3x3, 1x1 back.
    Bottleneck,
}

/// Which convolution of a bottleneck steps over every second pixel.
#[derive(Clone, Copy, PartialEq)]
enum Stride {
    /// The 3x3: torchvision's.
    Second,
    /// The first 1x1: the paper's.
    First,
}

/// A column of table 1.
#[derive(Clone, Copy)]
struct Column {
    name: &'static str,
    title: &'static str,
    kind: Kind,
    /// Blocks of conv2_x to conv5_x.
    blocks: [usize; 4],
    stride: Stride,
    form: Form,
}

/// Sizes of a network, those of the paper or of an edition.
#[derive(Clone, Copy)]
struct Form {
    /// Side of the picture.
    side: usize,
    /// Kernel of the first convolution.
    kernel: usize,
    /// Stride of the first convolution.
    stride: usize,
    /// Channels of the first convolution and of conv2_x; the others double them.
    width: usize,
    source: &'static str,
    classes: Classes,
}

const FULL: Form = Form { side: 224, kernel: 7, stride: 2, width: 64, source: PAPER, classes: Classes::ImageNet };

/// The editions for CIFAR-10 (`super::edition`): the first kernel 3x3 at stride 1, half the channels.
const CIFAR10: Form = Form {
    side: edition::SIDE,
    kernel: 3,
    stride: 1,
    width: 32,
    source: "He et al. 2015, scaled to pictures of 32x32",
    classes: Classes::Cifar10,
};

const RESNET_18: Column = Column {
    name: "resnet18",
    title: "ResNet-18",
    kind: Kind::Basic,
    blocks: [2, 2, 2, 2],
    stride: Stride::Second,
    form: FULL,
};
const RESNET_18_CIFAR10: Column =
    Column { name: "resnet18-cifar10", title: "ResNet-18 for CIFAR-10", form: CIFAR10, ..RESNET_18 };
const RESNET_34: Column = Column { name: "resnet34", title: "ResNet-34", blocks: [3, 4, 6, 3], ..RESNET_18 };
const RESNET_50: Column = Column { name: "resnet50", title: "ResNet-50", kind: Kind::Bottleneck, ..RESNET_34 };
const RESNET_50_PAPER: Column =
    Column { name: "resnet50-paper", title: "ResNet-50, the paper's strides", stride: Stride::First, ..RESNET_50 };
const RESNET_101: Column = Column { name: "resnet101", title: "ResNet-101", blocks: [3, 4, 23, 3], ..RESNET_50 };
const RESNET_152: Column = Column { name: "resnet152", title: "ResNet-152", blocks: [3, 8, 36, 3], ..RESNET_50 };

/// Table 1: the networks that differ in nothing but their kind of block and how many there are.
const TABLE: [Column; 5] = [RESNET_18, RESNET_34, RESNET_50, RESNET_101, RESNET_152];

/// The network with `blocks` blocks in conv2_x to conv5_x, for pictures of 224x224 and 1000 classes (table 1), the
/// stride of a bottleneck on its 3x3. Where the numbers are a column's of that table, it has that network's name; else
/// it is called `resnet`, and is none of those that [`super::network`] knows.
///
/// # Errors
/// [`NetError::Shape`] where a layer cannot take what the one before it gives.
pub fn resnet_of(blocks: [usize; 4], bottleneck: bool) -> Result<Graph, NetError> {
    let kind = if bottleneck { Kind::Bottleneck } else { Kind::Basic };
    let named = TABLE.into_iter().find(|column| column.kind == kind && column.blocks == blocks);
    build(named.unwrap_or(Column { name: "resnet", title: "ResNet", kind, blocks, ..RESNET_18 }))
}

/// 18 layers: 11,689,512 parameters.
pub(super) fn resnet18() -> Result<Graph, NetError> {
    build(RESNET_18)
}

/// 18 layers for CIFAR-10: 2,797,610 parameters.
pub(super) fn resnet18_cifar10() -> Result<Graph, NetError> {
    build(RESNET_18_CIFAR10)
}

/// 34 layers: 21,797,672 parameters.
pub(super) fn resnet34() -> Result<Graph, NetError> {
    build(RESNET_34)
}

/// 50 layers: 25,557,032 parameters.
pub(super) fn resnet50() -> Result<Graph, NetError> {
    build(RESNET_50)
}

/// 50 layers, the stride of a stage on its first 1x1 convolution (section 3.4 with table 1).
pub(super) fn resnet50_paper() -> Result<Graph, NetError> {
    build(RESNET_50_PAPER)
}

/// 101 layers: 44,549,160 parameters.
pub(super) fn resnet101() -> Result<Graph, NetError> {
    build(RESNET_101)
}

/// 152 layers: 60,192,808 parameters.
pub(super) fn resnet152() -> Result<Graph, NetError> {
    build(RESNET_152)
}

/// A convolution without bias: batch normalisation has one.
const fn unbiased(channels: usize, kernel: usize, stride: usize) -> Op {
    Op::Conv2d(Conv2d { bias: false, ..conv(channels, kernel, stride, kernel / 2) })
}

/// What a block does to its input.
#[derive(Clone, Copy)]
struct Step {
    /// Channels of the 3x3 convolutions.
    width: usize,
    /// Channels that come out.
    out: usize,
    stride: usize,
}

/// The convolutions F(x) of a block, each with batch normalisation, all but the last with ReLU.
fn branch(net: &mut Builder, name: &str, from: NodeId, convolutions: &[Op]) -> Result<NodeId, NetError> {
    let mut last = from;
    for (op, i) in convolutions.iter().zip(1..) {
        net.add(&format!("{name}.conv{i}"), op.clone(), &[last])?;
        last = net.then(&format!("{name}.bn{i}"), batch_norm())?;
        if i < convolutions.len() {
            last = net.then(&format!("{name}.relu{i}"), relu())?;
        }
    }
    Ok(last)
}

/// A block of figure 5: F(x) + x, then ReLU; x is projected by a 1x1 convolution where its size changes (option B).
fn block(net: &mut Builder, name: &str, kind: Kind, at: Stride, step: Step) -> Result<(), NetError> {
    net.open(name, BlockKind::Residual);
    let from = net.last();
    let Step { width, out, stride } = step;
    let (first, second) = if at == Stride::First { (stride, 1) } else { (1, stride) };
    let convolutions = match kind {
        Kind::Basic => vec![unbiased(width, 3, stride), unbiased(width, 3, 1)],
        Kind::Bottleneck => vec![unbiased(width, 1, first), unbiased(width, 3, second), unbiased(out, 1, 1)],
    };
    let found = branch(net, name, from, &convolutions)?;
    let shortcut = if stride == 1 && net.shape(from).chw().0 == out {
        from
    } else {
        net.add(&format!("{name}.downsample.0"), unbiased(out, 1, stride), &[from])?;
        net.then(&format!("{name}.downsample.1"), batch_norm())?
    };
    net.add(&format!("{name}.add"), Op::Add(Add), &[found, shortcut])?;
    net.then(name, relu())?;
    net.close();
    Ok(())
}

fn build(column: Column) -> Result<Graph, NetError> {
    let form = column.form;
    let mut net = Builder::new(photo(form.side));
    net.open("stem", BlockKind::Stage);
    net.then("conv1", unbiased(form.width, form.kernel, form.stride))?;
    net.then("bn1", batch_norm())?;
    net.then("relu", relu())?;
    net.then("maxpool", Op::MaxPool2d(MaxPool2d { window: Window::new(3, 2, 1), ceil: false }))?;
    net.close();
    let expansion = if column.kind == Kind::Bottleneck { 4 } else { 1 };
    for (&blocks, i) in column.blocks.iter().zip(0..) {
        let width = form.width << i;
        net.open(&format!("layer{}", i + 1), BlockKind::Stage);
        for j in 0..blocks {
            // Section 3.3: where the maps are halved, their number is doubled.
            let stride = if i > 0 && j == 0 { 2 } else { 1 };
            let step = Step { width, out: width * expansion, stride };
            block(&mut net, &format!("layer{}.{j}", i + 1), column.kind, column.stride, step)?;
        }
        net.close();
    }
    end(&mut net, form.classes.count())?;
    let (Column { name, title, .. }, Form { source, classes, .. }) = (column, form);
    net.finish(About { name, title, family: Family::ResNet, year: 2015, source, classes })
}

/// The mean of each map, and a score for each class.
fn end(net: &mut Builder, classes: usize) -> Result<(), NetError> {
    net.open("classifier", BlockKind::Classifier);
    net.then("avgpool", Op::AdaptiveAvgPool2d(AdaptiveAvgPool2d { side: 1 }))?;
    net.then("fc", linear(classes))?;
    net.close();
    net.then("softmax", softmax())?;
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::resnet_of;
    use crate::network;

    #[test]
    fn four_numbers_are_a_network_of_the_table() {
        for (name, blocks, bottleneck) in [
            ("resnet18", [2, 2, 2, 2], false),
            ("resnet34", [3, 4, 6, 3], false),
            ("resnet50", [3, 4, 6, 3], true),
            ("resnet101", [3, 4, 23, 3], true),
            ("resnet152", [3, 8, 36, 3], true),
        ] {
            assert_eq!(resnet_of(blocks, bottleneck), network(name), "{name}");
        }
        let other = resnet_of([1, 1, 1, 1], true).expect("should be built");
        assert!(network(other.name).is_err());
    }
}
