//! The predictions as bars: with one mask, averaged over many masks, and without dropout.

use leptos::prelude::*;
use leptos_i18n::{t, t_string};
use words::i18n::use_i18n;

use crate::examples::CIFAR10_CLASSES;
use crate::text::dash;
use layerscope::app::wording::classes::cifar10;
use layerscope::app::wording::numbers::{count, percent};

/// A probability as a bar with its number.
fn bar(value: Signal<Option<f64>>, kind: &'static str) -> impl IntoView {
    let words = use_i18n();
    let width = move || format!("width:{:.2}%", value.get().unwrap_or(0.0) * 100.0);
    let text = move || value.get().map_or_else(dash, |value| percent(words.get_locale(), value, 1));
    view! {
        <td class=format!("answer-{kind}")>
            <span class="answer-bar">
                <i style=width></i>
            </span>
            <span class="mono">{text}</span>
        </td>
    }
}

/// The probabilities of all classes.
#[component]
pub(super) fn PredictionTable(
    /// The prediction with the mask that is shown.
    single: Signal<Option<Vec<f32>>>,
    /// The mean over many masks.
    means: Signal<Option<Vec<f64>>>,
    /// The prediction without dropout.
    own: Signal<Option<Vec<f32>>>,
    /// The number of masks in the mean.
    count: Signal<usize>,
    /// True while the mean is being computed.
    busy: Signal<bool>,
) -> impl IntoView {
    let words = use_i18n();
    let masks = move || self::count(words.get_locale(), count.get() as u64);
    let row = move |class: usize| {
        let of = move |values: Signal<Option<Vec<f32>>>| {
            Signal::derive(move || values.with(|values| values.as_ref()?.get(class).copied().map(f64::from)))
        };
        let mean = Signal::derive(move || means.with(|means| means.as_ref()?.get(class).copied()));
        view! {
            <tr>
                <th scope="row">{move || cifar10(words.get_locale(), class)}</th>
                {bar(of(single), "single")}
                {bar(mean, "mean")}
                {bar(of(own), "own")}
            </tr>
        }
    };
    view! {
        <table
            class="answers"
            aria-label=move || t_string!(words, dropout.answers)
            aria-busy=move || busy.get().to_string()
        >
            <thead>
                <tr>
                    <th scope="col">{t!(words, dropout.class)}</th>
                    <th scope="col">{t!(words, dropout.one)}</th>
                    <th scope="col">{move || t_string!(words, dropout.average, count = masks())}</th>
                    <th scope="col">{t!(words, dropout.own)}</th>
                </tr>
            </thead>
            <tbody>{(0..CIFAR10_CLASSES).map(row).collect_view()}</tbody>
        </table>
    }
}
