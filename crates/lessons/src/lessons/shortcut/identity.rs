//! The weight that makes a chain of layers the identity, with a shortcut and without.

use leptos::prelude::*;
use leptos_i18n::t_string;
use words::i18n::{Locale, use_i18n};

use super::curve_fact::curve_fact;
use crate::controls::Slider;
use crate::fact::Fact;
use crate::settings::Settings;
use crate::text::superscript;
use analysis::lesson::IdentityChain;
use layerscope::app::wording::numbers::{count, decimal};

/// The most layers: as many as the deeper networks have.
const MAX_LAYERS: usize = 56;
/// The plot in its own units, and the margins for the numbers to its left and below.
const PLOT: (f64, f64) = (310.0, 84.0);
const LEFT: f64 = 58.0;
const BELOW: f64 = 18.0;
/// The powers of ten that are drawn above and below 1.
const DECADES: f64 = 4.0;

/// Writes a number of any size, with a power of ten if it would be long otherwise.
fn scientific(locale: Locale, value: f64) -> String {
    let size = value.abs();
    if value == 0.0 || (0.001..10_000.0).contains(&size) {
        return decimal(locale, value, 3);
    }
    let exponent = size.log10().floor();
    let mantissa = decimal(locale, value / 10.0_f64.powf(exponent), 1);
    format!("{mantissa}·10{}", superscript(exponent as i32))
}

/// Returns the common logarithm of the absolute value.
fn decades(value: f64) -> f64 {
    value.abs().log10()
}

/// Returns the height of a power of ten on the plot; 1 lies in the middle.
fn height(decades: f64) -> f64 {
    PLOT.1 * (0.5 - decades.clamp(-DECADES, DECADES) / (2.0 * DECADES))
}

/// Returns the points of a line up to where it leaves the plot.
fn points(values: &[f64]) -> String {
    let across = PLOT.0 / (values.len() - 1).max(1) as f64;
    let mut points = Vec::new();
    let mut before = 0.0;
    for (&value, at) in values.iter().zip(0..) {
        let now = decades(value);
        if now.abs() <= DECADES {
            points.push((f64::from(at), now));
            before = now;
            continue;
        }
        // A factor of 0 leaves the plot at once.
        let share = (DECADES - before.abs()) / (now.abs() - before.abs());
        let share = if share.is_finite() { share } else { 0.0 };
        points.push((f64::from(at) - 1.0 + share, now));
        break;
    }
    let points = points.into_iter().map(|(at, decades)| format!("{:.1},{:.1}", at * across, height(decades)));
    points.collect::<Vec<_>>().join(" ")
}

/// A weight and a number of layers, and the distance of both kinds from the identity.
#[component]
pub(super) fn Identity(
    /// The settings of the lesson.
    settings: Settings,
) -> impl IntoView {
    let words = use_i18n();
    let weight = settings.number("w", 0.1, [-0.5, 1.5], 0.05);
    let layers = settings.whole("layers", 10, [1, MAX_LAYERS]);
    // A step of 0.05 is no binary fraction.
    let w = move || (weight.get() * 100.0).round() / 100.0;
    let chain = Memo::new(move |_| IdentityChain::new(w(), layers.whole()));
    let end = move |kind: fn(&IdentityChain) -> &Vec<f64>| {
        Signal::derive(move || {
            let value = chain.with(|chain| kind(chain).last().copied().unwrap_or(1.0));
            scientific(words.get_locale(), value)
        })
    };
    let distance = move |from: f64| {
        Signal::derive(move || {
            let locale = words.get_locale();
            let distance = decimal(locale, (w() - from).abs(), 2);
            t_string!(words, shortcut.away, distance = distance)
        })
    };
    let power = |exponent: f64| {
        let label = if exponent < 0.0 { "10⁻⁴" } else { "10⁴" };
        view! {
            <text x="-6" y=height(exponent) + 4.0 text-anchor="end">
                {label}
            </text>
        }
    };
    let plain = curve_fact(
        "curve plain deep",
        view! { <Fact name=move || t_string!(words, shortcut.plain_end) value=end(|chain| &chain.plain) how=distance(1.0) /> },
    );
    let residual = curve_fact(
        "curve residual deep",
        view! {
            <Fact
                name=move || t_string!(words, shortcut.shortcut_end)
                value=end(|chain| &chain.shortcut)
                how=distance(0.0)
            />
        },
    );
    let middle = height(0.0);
    view! {
        <div class="knobs chain-knobs">
            <Slider
                setting=weight
                name=move || t_string!(words, shortcut.weight)
                text=move || decimal(words.get_locale(), w(), 2)
            />
            <Slider
                setting=layers
                name=move || t_string!(words, shortcut.layers)
                text=move || count(words.get_locale(), layers.whole() as u64)
            />
        </div>
        <svg
            class="plot chain-plot"
            viewBox=format!("{} -6 {} {}", -LEFT, PLOT.0 + LEFT + 8.0, PLOT.1 + BELOW + 6.0)
            role="img"
            aria-label=move || t_string!(words, shortcut.chain_plot)
        >
            <line class="curve-grid" x1="0" x2=PLOT.0 y1=middle y2=middle></line>
            {[-DECADES, DECADES].map(power).into_iter().collect_view()}
            <text x="-6" y=middle - 2.0 text-anchor="end">
                {move || t_string!(words, shortcut.identity_line)}
            </text>
            <text x="-6" y=middle + 11.0 text-anchor="end">
                "1"
            </text>
            <text x="0" y=PLOT.1 + 16.0>
                "0"
            </text>
            <text x=PLOT.0 y=PLOT.1 + 16.0 text-anchor="end">
                {move || t_string!(words, shortcut.layers_axis, n = count(words.get_locale(), layers.whole() as u64))}
            </text>
            <polyline class="curve plain deep" points=move || chain.with(|chain| points(&chain.plain))></polyline>
            <polyline class="curve residual deep" points=move || chain.with(|chain| points(&chain.shortcut))></polyline>
        </svg>
        <div class="facts chain-facts">{plain} {residual}</div>
    }
}
