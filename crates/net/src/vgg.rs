//! VGG (Simonyan and Zisserman 2014): the columns of its table 1.

use super::alexnet::LRN;
use super::builder::Builder;
use super::cifar10_sizes;
use super::classes::Classes;
use super::error::NetError;
use super::graph::{About, BlockKind, Family, Graph};
use super::ops::Op;
use super::shared::{conv, dropout, linear, max_pool, photo, relu, softmax};

const PAPER: &str = "Simonyan, Zisserman: Very Deep Convolutional Networks for Large-Scale Image Recognition, 2014";

/// One stage of a column: the kernel sides of its convolutions, which all have the width of the stage.
type Stage = &'static [usize];

/// The sizes of one form of the network: the paper's, or those of the CIFAR-10 variant.
#[derive(Clone, Copy)]
struct NetworkSizes {
    /// Side of the input image, in pixels.
    side: usize,
    /// Channels of the five stages.
    widths: [usize; 5],
    /// Units of each fully connected layer before the scores.
    units: usize,
    source: &'static str,
    classes: Classes,
}

/// Table 1: the width doubles after every pooling, up to 512.
const FULL: NetworkSizes = NetworkSizes {
    side: 224,
    widths: [64, 128, 256, 512, 512],
    units: 4096,
    source: PAPER,
    classes: Classes::ImageNet,
};

/// The CIFAR-10 variant (`super::cifar10_sizes`): three eighths of the channels.
const CIFAR10: NetworkSizes = NetworkSizes {
    side: cifar10_sizes::SIDE,
    widths: [24, 48, 96, 192, 192],
    units: cifar10_sizes::UNITS,
    source: "Simonyan and Zisserman 2014, scaled to pictures of 32x32",
    classes: Classes::Cifar10,
};

/// A column of table 1.
#[derive(Clone, Copy)]
struct Column {
    name: &'static str,
    title: &'static str,
    /// Convolutions of the five stages.
    stages: [Stage; 5],
    /// True for column A-LRN, which has local response normalization after the first convolution.
    lrn: bool,
    form: NetworkSizes,
}

const A: Column = Column {
    name: "vgg11",
    title: "VGG-11 (A)",
    stages: [&[3], &[3], &[3, 3], &[3, 3], &[3, 3]],
    lrn: false,
    form: FULL,
};
const A_LRN: Column = Column { name: "vgg11-lrn", title: "VGG-11 (A-LRN)", lrn: true, ..A };
const B: Column =
    Column { name: "vgg13", title: "VGG-13 (B)", stages: [&[3, 3], &[3, 3], &[3, 3], &[3, 3], &[3, 3]], ..A };
const C: Column = Column {
    name: "vgg16-c",
    title: "VGG-16 (C)",
    stages: [&[3, 3], &[3, 3], &[3, 3, 1], &[3, 3, 1], &[3, 3, 1]],
    ..A
};
const D: Column =
    Column { name: "vgg16", title: "VGG-16 (D)", stages: [&[3, 3], &[3, 3], &[3, 3, 3], &[3, 3, 3], &[3, 3, 3]], ..A };
const E: Column = Column {
    name: "vgg19",
    title: "VGG-19 (E)",
    stages: [&[3, 3], &[3, 3], &[3, 3, 3, 3], &[3, 3, 3, 3], &[3, 3, 3, 3]],
    ..A
};
const D_CIFAR10: Column = Column { name: "vgg16-cifar10", title: "VGG-16 for CIFAR-10", form: CIFAR10, ..D };

/// Column A: 11 layers with weights, 132,863,336 parameters.
pub(super) fn vgg11() -> Result<Graph, NetError> {
    build(A)
}

/// Column A-LRN.
pub(super) fn vgg11_lrn() -> Result<Graph, NetError> {
    build(A_LRN)
}

/// Column B: 13 layers with weights.
pub(super) fn vgg13() -> Result<Graph, NetError> {
    build(B)
}

/// Column C: 16 layers with weights, three of which are 1x1 convolutions.
pub(super) fn vgg16_c() -> Result<Graph, NetError> {
    build(C)
}

/// Column D: 16 layers with weights, 138,357,544 parameters.
pub(super) fn vgg16() -> Result<Graph, NetError> {
    build(D)
}

/// Column D for CIFAR-10: 2,437,250 parameters.
pub(super) fn vgg16_cifar10() -> Result<Graph, NetError> {
    build(D_CIFAR10)
}

/// Column E: 19 layers with weights.
pub(super) fn vgg19() -> Result<Graph, NetError> {
    build(E)
}

fn build(column: Column) -> Result<Graph, NetError> {
    let NetworkSizes { side, widths, units, source, classes } = column.form;
    let mut net = Builder::new(photo(side));
    let mut places = (0..).map(|i| format!("features.{i}"));
    let mut place = || places.next().unwrap_or_default();
    for ((stage, width), i) in column.stages.into_iter().zip(widths).zip(1..) {
        net.open(&format!("stage{i}"), BlockKind::Stage);
        for (&kernel, j) in stage.iter().zip(0..) {
            // Section 2.1: the stride is 1, and padding keeps the size.
            net.then(&place(), Op::Conv2d(conv(width, kernel, 1, kernel / 2)))?;
            net.then(&place(), relu())?;
            if column.lrn && (i, j) == (1, 0) {
                net.then(&place(), Op::LocalResponseNorm(LRN))?;
            }
        }
        net.then(&place(), max_pool(2, 2))?;
        net.close();
    }
    net.open("classifier", BlockKind::Classifier);
    let scores = linear(classes.count());
    let head = [linear(units), relu(), dropout(0.5), linear(units), relu(), dropout(0.5), scores];
    for (op, i) in head.into_iter().zip(0..) {
        net.then(&format!("classifier.{i}"), op)?;
    }
    net.close();
    net.then("softmax", softmax())?;
    let Column { name, title, .. } = column;
    net.finish(About { name, title, family: Family::Vgg, year: 2014, source, classes })
}

#[cfg(test)]
mod tests {
    use crate::network;

    #[test]
    fn the_first_fully_connected_layer_has_most_parameters() {
        let net = network("vgg16").expect("should be declared");
        let fc = net.parameters(net.find("classifier.0").expect("should be a node"));
        assert_eq!((fc.to_string().as_str(), fc.value()), ("4096*(25088+1)", 102_764_544));
        let last = net.node(net.find("features.30").expect("should be a node"));
        assert_eq!((last.receptive.size, last.receptive.stride), (212, 32));
    }
}
