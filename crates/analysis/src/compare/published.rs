//! The errors that papers and model cards report. They cannot be derived from a graph.

use serde::Serialize;

use super::test_protocol::TestProtocol;

/// Published errors, in percent, with their source.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct PublishedResult {
    /// Top-1 error: how often the most likely class is not the label.
    pub top1: Option<f64>,
    /// Top-5 error: how often none of the five most likely classes is the label.
    pub top5: Option<f64>,
    /// Number of networks whose predictions are combined: 1 is a single model, more are an ensemble.
    pub models: u8,
    /// The test set and the test protocol.
    pub on: TestProtocol,
    /// The publication.
    pub source: &'static str,
}

impl PublishedResult {
    /// Returns the data set: `MNIST`, `ILSVRC` or `CIFAR`.
    pub fn pictures(&self) -> &'static str {
        self.on.pictures()
    }
}

const fn result(
    top1: Option<f64>,
    top5: Option<f64>,
    models: u8,
    on: TestProtocol,
    source: &'static str,
) -> PublishedResult {
    PublishedResult { top1, top5, models, on, source }
}

/// Creates the record of a single model on the 50,000 validation images of ILSVRC-2012, one crop each.
const fn one_crop(top1: f64, top5: f64, source: &'static str) -> PublishedResult {
    result(Some(top1), Some(top5), 1, TestProtocol::OneCrop, source)
}

/// Converts an accuracy in percent to the error, rounded to thousandths, the precision of published accuracies.
const fn error(accuracy: f64) -> f64 {
    ((100.0 - accuracy) * 1000.0 + 0.5) as u32 as f64 / 1000.0
}

/// Creates the record of torchvision's first weights (IMAGENET1K_V1) from the accuracies of their model card.
const fn torchvision(accuracy1: f64, accuracy5: f64) -> PublishedResult {
    one_crop(error(accuracy1), error(accuracy5), "torchvision, model card of IMAGENET1K_V1")
}

const ALEXNET: &str = "Krizhevsky et al. 2012, table 2";
const VGG_ONE: &str = "Simonyan and Zisserman 2014, table 3";
const GOOGLENET: &str = "Szegedy et al. 2014, table 3";
const RESNET_TEN: &str = "He et al. 2015, table 3";
const RESNET_SCALES: &str = "He et al. 2015, table 4";
const ILSVRC14: PublishedResult =
    result(None, Some(7.3), 7, TestProtocol::Test2014, "Simonyan and Zisserman 2014, table 7");
const ILSVRC15: PublishedResult = result(None, Some(3.57), 6, TestProtocol::Test2015Strides, "He et al. 2015, table 5");

const fn vgg(top1: f64, top5: f64, on: TestProtocol) -> PublishedResult {
    result(Some(top1), Some(top5), 1, on, VGG_ONE)
}

/// Creates the two records of a ResNet. The bottlenecks of the paper halve the maps in their first convolution, those
/// of torchvision and our declarations in the 3x3 convolution.
const fn resnet(ten_crops: (f64, f64), scales: (f64, f64), strides: Strides) -> [PublishedResult; 2] {
    let (ten, several) = match strides {
        Strides::Ours => (TestProtocol::TenCrops, TestProtocol::Scales),
        Strides::Paper => (TestProtocol::TenCropsStrides, TestProtocol::ScalesStrides),
    };
    [
        result(Some(ten_crops.0), Some(ten_crops.1), 1, ten, RESNET_TEN),
        result(Some(scales.0), Some(scales.1), 1, several, RESNET_SCALES),
    ]
}

/// Tells whether the measured network had the strides of our declaration or those of the paper.
#[derive(Clone, Copy)]
enum Strides {
    Ours,
    Paper,
}

const fn cifar(error: f64) -> PublishedResult {
    result(Some(error), None, 1, TestProtocol::Cifar, "He et al. 2015, table 6")
}

/// Table 2 has parameter-free shortcuts where our network has projections. Tables 3 and 4 do not list this depth.
const R18: PublishedResult = result(Some(27.88), None, 1, TestProtocol::TenCropsShortcuts, "He et al. 2015, table 2");
const R34: [PublishedResult; 2] = resnet((24.52, 7.46), (21.84, 5.71), Strides::Ours);
const R50: [PublishedResult; 2] = resnet((22.85, 6.71), (20.74, 5.25), Strides::Paper);
const R50_PAPER: [PublishedResult; 2] = resnet((22.85, 6.71), (20.74, 5.25), Strides::Ours);
const R101: [PublishedResult; 2] = resnet((21.75, 6.05), (19.87, 4.60), Strides::Paper);
const R152: [PublishedResult; 2] = resnet((21.43, 5.71), (19.38, 4.49), Strides::Paper);

/// Returns the records of a network by its name, single models first. The result is empty if nothing was published.
///
/// The ensemble of seven networks of VGG's paper consists of three of D, two of C and two of E (table 6). Its record is
/// listed with each of the three. The ensemble in table 5 of ResNet's paper consists of six networks of several depths,
/// two of them with 152 layers. Its record is listed with the deepest.
pub fn published_results(network: &str) -> &'static [PublishedResult] {
    MARKS.iter().find(|(name, _)| *name == network).map_or(&[], |(_, published_results)| published_results)
}

/// Returns the networks that have records.
#[cfg(test)]
pub(super) fn names() -> impl Iterator<Item = &'static str> {
    MARKS.iter().map(|(name, _)| *name)
}

static MARKS: [(&str, &[PublishedResult]); 19] = [
    (
        "lenet5",
        &[
            result(Some(0.95), None, 1, TestProtocol::Mnist, "LeCun et al. 1998, section III.B"),
            result(Some(0.8), None, 1, TestProtocol::MnistDistorted, "LeCun et al. 1998, section III.B"),
        ],
    ),
    (
        "alexnet",
        &[
            result(Some(40.7), Some(18.2), 1, TestProtocol::TenCrops, ALEXNET),
            result(Some(38.1), Some(16.4), 5, TestProtocol::TenCrops, ALEXNET),
            result(None, Some(16.4), 5, TestProtocol::Test2012, ALEXNET),
            result(None, Some(15.3), 7, TestProtocol::Test2012Wider, ALEXNET),
        ],
    ),
    ("alexnet-torchvision", &[torchvision(56.522, 79.066)]),
    ("vgg11", &[vgg(29.6, 10.4, TestProtocol::ScaleOf256), torchvision(69.020, 88.628)]),
    ("vgg11-lrn", &[vgg(29.7, 10.5, TestProtocol::ScaleOf256)]),
    ("vgg13", &[vgg(28.7, 9.9, TestProtocol::ScaleOf256), torchvision(69.928, 89.246)]),
    ("vgg16-c", &[vgg(27.3, 8.8, TestProtocol::ScaleOf384), ILSVRC14]),
    ("vgg16", &[vgg(25.6, 8.1, TestProtocol::ScaleOf384), torchvision(71.592, 90.382), ILSVRC14]),
    ("vgg19", &[vgg(25.5, 8.0, TestProtocol::ScaleOf384), torchvision(72.376, 90.876), ILSVRC14]),
    (
        "googlenet",
        &[
            result(None, Some(10.07), 1, TestProtocol::OneCrop2014, GOOGLENET),
            result(None, Some(7.89), 1, TestProtocol::Crops2014, GOOGLENET),
            result(None, Some(6.67), 7, TestProtocol::Test2014Crops, "Szegedy et al. 2014, section 7 and table 2"),
        ],
    ),
    ("googlenet-torchvision", &[torchvision(69.778, 89.530)]),
    ("resnet18", &[R18, torchvision(69.758, 89.078)]),
    ("resnet34", &[R34[0], R34[1], torchvision(73.314, 91.420)]),
    ("resnet50", &[R50[0], R50[1], torchvision(76.130, 92.862)]),
    ("resnet50-paper", &R50_PAPER),
    ("resnet101", &[R101[0], R101[1], torchvision(77.374, 93.546)]),
    ("resnet152", &[R152[0], R152[1], torchvision(78.312, 94.046), ILSVRC15]),
    ("resnet20-cifar", &[cifar(8.75)]),
    ("resnet56-cifar", &[cifar(6.97)]),
];
