//! The slope of three activation functions at a sum, and the gradient that remains behind many layers.

use leptos::prelude::*;
use leptos_i18n::{t, t_string};
use words::i18n::{Locale, use_i18n};

use super::function_plots::{FunctionPlots, MAX_SUM, class};
use crate::controls::{Slider, Toggle};
use crate::settings::Settings;
use crate::text::superscript;
use analysis::lesson::LessonActivation;
use layerscope::app::wording::numbers::{count, decimal};

/// The most layers that a gradient passes.
const LAYERS: usize = 20;
/// Smaller numbers are written with a power of ten.
const MIN_DECIMAL: f64 = 0.001;

/// Writes a number of any size, with four decimals or with a power of ten.
fn scientific(locale: Locale, value: f64) -> String {
    if value == 0.0 {
        return count(locale, 0);
    }
    if value.abs() >= MIN_DECIMAL {
        return decimal(locale, value, 4);
    }
    let power = value.abs().log10().floor() as i32;
    let mantissa = value / 10f64.powi(power);
    format!("{} × 10{}", decimal(locale, mantissa, 2), superscript(power))
}

/// The functions, the slider of the sum, and a table of values, slopes and gradients.
#[component]
pub(super) fn Saturation(
    /// The settings of the lesson.
    settings: Settings,
) -> impl IntoView {
    let words = use_i18n();
    let sum = settings.number("x", 2.0, [-MAX_SUM, MAX_SUM], 0.1);
    let layers = settings.whole("layers", 8, [1, LAYERS]);
    let chained = settings.flag("chained", false);
    // Binary fractions do not hold tenths: 2.0 must stay 2.
    let x = Memo::new(move |_| (sum.get() * 10.0).round() / 10.0);
    let product = move |one: LessonActivation| {
        if chained.get() { one.chained(x.get(), layers.whole()) } else { one.product(x.get(), layers.whole()) }
    };
    let row = move |one: LessonActivation| {
        let name = move || match one {
            LessonActivation::Sigmoid => t_string!(words, relu.sigmoid),
            LessonActivation::Tanh => t_string!(words, relu.tanh),
            LessonActivation::Relu => t_string!(words, relu.relu),
        };
        let cell = move |value: Signal<f64>| view! { <td>{move || scientific(words.get_locale(), value.get())}</td> };
        view! {
            <tr>
                <th scope="row">
                    <svg class="swatch" viewBox="0 0 26 8" aria-hidden="true">
                        <path class=class(one) d="M1 4H25" />
                    </svg>
                    {name}
                </th>
                {cell(Signal::derive(move || one.value(x.get())))}
                {cell(Signal::derive(move || one.derivative(x.get())))}
                {cell(Signal::derive(move || product(one)))}
            </tr>
        }
    };
    let many = move || {
        let n = count(words.get_locale(), layers.whole() as u64);
        t_string!(words, relu.product, n = n)
    };
    view! {
        <div class="lesson-figure relu-part">
            <h2>{t!(words, relu.saturation_title)}</h2>
            <p>{t!(words, relu.saturation_text)}</p>
            <FunctionPlots sum x />
            <div class="knobs">
                <Slider
                    setting=sum
                    name=move || t_string!(words, relu.sum)
                    text=move || decimal(words.get_locale(), x.get(), 1)
                />
                <Slider
                    setting=layers
                    name=move || t_string!(words, relu.layers)
                    text=move || count(words.get_locale(), layers.whole() as u64)
                />
            </div>
            <table class="relu-table">
                <thead>
                    <tr>
                        <th scope="col">{t!(words, relu.function)}</th>
                        <th scope="col">{t!(words, relu.value)}</th>
                        <th scope="col">{t!(words, relu.derivative)}</th>
                        <th scope="col">{many}</th>
                    </tr>
                </thead>
                <tbody>{LessonActivation::ALL.map(row).collect_view()}</tbody>
            </table>
            <Toggle value=chained name=move || t_string!(words, relu.chain) />
            <p class="small soft">
                {move || {
                    if chained.get() { t_string!(words, relu.chained_note) } else { t_string!(words, relu.same_note) }
                }}
            </p>
        </div>
    }
}
