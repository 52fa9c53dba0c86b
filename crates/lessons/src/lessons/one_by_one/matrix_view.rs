//! The matrix of a 1x1 convolution: a slider for each weight, the input maps above, the output maps beside it.

use leptos::prelude::*;
use leptos_i18n::{I18nContext, t, t_string};
use words::i18n::{Locale, use_i18n};

use super::matrix::{INPUTS, OUTPUTS};
use super::matrix_settings::MatrixSettings;
use crate::cell::{CellMap, CellSettings};
use crate::controls::SliderInput;
use crate::maps::Maps;
use layerscope::app::wording::numbers::{count, decimal};

/// The strength of the colour behind the greatest weight, in percent.
const TINT: f64 = 30.0;

/// Returns the name of an output map.
pub(super) fn output_name(words: I18nContext<Locale>, output: usize) -> String {
    t_string!(words, one_by_one.output, number = count(words.get_locale(), output as u64 + 1))
}

/// The matrix with its input maps above and its output maps beside it. `numbers` are the numbers of the input maps.
pub(super) fn matrix_view(
    weights: MatrixSettings,
    read: Signal<Option<Maps>>,
    given: Signal<Option<Maps>>,
    pixel: CellSettings,
    numbers: [usize; INPUTS],
) -> impl IntoView {
    let words = use_i18n();
    let map_name = move |input: usize| {
        t_string!(words, one_by_one.input, number = count(words.get_locale(), numbers[input] as u64 + 1))
    };
    let head = move |input: usize| {
        view! {
            <div class="mix-map">
                <CellMap maps=read map=input side=72.0 pixel name=move || map_name(input) />
                <span class="small soft">{move || map_name(input)}</span>
            </div>
        }
    };
    let cell = move |output: usize, column: usize| {
        let setting = weights.0[output][column];
        let name = move || {
            let to = output_name(words, output);
            if column < INPUTS {
                t_string!(words, one_by_one.weight, from = map_name(column), to = to)
            } else {
                t_string!(words, one_by_one.bias_of, to = to)
            }
        };
        let text = move || decimal(words.get_locale(), setting.get(), 2);
        let style = move || {
            let colour = if setting.get() < 0.0 { "negative" } else { "positive" };
            format!("background:color-mix(in srgb,var(--{colour}) {:.0}%,transparent)", setting.get().abs() * TINT)
        };
        view! {
            <label class="mix-cell" style=style>
                <output class="mono">{text}</output>
                <SliderInput setting name=Signal::derive(name) text=Signal::derive(text) />
            </label>
        }
    };
    let row = move |output: usize| {
        let cells = (0..=INPUTS).map(|column| cell(output, column)).collect_view();
        view! {
            {cells}
            <div class="mix-map">
                <CellMap maps=given map=output side=72.0 pixel name=move || output_name(words, output) />
            </div>
        }
    };
    view! {
        <div class="mix" role="group" aria-label=move || t_string!(words, one_by_one.matrix)>
            {(0..INPUTS).map(head).collect_view()}
            <span class="small soft mix-title">{t!(words, one_by_one.bias)}</span>
            <span class="small soft mix-title">{t!(words, one_by_one.outputs)}</span>
            {(0..OUTPUTS).map(row).collect_view()}
        </div>
    }
}
