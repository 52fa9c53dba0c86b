//! 1x1 convolution: four maps of GoogLeNet mixed into three, with adjustable weights.

mod layer_counts;
mod matrix;
mod matrix_settings;
mod matrix_view;

use leptos::prelude::*;
use leptos_i18n::{t, t_string};
use words::i18n::{Locale, use_i18n};

use crate::cell::{CellSettings, CellSliders};
use crate::controls::Toggle;
use crate::error::LessonError;
use crate::examples::layer_for;
use crate::fact::Fact;
use crate::latest::LatestResult;
use crate::maps::Maps;
use crate::network::TrainedNetwork;
use crate::notices::{error_notice, refusal_notice};
use crate::picture_chooser::{PictureChooser, picture_setting};
use crate::settings::Settings;
use crate::text::dash;
use analysis::lesson::mixing::{MixedMaps, MixingWeights, chosen};
use layer_counts::{LAYER, LayerCounts, NETWORK, Reduction};
use layerscope::app::wording::numbers::{compact, count, decimal};
use matrix::{INPUTS, MixingMatrix, OUTPUTS};
use matrix_settings::MatrixSettings;
use matrix_view::{matrix_view, output_name};
use net::{Activation, Expr};
use scene::paint::Ramp;

/// The input of [`LAYER`].
const BEFORE: &str = "norm1";
/// The input maps that the lesson mixes, and the output maps whose trained weights it offers.
const READ: [usize; INPUTS] = [30, 16, 18, 1];
const GIVEN: [usize; OUTPUTS] = [3, 12, 14];
/// The side of a map, in pixels.
const SIDE: usize = 16;

/// The body of the lesson.
#[component]
pub(super) fn OneByOne(
    /// The settings of the lesson.
    settings: Settings,
) -> impl IntoView {
    let words = use_i18n();
    let picture = picture_setting(settings, 17);
    let weights = MatrixSettings::new(settings);
    let pixel = CellSettings::new(settings, [7, 9], SIDE);
    let relu = settings.flag("relu", false);
    let maps = LatestResult::new(move || {
        let index = picture.whole();
        async move {
            let (example, values, shape) = layer_for(NETWORK, BEFORE, index).await?;
            let (_, height, width) = shape.chw();
            Ok((example, chosen(&values, shape, &READ), net::Shape::maps(INPUTS, height, width)))
        }
    });
    let trained = LatestResult::new(|| async {
        let network = TrainedNetwork::open(NETWORK).await?;
        let weight = network.tensor(&format!("{LAYER}.weight")).await?;
        let bias = network.tensor(&format!("{LAYER}.bias")).await?;
        let missing = || LessonError::Unlike { network: NETWORK };
        MixingMatrix::trained(&weight, &bias, &GIVEN, &READ).ok_or_else(missing)
    });
    let mixed = Memo::new(move |_| {
        let matrix = weights.get();
        let activation = if relu.get() { Activation::Relu } else { Activation::Identity };
        maps.with(|(_, values, shape)| {
            MixedMaps::new(values, *shape, &matrix.weights(), &matrix.biases(), activation)
                .map_err(|error| error.to_string())
        })
    });
    let size = |shape: net::Shape| (shape.chw().1, shape.chw().2);
    let read = Signal::derive(move || {
        maps.with(|(_, values, shape)| Maps::new(values.clone(), size(*shape), Ramp::Rectified))
    });
    let given = Signal::derive(move || {
        let mixed = mixed.get()?.ok()?;
        let ramp = if relu.get() { Ramp::Rectified } else { Ramp::Signed };
        Some(Maps::new(mixed.values, size(mixed.shape), ramp))
    });
    // The value of the chosen cell in one map.
    let at = move |maps: Signal<Option<Maps>>, map: usize| {
        maps.with(|maps| {
            let maps = maps.as_ref()?;
            maps.values.get(map * maps.size.0 * maps.size.1 + pixel.place()).copied().map(f64::from)
        })
    };
    // The value of one output at the chosen cell, as arithmetic.
    let sum = move |output: usize| {
        let locale: Locale = words.get_locale();
        let (matrix, result) = (weights.get(), at(given, output)?);
        let mut sum = String::new();
        // Adds a signed term.
        let mut term = |weight: f64, times: &str| {
            let sign = match (sum.is_empty(), weight < 0.0) {
                (true, false) => "",
                (true, true) => "−",
                (false, false) => " + ",
                (false, true) => " − ",
            };
            sum.push_str(&format!("{sign}{}{times}", decimal(locale, weight.abs(), 2)));
        };
        for input in 0..INPUTS {
            let value = decimal(locale, at(read, input)?, 3);
            term(matrix.weight(output, input), &format!("·{value}"));
        }
        term(matrix.bias(output), "");
        let result = decimal(locale, result, 3);
        Some(if relu.get() { format!("max(0, {sum}) = {result}") } else { format!("{sum} = {result}") })
    };
    let counts = LayerCounts::new().map(StoredValue::new).map_err(LessonError::from);
    let counts_error = counts.as_ref().err().cloned();
    let counts = counts.ok();
    let counts_text = move |text: &dyn Fn(Locale, &LayerCounts) -> String| {
        let locale = words.get_locale();
        counts.map(|counts| counts.with_value(|counts| text(locale, counts))).unwrap_or_default()
    };
    let parameters = |locale: Locale, expr: &Expr| {
        format!("{} = {}", expr.to_string().replace('*', "×"), count(locale, expr.value()))
    };
    let own_parameters = Signal::derive(move || {
        let locale = words.get_locale();
        mixed
            .with(|mixed| mixed.as_ref()?.as_ref().ok().map(|mixed| parameters(locale, &mixed.parameters)))
            .unwrap_or_default()
    });
    let preset = move |mixture: MixingWeights| Signal::derive(move || Some(MixingMatrix::mixture(mixture)));
    let network_own = Signal::derive(move || trained.with(|matrix| *matrix));
    let button = move |matrix: Signal<Option<MixingMatrix>>, name: Signal<String>| {
        let pressed = move || matrix.get().is_some_and(|matrix| matrix == weights.get()).to_string();
        let press = move |_| {
            if let Some(matrix) = matrix.get_untracked() {
                weights.set(&matrix);
            }
        };
        view! {
            <button type="button" aria-pressed=pressed disabled=move || matrix.get().is_none() on:click=press>
                {move || name.get()}
            </button>
        }
    };
    let reduction = move |place: usize, name: Signal<String>| {
        let size = move || {
            counts_text(&|_, counts| {
                let Reduction { input_channels, output_channels, .. } = counts.reductions[place];
                format!("{input_channels} → {output_channels}")
            })
        };
        let how = move || counts_text(&|locale, counts| parameters(locale, &counts.reductions[place].parameters));
        view! { <Fact name value=size how /> }
    };
    let here = move || {
        let all = counts_text(&|locale, counts| count(locale, counts.input_channels as u64));
        let left = counts_text(&|locale, counts| count(locale, (counts.input_channels - INPUTS) as u64));
        let [inputs, outputs] = [INPUTS, OUTPUTS].map(|number| count(words.get_locale(), number as u64));
        t_string!(words, one_by_one.here, layer = LAYER, all = all, inputs = inputs, outputs = outputs, left = left)
    };
    let savings = move || {
        let with = counts_text(&|locale, counts| compact(locale, counts.macs_with_reduction as f64));
        let without = counts_text(&|locale, counts| compact(locale, counts.macs_without_reduction as f64));
        t_string!(words, one_by_one.saves, with = with, without = without)
    };
    view! {
        <div class="lesson-text">
            <p>{t!(words, one_by_one.what)}</p>
            <p>{here}</p>
            <p>{savings}</p>
            <p>{t!(words, one_by_one.relu_says)}</p>
            <div class="facts">
                <Fact
                    name=move || t_string!(words, one_by_one.parameters)
                    value=Signal::derive(|| format!("{INPUTS} → {OUTPUTS}"))
                    how=own_parameters
                />
                {reduction(0, Signal::derive(move || t_string!(words, one_by_one.before_three).to_owned()))}
                {reduction(1, Signal::derive(move || t_string!(words, one_by_one.before_five).to_owned()))}
            </div>
        </div>
        <div class="lesson-figure">
            <div class="mix-head">
                <PictureChooser
                    setting=picture
                    example=Signal::derive(move || maps.with(|(example, ..)| example.clone()))
                />
                <div>
                    <div class="choice" role="group" aria-label=move || t_string!(words, one_by_one.presets)>
                        {button(
                            preset(MixingWeights::Identity),
                            Signal::derive(move || t_string!(words, one_by_one.identity).to_owned()),
                        )}
                        {button(
                            preset(MixingWeights::Mean),
                            Signal::derive(move || t_string!(words, one_by_one.mean).to_owned()),
                        )}
                        {button(
                            preset(MixingWeights::Difference),
                            Signal::derive(move || t_string!(words, one_by_one.difference).to_owned()),
                        )}
                        {button(network_own, Signal::derive(move || t_string!(words, one_by_one.trained).to_owned()))}
                    </div>
                    <Toggle value=relu name=move || t_string!(words, one_by_one.relu) />
                </div>
            </div>
            {matrix_view(weights, read, given, pixel, READ)}
            <div class="mix-sums" role="group" aria-label=move || t_string!(words, one_by_one.pixel)>
                <div class="knobs">
                    <CellSliders pixel />
                </div>
                {(0..OUTPUTS)
                    .map(|output| {
                        view! {
                            <p class="mono">
                                <b>{move || output_name(words, output)}</b>
                                " = "
                                <output aria-label=move || output_name(
                                    words,
                                    output,
                                )>{move || sum(output).unwrap_or_else(dash)}</output>
                            </p>
                        }
                    })
                    .collect_view()}
            </div>
            {error_notice(maps.error())}
            {error_notice(trained.error())}
            {counts_error.map(|error| error_notice(Signal::derive(move || Some(error.clone()))))}
            {move || mixed.get().and_then(Result::err).map(refusal_notice)}
        </div>
    }
}
