//! The matrix of a 1x1 convolution: a slider for each weight, the maps that it reads above, those that it gives at its
//! side.

use leptos::prelude::*;
use leptos_i18n::{I18nContext, t, t_string};
use words::i18n::use_i18n;

use crate::app::learn::address::{Knob, Knobs};
use crate::app::learn::figure::Maps;
use crate::app::learn::numbers::{count, decimal};
use crate::app::learn::pixel::{PixelKnobs, PixelMap};
use analysis::lesson::mixing::{MixingWeights, weight_between};
use weights::Array;
use words::i18n::Locale;

/// Maps that are read, and given.
pub(super) const INPUTS: usize = 4;
pub(super) const OUTPUTS: usize = 3;

/// What each weight is called in the address; the last of a row is the bias.
const NAMES: [[&str; INPUTS + 1]; OUTPUTS] =
    [["w11", "w12", "w13", "w14", "b1"], ["w21", "w22", "w23", "w24", "b2"], ["w31", "w32", "w33", "w34", "b3"]];
/// What they are at first: the first map, the mean of all, the first less the second.
const FIRST: Matrix = Matrix([[100, 0, 0, 0, 0], [25, 25, 25, 25, 0], [100, -100, 0, 0, 0]]);
/// How much of the accent lies behind the greatest weight, in percent.
const TINT: f64 = 30.0;

/// Weights and, last in each row, the bias, in hundredths.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Matrix([[i32; INPUTS + 1]; OUTPUTS]);

fn hundredths(value: f64) -> i32 {
    (value * 100.0).round() as i32
}

impl Matrix {
    /// What `mixture` stands for, without biases.
    pub(super) fn mixture(mixture: MixingWeights) -> Self {
        Self(std::array::from_fn(|output| {
            std::array::from_fn(
                |input| if input < INPUTS { hundredths(mixture.weight(output, input, INPUTS)) } else { 0 },
            )
        }))
    }

    /// The weights between maps `read` and `given` of a trained convolution, to hundredths.
    pub(super) fn trained(
        weight: &Array,
        bias: &Array,
        given: &[usize; OUTPUTS],
        read: &[usize; INPUTS],
    ) -> Option<Self> {
        let mut matrix = Self([[0; INPUTS + 1]; OUTPUTS]);
        for (row, &output) in matrix.0.iter_mut().zip(given) {
            for (cell, &input) in row.iter_mut().zip(read) {
                *cell = hundredths(f64::from(weight_between(weight, output, input)?));
            }
            row[INPUTS] = hundredths(f64::from(*bias.values.get(output)?));
        }
        Some(matrix)
    }

    /// The weight from map `input` to map `output`.
    pub(super) fn weight(&self, output: usize, input: usize) -> f64 {
        f64::from(self.0[output][input]) / 100.0
    }

    /// What is added to map `output`.
    pub(super) fn bias(&self, output: usize) -> f64 {
        self.weight(output, INPUTS)
    }

    /// The weights, output times input.
    pub(super) fn weights(&self) -> Vec<f32> {
        self.0.iter().flat_map(|row| row[..INPUTS].iter().map(|&cell| cell as f32 / 100.0)).collect()
    }

    /// The biases.
    pub(super) fn biases(&self) -> Vec<f32> {
        self.0.iter().map(|row| row[INPUTS] as f32 / 100.0).collect()
    }
}

/// The sliders of a matrix.
#[derive(Clone, Copy)]
pub(super) struct MatrixKnobs([[Knob; INPUTS + 1]; OUTPUTS]);

impl MatrixKnobs {
    /// All of them, in the address by [`NAMES`].
    pub(super) fn new(knobs: Knobs) -> Self {
        let knob =
            |row: usize, column: usize| knobs.number(NAMES[row][column], FIRST.weight(row, column), [-1.0, 1.0], 0.01);
        Self(std::array::from_fn(|row| std::array::from_fn(|column| knob(row, column))))
    }

    /// What they are.
    pub(super) fn get(self) -> Matrix {
        Matrix(self.0.map(|row| row.map(|knob| hundredths(knob.get()))))
    }

    /// Sets all of them at once.
    pub(super) fn set(self, matrix: &Matrix) {
        for (knobs, cells) in self.0.iter().zip(&matrix.0) {
            knobs.iter().zip(cells).for_each(|(knob, &cell)| knob.set(f64::from(cell) / 100.0));
        }
    }
}

/// What an output is called.
pub(super) fn output_name(words: I18nContext<Locale>, output: usize) -> String {
    t_string!(words, one_by_one.output, number = count(words.get_locale(), output as u64 + 1))
}

/// The matrix, its maps `read` above it and its maps `given` beside it; `numbers` are those of the maps that it reads.
pub(super) fn view(
    weights: MatrixKnobs,
    read: Signal<Option<Maps>>,
    given: Signal<Option<Maps>>,
    pixel: PixelKnobs,
    numbers: [usize; INPUTS],
) -> impl IntoView {
    let words = use_i18n();
    let map_name = move |input: usize| {
        t_string!(words, one_by_one.input, number = count(words.get_locale(), numbers[input] as u64 + 1))
    };
    let head = move |input: usize| {
        view! {
            <div class="mix-map">
                <PixelMap maps=read map=input side=72.0 pixel name=Signal::derive(move || map_name(input))/>
                <span class="small soft">{move || map_name(input)}</span>
            </div>
        }
    };
    let cell = move |output: usize, column: usize| {
        let knob = weights.0[output][column];
        let name = move || {
            let to = output_name(words, output);
            if column < INPUTS {
                t_string!(words, one_by_one.weight, from = map_name(column), to = to)
            } else {
                t_string!(words, one_by_one.bias_of, to = to)
            }
        };
        let shown = move || decimal(words.get_locale(), knob.get(), 2);
        let style = move || {
            let colour = if knob.get() < 0.0 { "negative" } else { "positive" };
            format!("background:color-mix(in srgb,var(--{colour}) {:.0}%,transparent)", knob.get().abs() * TINT)
        };
        let slide = move |event| {
            if let Ok(value) = event_target_value(&event).parse() {
                knob.set(value);
            }
        };
        view! {
            <label class="mix-cell" style=style>
                <output class="mono">{shown}</output>
                <input type="range" min=knob.least max=knob.most step=knob.step prop:value=move || knob.get().to_string()
                    aria-label=name aria-valuetext=shown on:input=slide/>
            </label>
        }
    };
    let row = move |output: usize| {
        let cells = (0..=INPUTS).map(|column| cell(output, column)).collect_view();
        view! {
            {cells}
            <div class="mix-map">
                <PixelMap maps=given map=output side=72.0 pixel name=Signal::derive(move || output_name(words, output))/>
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
