//! ResNet (He et al. 2015): the columns of its table 1, and the networks for CIFAR-10 of its section 4.2.

mod cifar;

use super::builder::Builder;
use super::cifar10_sizes;
use super::classes::Classes;
use super::error::NetError;
use super::graph::{About, BlockKind, Family, Graph, NodeId};
use super::operation::Window;
use super::ops::{AdaptiveAvgPool2d, Add, Conv2d, MaxPool2d, Op};
use super::shared::{batch_norm, conv, linear, photo, relu, softmax};

pub(super) use cifar::{plain20_cifar, plain56_cifar, resnet20_cifar, resnet56_cifar};

const PAPER: &str = "He, Zhang, Ren, Sun: Deep Residual Learning for Image Recognition, 2015";

/// The two kinds of residual block (figure 5).
#[derive(Clone, Copy, PartialEq)]
enum ResidualKind {
    /// Two 3x3 convolutions.
    Basic,
    /// A 1x1 convolution to a quarter of the channels, a 3x3 convolution, and a 1x1 convolution back.
    Bottleneck,
}

/// The convolution of a bottleneck that has the stride of its stage.
#[derive(Clone, Copy, PartialEq)]
enum BottleneckStride {
    /// The 3x3 convolution, as in torchvision.
    Second,
    /// The first 1x1 convolution, as in the paper.
    First,
}

/// A column of table 1.
#[derive(Clone, Copy)]
struct Column {
    name: &'static str,
    title: &'static str,
    kind: ResidualKind,
    /// The numbers of blocks of conv2_x to conv5_x.
    blocks: [usize; 4],
    stride: BottleneckStride,
    form: NetworkSizes,
}

/// The sizes of one form of the network: the paper's, or those of the CIFAR-10 variant.
#[derive(Clone, Copy)]
struct NetworkSizes {
    /// Side of the input image, in pixels.
    side: usize,
    /// Kernel of the first convolution.
    kernel: usize,
    /// BottleneckStride of the first convolution.
    stride: usize,
    /// Channels of the first convolution and width of conv2_x. Each later stage doubles the width.
    width: usize,
    source: &'static str,
    classes: Classes,
}

const FULL: NetworkSizes =
    NetworkSizes { side: 224, kernel: 7, stride: 2, width: 64, source: PAPER, classes: Classes::ImageNet };

/// The CIFAR-10 variant (`super::cifar10_sizes`): the first kernel is 3x3 with stride 1, and there are half the
/// channels.
const CIFAR10: NetworkSizes = NetworkSizes {
    side: cifar10_sizes::SIDE,
    kernel: 3,
    stride: 1,
    width: 32,
    source: "He et al. 2015, scaled to pictures of 32x32",
    classes: Classes::Cifar10,
};

const RESNET_18: Column = Column {
    name: "resnet18",
    title: "ResNet-18",
    kind: ResidualKind::Basic,
    blocks: [2, 2, 2, 2],
    stride: BottleneckStride::Second,
    form: FULL,
};
const RESNET_18_CIFAR10: Column =
    Column { name: "resnet18-cifar10", title: "ResNet-18 for CIFAR-10", form: CIFAR10, ..RESNET_18 };
const RESNET_34: Column = Column { name: "resnet34", title: "ResNet-34", blocks: [3, 4, 6, 3], ..RESNET_18 };
const RESNET_50: Column = Column { name: "resnet50", title: "ResNet-50", kind: ResidualKind::Bottleneck, ..RESNET_34 };
const RESNET_50_PAPER: Column = Column {
    name: "resnet50-paper",
    title: "ResNet-50, the paper's strides",
    stride: BottleneckStride::First,
    ..RESNET_50
};
const RESNET_101: Column = Column { name: "resnet101", title: "ResNet-101", blocks: [3, 4, 23, 3], ..RESNET_50 };
const RESNET_152: Column = Column { name: "resnet152", title: "ResNet-152", blocks: [3, 8, 36, 3], ..RESNET_50 };

/// The columns of table 1. They differ only in the kind of block and in the numbers of blocks.
const TABLE: [Column; 5] = [RESNET_18, RESNET_34, RESNET_50, RESNET_101, RESNET_152];

/// Returns the ResNet with `blocks` blocks in conv2_x to conv5_x, for images of 224x224 and 1000 classes (table 1). The
/// stride of a bottleneck is on its 3x3 convolution.
///
/// If the numbers are those of a column of table 1, the graph has the name of that network. Otherwise it is called
/// `resnet`, a name that [`super::network`] does not know.
///
/// # Errors
/// [`NetError::Shape`] if a layer cannot take the shape of its input.
pub fn resnet_of(blocks: [usize; 4], bottleneck: bool) -> Result<Graph, NetError> {
    let kind = if bottleneck { ResidualKind::Bottleneck } else { ResidualKind::Basic };
    let named = TABLE.into_iter().find(|column| column.kind == kind && column.blocks == blocks);
    build(named.unwrap_or(Column { name: "resnet", title: "ResNet", kind, blocks, ..RESNET_18 }))
}

/// ResNet-18: 11,689,512 parameters.
pub(super) fn resnet18() -> Result<Graph, NetError> {
    build(RESNET_18)
}

/// ResNet-18 for CIFAR-10: 2,797,610 parameters.
pub(super) fn resnet18_cifar10() -> Result<Graph, NetError> {
    build(RESNET_18_CIFAR10)
}

/// ResNet-34: 21,797,672 parameters.
pub(super) fn resnet34() -> Result<Graph, NetError> {
    build(RESNET_34)
}

/// ResNet-50: 25,557,032 parameters.
pub(super) fn resnet50() -> Result<Graph, NetError> {
    build(RESNET_50)
}

/// ResNet-50 as published: the stride of a stage is on its first 1x1 convolution (section 3.4 with table 1).
pub(super) fn resnet50_paper() -> Result<Graph, NetError> {
    build(RESNET_50_PAPER)
}

/// ResNet-101: 44,549,160 parameters.
pub(super) fn resnet101() -> Result<Graph, NetError> {
    build(RESNET_101)
}

/// ResNet-152: 60,192,808 parameters.
pub(super) fn resnet152() -> Result<Graph, NetError> {
    build(RESNET_152)
}

/// Returns a convolution without bias. The batch normalization after it has one.
const fn unbiased(channels: usize, kernel: usize, stride: usize) -> Op {
    Op::Conv2d(Conv2d { bias: false, ..conv(channels, kernel, stride, kernel / 2) })
}

/// The sizes of one block.
#[derive(Clone, Copy)]
struct BlockSizes {
    /// Channels of the 3x3 convolutions.
    width: usize,
    /// Output channels of the block.
    out: usize,
    stride: usize,
}

/// Adds the branch F(x) of a block: its convolutions, each with batch normalization, and ReLU after all but the last.
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

/// Adds a block of figure 5: F(x) + x, then ReLU. If the size of x changes, a 1x1 convolution projects it (option B).
fn block(
    net: &mut Builder,
    name: &str,
    kind: ResidualKind,
    at: BottleneckStride,
    step: BlockSizes,
) -> Result<(), NetError> {
    net.open(name, BlockKind::Residual);
    let from = net.last();
    let BlockSizes { width, out, stride } = step;
    let (first, second) = if at == BottleneckStride::First { (stride, 1) } else { (1, stride) };
    let convolutions = match kind {
        ResidualKind::Basic => vec![unbiased(width, 3, stride), unbiased(width, 3, 1)],
        ResidualKind::Bottleneck => vec![unbiased(width, 1, first), unbiased(width, 3, second), unbiased(out, 1, 1)],
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
    let expansion = if column.kind == ResidualKind::Bottleneck { 4 } else { 1 };
    for (&blocks, i) in column.blocks.iter().zip(0..) {
        let width = form.width << i;
        net.open(&format!("layer{}", i + 1), BlockKind::Stage);
        for j in 0..blocks {
            // Section 3.3: if the size of the feature maps is halved, their number is doubled.
            let stride = if i > 0 && j == 0 { 2 } else { 1 };
            let step = BlockSizes { width, out: width * expansion, stride };
            block(&mut net, &format!("layer{}.{j}", i + 1), column.kind, column.stride, step)?;
        }
        net.close();
    }
    end(&mut net, form.classes.count())?;
    let (Column { name, title, .. }, NetworkSizes { source, classes, .. }) = (column, form);
    net.finish(About { name, title, family: Family::ResNet, year: 2015, source, classes })
}

/// Adds the end of the network: the mean of each feature map, and one score per class.
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
    fn block_numbers_of_the_table_give_its_networks() {
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
