//! 1x1 convolution: four maps of GoogLeNet mixed into three, by weights that can be moved.

mod matrix;

use leptos::prelude::*;
use leptos_i18n::{t, t_string};
use words::i18n::{Locale, use_i18n};

use crate::app::learn::address::Knobs;
use crate::app::learn::control::Toggle;
use crate::app::learn::figure::{Fact, Maps};
use crate::app::learn::network::{LessonError, Trained, layer_for};
use crate::app::learn::numbers::{compact, count, decimal};
use crate::app::learn::picture::{PictureChooser, picture_knob};
use crate::app::learn::pixel::{PixelKnobs, PixelSliders};
use crate::app::learn::shown::{Shown, failure, refusal};
use analysis::lesson::mixing::{MixedMaps, MixingWeights, channels, chosen, macs};
use matrix::{INPUTS, Matrix, MatrixKnobs, OUTPUTS};
use net::{Activation, Expr, Graph, NetError, network};
use scene::paint::Ramp;

/// The network whose maps are mixed, its first 1x1 convolution, and what that reads.
const NETWORK: &str = "googlenet-cifar10";
const LAYER: &str = "conv2_reduce";
const BEFORE: &str = "norm1";
/// Which of the maps that it reads are mixed here, and which of those that it gives have their weights shown.
const READ: [usize; INPUTS] = [30, 16, 18, 1];
const GIVEN: [usize; OUTPUTS] = [3, 12, 14];
/// Pixels of a map's side there.
const SIDE: usize = 16;

/// What GoogLeNet's own graphs count.
struct Counts {
    /// Channels that the network's layer reads and gives.
    own: (usize, usize),
    /// GoogLeNet's reductions before 3x3 and 5x5: channels, and parameters.
    reductions: [(usize, usize, Expr); 2],
    /// Multiply-accumulates of the lane of 5x5 with its reduction, and without.
    lane: (u64, u64),
}

impl Counts {
    fn new() -> Result<Self, NetError> {
        let [own, full, naive]: [Graph; 3] = [network(NETWORK)?, network("googlenet")?, network("googlenet-naive")?];
        let (from, to, _) = channels(&own, LAYER)?;
        let three = channels(&full, "inception3a.branch2_reduce")?;
        let five = channels(&full, "inception3a.branch3_reduce")?;
        let with = macs(&full, &["inception3a.branch3_reduce", "inception3a.branch3"])?;
        Ok(Self { own: (from, to), reductions: [three, five], lane: (with, macs(&naive, &["inception3a.branch3"])?) })
    }
}

/// The lesson.
#[component]
pub(super) fn OneByOne(
    /// What can be moved.
    knobs: Knobs,
) -> impl IntoView {
    let words = use_i18n();
    let picture = picture_knob(knobs, 17);
    let weights = MatrixKnobs::new(knobs);
    let pixel = PixelKnobs::new(knobs, [7, 9], SIDE);
    let relu = knobs.flag("relu", false);
    let maps = Shown::new(move || {
        let index = picture.whole();
        async move {
            let (example, values, shape) = layer_for(NETWORK, BEFORE, index).await?;
            let (_, height, width) = shape.chw();
            Ok((example, chosen(&values, shape, &READ), net::Shape::maps(INPUTS, height, width)))
        }
    });
    let trained = Shown::new(|| async {
        let network = Trained::open(NETWORK).await?;
        let weight = network.tensor(&format!("{LAYER}.weight")).await?;
        let bias = network.tensor(&format!("{LAYER}.bias")).await?;
        let missing = || LessonError::Unlike { network: NETWORK };
        Matrix::trained(&weight, &bias, &GIVEN, &READ).ok_or_else(missing)
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
    // What the chosen pixel is in each of some maps.
    let at = move |maps: Signal<Option<Maps>>, map: usize| {
        maps.with(|maps| {
            let maps = maps.as_ref()?;
            maps.values.get(map * maps.size.0 * maps.size.1 + pixel.place()).copied().map(f64::from)
        })
    };
    // One output's value at the chosen pixel, spelled out.
    let sum = move |output: usize| {
        let locale: Locale = words.get_locale();
        let (matrix, result) = (weights.get(), at(given, output)?);
        let mut sum = String::new();
        // A number that is added or taken away, with what it is multiplied by.
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
    let counts = Counts::new().map(StoredValue::new).map_err(LessonError::from);
    let refused = counts.as_ref().err().cloned();
    let told = counts.ok();
    let of = move |figure: fn(Locale, &Counts) -> String| {
        Signal::derive(move || {
            let locale = words.get_locale();
            told.map(|counts| counts.with_value(|counts| figure(locale, counts))).unwrap_or_default()
        })
    };
    let parameters = |locale: Locale, expr: &Expr| {
        format!("{} = {}", expr.to_string().replace('*', "×"), count(locale, expr.value()))
    };
    let here = Signal::derive(move || {
        let locale = words.get_locale();
        mixed
            .with(|mixed| mixed.as_ref()?.as_ref().ok().map(|mixed| parameters(locale, &mixed.parameters)))
            .unwrap_or_default()
    });
    let own = of(|locale, counts| count(locale, counts.own.0 as u64));
    let left = of(|locale, counts| count(locale, (counts.own.0 - INPUTS) as u64));
    let preset = move |mixture: MixingWeights| Signal::derive(move || Some(Matrix::mixture(mixture)));
    let network_own = Signal::derive(move || trained.with(|matrix| *matrix));
    let button = move |matrix: Signal<Option<Matrix>>, name: Signal<String>| {
        let pressed = move || matrix.get().is_some_and(|matrix| matrix == weights.get()).to_string();
        let press = move |_| {
            if let Some(matrix) = matrix.get_untracked() {
                weights.set(&matrix);
            }
        };
        view! { <button type="button" aria-pressed=pressed disabled=move || matrix.get().is_none() on:click=press>{move || name.get()}</button> }
    };
    let reduction = move |place: usize| {
        let size = Signal::derive(move || {
            told.map(|counts| {
                counts.with_value(|counts| {
                    let (from, to, _) = &counts.reductions[place];
                    format!("{from} → {to}")
                })
            })
            .unwrap_or_default()
        });
        let how = Signal::derive(move || {
            let locale = words.get_locale();
            told.map(|counts| counts.with_value(|counts| parameters(locale, &counts.reductions[place].2)))
                .unwrap_or_default()
        });
        (size, how)
    };
    let ((three, three_how), (five, five_how)) = (reduction(0), reduction(1));
    let (with, without) = (
        of(|locale, counts| compact(locale, counts.lane.0 as f64)),
        of(|locale, counts| compact(locale, counts.lane.1 as f64)),
    );
    view! {
        <div class="lesson-text">
            <p>{t!(words, one_by_one.what)}</p>
            <p>{move || t_string!(words, one_by_one.here, layer = LAYER, all = own.get(), inputs = count(words.get_locale(), INPUTS as u64), outputs = count(words.get_locale(), OUTPUTS as u64), left = left.get())}</p>
            <p>{move || t_string!(words, one_by_one.saves, with = with.get(), without = without.get())}</p>
            <p>{t!(words, one_by_one.relu_says)}</p>
            <div class="facts">
                <Fact name=Signal::derive(move || t_string!(words, one_by_one.parameters).to_owned())
                    value=Signal::derive(|| format!("{INPUTS} → {OUTPUTS}")) how=here/>
                <Fact name=Signal::derive(move || t_string!(words, one_by_one.before_three).to_owned()) value=three how=three_how/>
                <Fact name=Signal::derive(move || t_string!(words, one_by_one.before_five).to_owned()) value=five how=five_how/>
            </div>
        </div>
        <div class="lesson-figure">
            <div class="mix-head">
                <PictureChooser knob=picture example=Signal::derive(move || maps.with(|(example, ..)| example.clone()))/>
                <div>
                    <div class="choice" role="group" aria-label=move || t_string!(words, one_by_one.presets)>
                        {button(preset(MixingWeights::Identity), Signal::derive(move || t_string!(words, one_by_one.identity).to_owned()))}
                        {button(preset(MixingWeights::Mean), Signal::derive(move || t_string!(words, one_by_one.mean).to_owned()))}
                        {button(preset(MixingWeights::Difference), Signal::derive(move || t_string!(words, one_by_one.difference).to_owned()))}
                        {button(network_own, Signal::derive(move || t_string!(words, one_by_one.trained).to_owned()))}
                    </div>
                    <Toggle value=relu name=Signal::derive(move || t_string!(words, one_by_one.relu).to_owned())/>
                </div>
            </div>
            {matrix::view(weights, read, given, pixel, READ)}
            <div class="mix-sums" role="group" aria-label=move || t_string!(words, one_by_one.pixel)>
                <div class="knobs"><PixelSliders pixel/></div>
                {(0..OUTPUTS).map(|output| view! {
                    <p class="mono"><b>{move || matrix::output_name(words, output)}</b>" = "
                        <output aria-label=move || matrix::output_name(words, output)>{move || sum(output).unwrap_or_else(|| "–".to_owned())}</output></p>
                }).collect_view()}
            </div>
            {failure(maps.error())}
            {failure(trained.error())}
            {refused.map(|error| failure(Signal::derive(move || Some(error.clone()))))}
            {move || mixed.get().and_then(Result::err).map(refusal)}
        </div>
    }
}
