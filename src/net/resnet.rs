//! ResNet: the columns of its table 1, and the networks for CIFAR-10 of its section 4.2.

use super::NetError;
use super::builder::Builder;
use super::classes::Classes;
use super::edition;
use super::graph::{About, BlockKind, Family, Graph, Input, NodeId};
use super::op::{Op, Window};
use super::ops::{AdaptiveAvgPool2d, Add, Conv2d, MaxPool2d, PadShortcut};
use super::parts::{IMAGENET, batch_norm, conv, linear, photo, relu, softmax};
use super::shape::Shape;

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

/// A network of section 4.2: 6n + 2 layers for 32x32, shortcuts without parameters (option A) or none at all.
struct Cifar {
    name: &'static str,
    title: &'static str,
    n: usize,
    residual: bool,
}

/// Section 4.2 with n = 3: 20 layers, residual.
pub(super) fn resnet20_cifar() -> Result<Graph, NetError> {
    build_cifar(&Cifar { name: "resnet20-cifar", title: "ResNet-20 for CIFAR-10", n: 3, residual: true })
}

/// Section 4.2 with n = 9: 56 layers, residual.
pub(super) fn resnet56_cifar() -> Result<Graph, NetError> {
    build_cifar(&Cifar { name: "resnet56-cifar", title: "ResNet-56 for CIFAR-10", n: 9, residual: true })
}

/// Section 4.2 with n = 3: 20 layers, plain.
pub(super) fn plain20_cifar() -> Result<Graph, NetError> {
    build_cifar(&Cifar { name: "plain20-cifar", title: "Plain-20 for CIFAR-10", n: 3, residual: false })
}

/// Section 4.2 with n = 9: 56 layers, plain.
pub(super) fn plain56_cifar() -> Result<Graph, NetError> {
    build_cifar(&Cifar { name: "plain56-cifar", title: "Plain-56 for CIFAR-10", n: 9, residual: false })
}

/// A block of section 4.2.
fn cifar_block(net: &mut Builder, name: &str, step: Step, residual: bool) -> Result<(), NetError> {
    net.open(name, BlockKind::Residual);
    let from = net.last();
    let Step { width, out, stride } = step;
    let found = branch(net, name, from, &[unbiased(width, 3, stride), unbiased(width, 3, 1)])?;
    if residual {
        let shortcut = if stride == 1 && net.shape(from).chw().0 == out {
            from
        } else {
            net.add(&format!("{name}.shortcut"), Op::PadShortcut(PadShortcut { channels: out, stride }), &[from])?
        };
        net.add(&format!("{name}.add"), Op::Add(Add), &[found, shortcut])?;
    }
    net.then(name, relu())?;
    net.close();
    Ok(())
}

fn build_cifar(row: &Cifar) -> Result<Graph, NetError> {
    let mut net = Builder::new(Input { shape: Shape::maps(3, 32, 32), kind: IMAGENET });
    net.open("stem", BlockKind::Stage);
    net.then("conv1", unbiased(16, 3, 1))?;
    net.then("bn1", batch_norm())?;
    net.then("relu", relu())?;
    net.close();
    for (width, i) in [16, 32, 64].into_iter().zip(1..) {
        net.open(&format!("layer{i}"), BlockKind::Stage);
        for j in 0..row.n {
            let stride = if i > 1 && j == 0 { 2 } else { 1 };
            let step = Step { width, out: width, stride };
            cifar_block(&mut net, &format!("layer{i}.{j}"), step, row.residual)?;
        }
        net.close();
    }
    end(&mut net, 10)?;
    let source = if row.residual {
        "He et al. 2015, section 4.2"
    } else {
        "He et al. 2015, section 4.2: the plain networks that residual ones are held against"
    };
    let &Cifar { name, title, .. } = row;
    net.finish(About { name, title, family: Family::ResNet, year: 2015, source, classes: Classes::Cifar10 })
}

#[cfg(test)]
mod tests {
    use crate::net::{Op, network};

    #[test]
    fn six_n_plus_two_layers() {
        for (name, layers) in [("resnet20-cifar", 20), ("plain56-cifar", 56)] {
            let net = network(name).expect("should be declared");
            let weighted = net.nodes.iter().filter(|node| matches!(node.op, Op::Conv2d(_) | Op::Linear(_))).count();
            assert_eq!(weighted, layers, "{name}");
        }
    }

    #[test]
    fn plain_and_residual_have_the_same_parameters() {
        let count = |name| network(name).expect("should be declared").total_parameters();
        assert_eq!(count("resnet20-cifar"), 269_722);
        assert_eq!(count("plain20-cifar"), 269_722);
        assert_eq!(count("resnet56-cifar"), count("plain56-cifar"));
    }
}
