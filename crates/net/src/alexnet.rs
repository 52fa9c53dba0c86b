//! AlexNet in four forms: as published, in the layer order of many drawings, as in torchvision, and scaled to CIFAR-10.

use super::builder::Builder;
use super::cifar10_sizes;
use super::classes::Classes;
use super::error::NetError;
use super::graph::{About, BlockKind, Family, Graph};
use super::ops::{Conv2d, LocalResponseNorm, Op};
use super::shared::{conv, dropout, linear, max_pool, photo, relu, softmax};

const PAPER: &str =
    "Krizhevsky, Sutskever, Hinton: ImageNet Classification with Deep Convolutional Neural Networks, 2012";

/// Constants of local response normalization (section 3.3): k = 2, n = 5, alpha = 1e-4, beta = 0.75.
pub(super) const LRN: LocalResponseNorm = LocalResponseNorm { size: 5, alpha: 1e-4, beta: 0.75, k: 2.0 };

/// The layers between one convolution of section 3.5 and the next.
#[derive(Clone, Copy, PartialEq)]
enum FollowingLayers {
    /// Local response normalization, then pooling.
    NormAndPool,
    /// Pooling alone.
    Pool,
    /// No layer.
    Nothing,
}

/// The five convolutions of section 3.5 and figure 2, each with the layers that follow it. Two groups stand for the two
/// towers, each of which ran on its own GPU. The towers read each other's feature maps in the third convolution only.
const CONVOLUTIONS: [(Conv2d, FollowingLayers); 5] = [
    (conv(96, 11, 4, 0), FollowingLayers::NormAndPool),
    (Conv2d { groups: 2, ..conv(256, 5, 1, 2) }, FollowingLayers::NormAndPool),
    (conv(384, 3, 1, 1), FollowingLayers::Nothing),
    (Conv2d { groups: 2, ..conv(384, 3, 1, 1) }, FollowingLayers::Nothing),
    (Conv2d { groups: 2, ..conv(256, 3, 1, 1) }, FollowingLayers::Pool),
];

/// The position of ReLU in the first, second and fifth layer.
#[derive(Clone, Copy, PartialEq)]
enum ReluPosition {
    /// Section 3.5: ReLU directly after every convolution, before normalization and pooling.
    ReluFirst,
    /// Convolution, normalization, pooling, then ReLU.
    ReluLast,
}

/// The sizes of one form of the network: the paper's, or those of the CIFAR-10 variant.
struct NetworkSizes {
    /// Side of the input image, in pixels.
    side: usize,
    convolutions: [(Conv2d, FollowingLayers); 5],
    /// Units of each fully connected layer before the scores.
    units: usize,
    classes: Classes,
}

const FULL: NetworkSizes =
    NetworkSizes { side: 227, convolutions: CONVOLUTIONS, units: 4096, classes: Classes::ImageNet };

/// The CIFAR-10 variant (`super::cifar10_sizes`): the first kernel is 5x5 with stride 1, and there are half the
/// channels.
const CIFAR10: NetworkSizes = NetworkSizes {
    side: cifar10_sizes::SIDE,
    convolutions: [
        (conv(48, 5, 1, 2), FollowingLayers::NormAndPool),
        (Conv2d { groups: 2, ..conv(128, 5, 1, 2) }, FollowingLayers::NormAndPool),
        (conv(192, 3, 1, 1), FollowingLayers::Nothing),
        (Conv2d { groups: 2, ..conv(192, 3, 1, 1) }, FollowingLayers::Nothing),
        (Conv2d { groups: 2, ..conv(128, 3, 1, 1) }, FollowingLayers::Pool),
    ],
    units: cifar10_sizes::UNITS,
    classes: Classes::Cifar10,
};

/// AlexNet (Krizhevsky et al. 2012, section 3.5): 60,965,224 parameters.
pub(super) fn alexnet() -> Result<Graph, NetError> {
    build(&FULL, "alexnet", "AlexNet", PAPER, ReluPosition::ReluFirst)
}

/// AlexNet for CIFAR-10: 1,436,874 parameters.
pub(super) fn alexnet_cifar10() -> Result<Graph, NetError> {
    let source = "Krizhevsky et al. 2012, scaled to pictures of 32x32";
    build(&CIFAR10, "alexnet-cifar10", "AlexNet for CIFAR-10", source, ReluPosition::ReluFirst)
}

/// AlexNet with ReLU after normalization and pooling, as it is often drawn. The parameters are the paper's.
pub(super) fn alexnet_relu_last() -> Result<Graph, NetError> {
    build(
        &FULL,
        "alexnet-relu-last",
        "AlexNet, ReLU last",
        "Krizhevsky et al. 2012, in another order of layers",
        ReluPosition::ReluLast,
    )
}

fn build(
    form: &NetworkSizes,
    name: &'static str,
    title: &'static str,
    source: &'static str,
    order: ReluPosition,
) -> Result<Graph, NetError> {
    let mut net = Builder::new(photo(form.side));
    for ((conv, after), i) in form.convolutions.into_iter().zip(1..) {
        net.open(&format!("stage{i}"), BlockKind::Stage);
        net.then(&format!("conv{i}"), Op::Conv2d(conv))?;
        let relu_last = order == ReluPosition::ReluLast && after != FollowingLayers::Nothing;
        if !relu_last {
            net.then(&format!("relu{i}"), relu())?;
        }
        if after == FollowingLayers::NormAndPool {
            net.then(&format!("norm{i}"), Op::LocalResponseNorm(LRN))?;
        }
        if after != FollowingLayers::Nothing {
            // Section 3.4: pooling windows of 3x3 with stride 2 overlap.
            net.then(&format!("pool{i}"), max_pool(3, 2))?;
        }
        if relu_last {
            net.then(&format!("relu{i}"), relu())?;
        }
        net.close();
    }
    net.open("classifier", BlockKind::Classifier);
    for i in [6, 7] {
        net.then(&format!("fc{i}"), linear(form.units))?;
        net.then(&format!("relu{i}"), relu())?;
        net.then(&format!("drop{i}"), dropout(0.5))?;
    }
    net.then("fc8", linear(form.classes.count()))?;
    net.close();
    net.then("softmax", softmax())?;
    net.finish(About { classes: form.classes, ..about(name, title, source) })
}

/// torchvision's AlexNet (Krizhevsky 2014, "One weird trick", section 2): 61,100,840 parameters, with neither towers
/// nor local response normalization.
pub(super) fn alexnet_torchvision() -> Result<Graph, NetError> {
    let convolutions = [
        (conv(64, 11, 4, 2), true),
        (conv(192, 5, 1, 2), true),
        (conv(384, 3, 1, 1), false),
        (conv(256, 3, 1, 1), false),
        (conv(256, 3, 1, 1), true),
    ];
    let mut net = Builder::new(photo(224));
    let mut places = (0..).map(|i| format!("features.{i}"));
    let mut place = || places.next().unwrap_or_default();
    for ((conv, pooled), i) in convolutions.into_iter().zip(1..) {
        net.open(&format!("stage{i}"), BlockKind::Stage);
        net.then(&place(), Op::Conv2d(conv))?;
        net.then(&place(), relu())?;
        if pooled {
            net.then(&place(), max_pool(3, 2))?;
        }
        net.close();
    }
    net.open("classifier", BlockKind::Classifier);
    let head = [dropout(0.5), linear(4096), relu(), dropout(0.5), linear(4096), relu(), linear(1000)];
    for (op, i) in head.into_iter().zip(0..) {
        net.then(&format!("classifier.{i}"), op)?;
    }
    net.close();
    net.then("softmax", softmax())?;
    net.finish(about(
        "alexnet-torchvision",
        "AlexNet, torchvision",
        "Krizhevsky: One weird trick for parallelizing convolutional neural networks, 2014, as in torchvision",
    ))
}

fn about(name: &'static str, title: &'static str, source: &'static str) -> About {
    About { name, title, family: Family::AlexNet, year: 2012, source, classes: Classes::ImageNet }
}

#[cfg(test)]
mod tests {
    use crate::{ReceptiveField, network};

    #[test]
    fn shapes_of_the_paper() {
        let net = network("alexnet").expect("should be declared");
        let shape = |name: &str| net.node(net.find(name).expect("should be a node")).shape.to_string();
        assert_eq!(shape("conv1"), "96@55x55");
        assert_eq!(shape("pool2"), "256@13x13");
        assert_eq!(shape("pool5"), "256@6x6");
        assert_eq!(net.parameters(net.find("conv2").expect("should be a node")).to_string(), "256*(48*25+1)");
        let pool1 = net.node(net.find("pool1").expect("should be a node"));
        assert_eq!(pool1.receptive, ReceptiveField { size: 19, stride: 8, start: 0 });
    }
}
