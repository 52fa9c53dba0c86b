//! The words of the comparison, in the language of the page.

mod charts;
mod papers;

use leptos_i18n::td_string;
use words::i18n::Locale;

use analysis::compare::{BaselineComparison, BlockLayerKind, Cost, LayerKind, Measure, TestProtocol, units};
use layerscope::app::wording::numbers::{count, decimal};
use net::BlockKind;

pub(super) use charts::say;
pub(super) use papers::say as say_of_papers;

/// Returns the title of a measure.
pub(super) fn title(locale: Locale, measure: Measure) -> &'static str {
    match measure {
        Measure::Parameters => td_string!(locale, measures.parameters.title),
        Measure::Macs => td_string!(locale, measures.macs.title),
        Measure::WeightBytes => td_string!(locale, measures.weight_bytes.title),
        Measure::ActivationBytes => td_string!(locale, measures.activation_bytes.title),
        Measure::Depth => td_string!(locale, measures.depth.title),
        Measure::Input => td_string!(locale, measures.input.title),
        Measure::Year => td_string!(locale, measures.year.title),
        Measure::Top1 => td_string!(locale, measures.top1.title),
        Measure::Top5 => td_string!(locale, measures.top5.title),
        Measure::Ensemble => td_string!(locale, measures.ensemble.title),
    }
}

/// Explains a measure in a sentence.
pub(super) fn sentence(locale: Locale, measure: Measure) -> &'static str {
    match measure {
        Measure::Parameters => td_string!(locale, measures.parameters.sentence),
        Measure::Macs => td_string!(locale, measures.macs.sentence),
        Measure::WeightBytes => td_string!(locale, measures.weight_bytes.sentence),
        Measure::ActivationBytes => td_string!(locale, measures.activation_bytes.sentence),
        Measure::Depth => td_string!(locale, measures.depth.sentence),
        Measure::Input => td_string!(locale, measures.input.sentence),
        Measure::Year => td_string!(locale, measures.year.sentence),
        Measure::Top1 => td_string!(locale, measures.top1.sentence),
        Measure::Top5 => td_string!(locale, measures.top5.sentence),
        Measure::Ensemble => td_string!(locale, measures.ensemble.sentence),
    }
}

/// Writes a value of a measure in few digits: `61.1 M`, `0.71 GMAC`, `7.30 %`.
pub(super) fn figure(locale: Locale, measure: Measure, value: f64) -> String {
    match measure {
        Measure::WeightBytes | Measure::ActivationBytes => bytes(locale, value as u64),
        Measure::Top1 | Measure::Top5 | Measure::Ensemble => percent(locale, value, 2),
        _ => measure.text(value),
    }
}

/// Writes bytes with the fitting prefix, and in words below 1000.
pub(super) fn bytes(locale: Locale, n: u64) -> String {
    if n < 1000 { td_string!(locale, measures.cost.bytes, count = count(locale, n)) } else { units::bytes(n) }
}

/// Writes a value that is in percent.
pub(super) fn percent(locale: Locale, value: f64, decimals: u8) -> String {
    format!("{} %", decimal(locale, value, decimals))
}

/// Compares a network with the baseline.
pub(super) fn against(locale: Locale, measure: Measure, against: BaselineComparison) -> String {
    let size = against.difference.abs();
    against.text(&match measure {
        Measure::Top1 | Measure::Top5 | Measure::Ensemble => {
            td_string!(locale, compare.table.points, value = decimal(locale, size, 2))
        }
        _ => figure(locale, measure, size),
    })
}

/// Returns the title of a cost along the depth.
pub(super) fn cost_title(locale: Locale, cost: Cost) -> &'static str {
    match cost {
        Cost::Parameters => title(locale, Measure::Parameters),
        Cost::Macs => title(locale, Measure::Macs),
        Cost::Activations => title(locale, Measure::ActivationBytes),
    }
}

/// Writes a cost exactly, with its unit.
pub(super) fn cost(locale: Locale, cost: Cost, value: u64) -> String {
    let count = count(locale, value);
    match cost {
        Cost::Parameters => td_string!(locale, measures.cost.parameters, count = count),
        Cost::Macs => td_string!(locale, measures.cost.macs, count = count),
        Cost::Activations => td_string!(locale, measures.cost.bytes, count = count),
    }
}

/// Returns the name of a kind of layer.
pub(super) fn kind(locale: Locale, kind: LayerKind) -> &'static str {
    match kind {
        LayerKind::Convolution => td_string!(locale, measures.kind.convolution),
        LayerKind::FullyConnected => td_string!(locale, measures.kind.full_connection),
        LayerKind::BatchNorm => td_string!(locale, measures.kind.batch_norm),
        LayerKind::Other => td_string!(locale, measures.kind.other),
    }
}

/// Returns the name of a kind of block.
pub(super) fn block(locale: Locale, kind: BlockKind) -> &'static str {
    match kind {
        BlockKind::Inception => td_string!(locale, compare.blocks.inception),
        BlockKind::Residual => td_string!(locale, compare.blocks.residual),
        _ => td_string!(locale, compare.blocks.stage),
    }
}

/// Describes a layer of a block.
pub(super) fn piece(locale: Locale, what: BlockLayerKind) -> String {
    let strided = |text: String, stride: usize| match stride {
        1 => text,
        _ => td_string!(locale, compare.blocks.stride, what = text, stride = stride),
    };
    match what {
        BlockLayerKind::Convolution { kernel, channels, stride, groups } => {
            let text = td_string!(locale, compare.blocks.convolution, kernel = kernel, channels = channels);
            let text = strided(text, stride);
            match groups {
                1 => text,
                _ => td_string!(locale, compare.blocks.groups, what = text, groups = groups),
            }
        }
        BlockLayerKind::MaxPooling { kernel, stride } => {
            strided(td_string!(locale, compare.blocks.max_pool, kernel = kernel), stride)
        }
        BlockLayerKind::FullyConnected(units) => td_string!(locale, compare.blocks.full_connection, units = units),
    }
}

/// Names the pictures of a published error and the way of testing on them.
pub(super) fn pictures(locale: Locale, on: TestProtocol) -> &'static str {
    match on {
        TestProtocol::Mnist => td_string!(locale, published.mnist),
        TestProtocol::MnistDistorted => td_string!(locale, published.mnist_distorted),
        TestProtocol::Cifar => td_string!(locale, published.cifar),
        TestProtocol::OneCrop => td_string!(locale, published.one_crop),
        TestProtocol::TenCrops => td_string!(locale, published.ten_crops),
        TestProtocol::TenCropsStrides => td_string!(locale, published.ten_crops_strides),
        TestProtocol::TenCropsShortcuts => td_string!(locale, published.ten_crops_shortcuts),
        TestProtocol::Scales => td_string!(locale, published.scales),
        TestProtocol::ScalesStrides => td_string!(locale, published.scales_strides),
        TestProtocol::ScaleOf256 => td_string!(locale, published.scale_of_256),
        TestProtocol::ScaleOf384 => td_string!(locale, published.scale_of_384),
        TestProtocol::Test2012 => td_string!(locale, published.test_2012),
        TestProtocol::Test2012Wider => td_string!(locale, published.test_2012_wider),
        TestProtocol::OneCrop2014 => td_string!(locale, published.one_crop_2014),
        TestProtocol::Crops2014 => td_string!(locale, published.crops_2014),
        TestProtocol::Test2014Crops => td_string!(locale, published.test_2014_crops),
        TestProtocol::Test2014 => td_string!(locale, published.test_2014),
        TestProtocol::Test2015Strides => td_string!(locale, published.test_2015_strides),
    }
}
