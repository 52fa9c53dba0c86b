//! The same network trained with tanh and with ReLU.

use leptos::prelude::*;
use leptos_i18n::{t, t_string};
use words::i18n::use_i18n;

use super::error_curves::ErrorCurves;
use super::machine::{TrainingEvent, TrainingPhase};
use super::pair::{NetworkTraining, TrainingPair};
use crate::controls::Slider;
use crate::fact::Fact;
use crate::settings::Settings;
use crate::text::dash;
use analysis::lesson::{MAX_EPOCHS, TrainingActivation, small_network};
use layerscope::app::PICTURES;
use layerscope::app::wording::numbers::{count, decimal, percent};

/// Decimals of a learning rate.
const RATE_DECIMALS: u8 = 3;

/// The curves, the buttons and sliders, and the results.
#[component]
pub(super) fn SideBySide(
    /// The settings of the lesson.
    settings: Settings,
) -> impl IntoView {
    let words = use_i18n();
    let pair = TrainingPair::new(settings);
    let parameters = small_network().map_or(0, |graph| graph.total_parameters());
    let [tanh, relu] = pair.trainings;
    let start = move || match pair.phase() {
        TrainingPhase::Idle => t_string!(words, relu.start),
        TrainingPhase::Running => t_string!(words, relu.pause),
        TrainingPhase::Paused => t_string!(words, relu.resume),
    };
    let is_idle = move || pair.phase() == TrainingPhase::Idle;
    let setup = move || {
        let locale = words.get_locale();
        let (parameters, pictures) = (count(locale, parameters), count(locale, PICTURES as u64));
        t_string!(words, relu.ours, parameters = parameters, pictures = pictures)
    };
    let rate_text = move |training: NetworkTraining| decimal(words.get_locale(), training.rate(), RATE_DECIMALS);
    let times = Signal::derive(move || {
        let times = tanh.curve.with(|tanh| relu.curve.with(|relu| tanh.times(relu)));
        times.map_or_else(dash, |times| decimal(words.get_locale(), times, 1))
    });
    let reached = Signal::derive(move || {
        let locale = words.get_locale();
        let of = |training: NetworkTraining| {
            let epoch = training.curve.with(|curve| curve.reached());
            epoch.map_or_else(dash, |epoch| count(locale, epoch as u64))
        };
        format!("{} / {}", of(tanh), of(relu))
    });
    let slopes = Signal::derive(move || {
        let locale = words.get_locale();
        let of = |training: NetworkTraining| {
            let slope = training.progress.with(|progress| progress.last.map(|report| report.step.slope));
            slope.map_or_else(dash, |slope| decimal(locale, slope, 2))
        };
        format!("{} / {}", of(tanh), of(relu))
    });
    view! {
        <div class="lesson-figure relu-part">
            <h2>{t!(words, relu.training_title)}</h2>
            <p>{t!(words, relu.paper_says)}" "{setup}</p>
            <ErrorCurves pair />
            <div class="relu-run">
                <button
                    type="button"
                    class="first"
                    disabled=move || pair.is_over()
                    on:click=move |_| pair.handle(TrainingEvent::Toggled)
                >
                    {start}
                </button>
                <button type="button" disabled=is_idle on:click=move |_| pair.handle(TrainingEvent::Repeated)>
                    {t!(words, relu.repeat)}
                </button>
                <button type="button" on:click=move |_| pair.handle(TrainingEvent::NextSeedRequested)>
                    {t!(words, relu.another)}
                </button>
                <span class="small soft">
                    {move || {
                        let seed = count(words.get_locale(), pair.seed.whole() as u64);
                        t_string!(words, relu.seed, seed = seed)
                    }}
                </span>
            </div>
            <div class="knobs relu-knobs">
                <Slider setting=tanh.rate name=move || t_string!(words, relu.tanh_rate) text=move || rate_text(tanh) />
                <Slider setting=relu.rate name=move || t_string!(words, relu.relu_rate) text=move || rate_text(relu) />
                <Slider
                    setting=pair.spread
                    name=move || t_string!(words, relu.spread)
                    text=Signal::derive(move || format!("×{}", decimal(words.get_locale(), pair.spread(), 1)))
                />
            </div>
            <div class="facts">
                <TrainingFact training=tanh name=move || t_string!(words, relu.tanh_error) />
                <TrainingFact training=relu name=move || t_string!(words, relu.relu_error) />
                <Fact name=move || t_string!(words, relu.times) value=times how=reached />
                <Fact name=move || t_string!(words, relu.slope) value=slopes />
            </div>
            <p class="small" role="status">
                <Verdict pair />
                " "
                {t!(words, relu.no_proof)}
            </p>
            {move || {
                pair.error
                    .get()
                    .map(|reason| {
                        let text = move || t_string!(words, learn.failed, reason = reason.clone());
                        view! {
                            <p role="alert" class="bench-notice">
                                {text}
                            </p>
                        }
                    })
            }}
        </div>
    }
}

/// The progress of one training.
#[component]
fn TrainingFact(
    /// The training.
    training: NetworkTraining,
    /// Its name.
    #[prop(into)]
    name: Signal<String>,
) -> impl IntoView {
    let words = use_i18n();
    let value = Signal::derive(move || {
        let error = training.curve.with(|curve| curve.errors.last().copied());
        error.map_or_else(dash, |error| percent(words.get_locale(), error, 1))
    });
    let epoch_ms = Memo::new(move |_| training.progress.with(|progress| progress.epoch_ms));
    let how = Signal::derive(move || {
        let locale = words.get_locale();
        let epoch = count(locale, training.epochs() as u64);
        match epoch_ms.get() {
            Some(ms) => {
                let seconds = decimal(locale, ms / 1000.0, 1);
                t_string!(words, relu.epoch_took, epoch = epoch, seconds = seconds)
            }
            None => t_string!(words, relu.epoch, epoch = epoch),
        }
    });
    view! { <Fact name value how /> }
}

/// The result so far, as a sentence.
#[component]
fn Verdict(
    /// The two trainings.
    pair: TrainingPair,
) -> impl IntoView {
    let words = use_i18n();
    let of = move |neuron: TrainingActivation| pair.trainings.into_iter().find(|training| training.neuron == neuron);
    let epoch = move |neuron| of(neuron).and_then(|training| training.curve.with(|curve| curve.reached()));
    let (tanh, relu) =
        (Memo::new(move |_| epoch(TrainingActivation::Tanh)), Memo::new(move |_| epoch(TrainingActivation::Relu)));
    let (has_begun, is_over) =
        (Memo::new(move |_| pair.phase() != TrainingPhase::Idle), Memo::new(move |_| pair.is_over()));
    move || {
        let locale = words.get_locale();
        let number = |n: usize| count(locale, n as u64);
        let most = number(MAX_EPOCHS);
        match (tanh.get(), relu.get()) {
            (None, None) if !has_begun.get() => t_string!(words, relu.not_begun).to_owned(),
            (None, None) if is_over.get() => t_string!(words, relu.neither_did, most = most),
            (None, None) => t_string!(words, relu.neither_yet).to_owned(),
            (None, Some(relu)) if is_over.get() => t_string!(words, relu.relu_only, relu = number(relu), most = most),
            (None, Some(relu)) => t_string!(words, relu.relu_first, relu = number(relu)),
            (Some(tanh), None) if is_over.get() => t_string!(words, relu.tanh_only, tanh = number(tanh), most = most),
            (Some(tanh), None) => t_string!(words, relu.tanh_first, tanh = number(tanh)),
            (Some(tanh), Some(relu)) if tanh == relu => t_string!(words, relu.even, epoch = number(relu)),
            (Some(tanh), Some(relu)) => {
                let times = decimal(locale, tanh.max(relu) as f64 / tanh.min(relu) as f64, 1);
                let (tanh, relu, sooner) = (number(tanh), number(relu), relu < tanh);
                if sooner {
                    t_string!(words, relu.relu_sooner, tanh = tanh, relu = relu, times = times)
                } else {
                    t_string!(words, relu.tanh_sooner, tanh = tanh, relu = relu, times = times)
                }
            }
        }
    }
}
