//! The reasons to drop local response normalization, with numbers from the graphs and the papers.

use leptos_i18n::{I18nContext, t_string};
use words::i18n::Locale;

use analysis::compare::Column;
use layerscope::app::wording::numbers::{compact, decimal};
use net::{Op, Summary, network};

/// Writes a small number with two significant digits: `0.0001`, `0.00032`, `0.32`.
pub(super) fn small(locale: Locale, value: f64) -> String {
    if value == 0.0 {
        return decimal(locale, value, 0);
    }
    let first = (-value.abs().log10().floor()).clamp(0.0, 9.0) as u8;
    let whole = (value * 10f64.powi(i32::from(first))).fract().abs();
    // A power of ten has one significant digit.
    let exact = whole.min(1.0 - whole) < 1e-6;
    decimal(locale, value, if exact { first } else { first + 1 })
}

/// Returns the top-1 and top-5 errors of VGG's network A without response normalization and with it, in percent
/// (Simonyan and Zisserman 2014, table 3), and the bytes of the layer's output.
fn marks() -> Option<([[f64; 2]; 2], u64)> {
    let errors = |name: &str| {
        let column = Column::of(&network(name).ok()?);
        // The first result is the paper's own and has both errors.
        let mark = column.published_results.first()?;
        Some([mark.top1?, mark.top5?])
    };
    let summary = Summary::of(&network("vgg11-lrn").ok()?);
    let layer = summary.layers.iter().find(|layer| matches!(layer.op, Op::LocalResponseNorm(_)))?;
    Some(([errors("vgg11")?, errors("vgg11-lrn")?], layer.activation_bytes))
}

/// Returns VGG's result as a sentence, empty if the numbers are missing.
pub(super) fn vgg(words: I18nContext<Locale>) -> String {
    let locale = words.get_locale();
    let Some(([plain, normalised], bytes)) = marks() else { return String::new() };
    let error = |value: f64| decimal(locale, value, 1);
    t_string!(
        words,
        normalisation.vgg,
        plain1 = error(plain[0]),
        plain5 = error(plain[1]),
        lrn1 = error(normalised[0]),
        lrn5 = error(normalised[1]),
        bytes = compact(locale, bytes as f64)
    )
}
