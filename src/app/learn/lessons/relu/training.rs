//! The same network, trained with tanh and with ReLU.

use leptos::prelude::*;
use leptos_i18n::{t, t_string};
use words::i18n::use_i18n;

use super::plot::Falling;
use super::race::{Phase, Race, Track};
use crate::app::learn::address::Knobs;
use crate::app::learn::control::Slider;
use crate::app::learn::figure::Fact;
use crate::app::learn::numbers::{count, decimal, percent};
use crate::app::photo::PICTURES;
use analysis::lesson::{MAX_EPOCHS, TrainingActivation, small_network};

/// Decimals of a learning rate.
const RATE_DECIMALS: u8 = 3;

/// The plot, what starts and stops it, and what it shows.
#[component]
pub(super) fn SideBySide(
    /// What can be moved.
    knobs: Knobs,
) -> impl IntoView {
    let words = use_i18n();
    let race = Race::new(knobs);
    let parameters = small_network().map_or(0, |graph| graph.total_parameters());
    let [tanh, relu] = race.tracks;
    let start = move || match race.phase.get() {
        Phase::Idle => t_string!(words, relu.start),
        Phase::Running => t_string!(words, relu.pause),
        Phase::Paused => t_string!(words, relu.resume),
    };
    let idle = move || race.phase.get() == Phase::Idle;
    let ours = move || {
        let locale = words.get_locale();
        let (parameters, pictures) = (count(locale, parameters), count(locale, PICTURES as u64));
        t_string!(words, relu.ours, parameters = parameters, pictures = pictures)
    };
    let rate = move |track: Track, name: Signal<String>| {
        let shown = Signal::derive(move || decimal(words.get_locale(), track.rate(), RATE_DECIMALS));
        view! { <Slider knob=track.rate name shown/> }
    };
    let times = Signal::derive(move || {
        let times = tanh.curve.with(|tanh| relu.curve.with(|relu| tanh.times(relu)));
        times.map_or_else(|| "–".to_owned(), |times| decimal(words.get_locale(), times, 1))
    });
    let reached = Signal::derive(move || {
        let locale = words.get_locale();
        let of = |track: Track| {
            let epoch = track.curve.with(|curve| curve.reached());
            epoch.map_or_else(|| "–".to_owned(), |epoch| count(locale, epoch as u64))
        };
        format!("{} / {}", of(tanh), of(relu))
    });
    let slopes = Signal::derive(move || {
        let locale = words.get_locale();
        let of = |track: Track| {
            let slope = track.last.get().map(|report| report.step.slope);
            slope.map_or_else(|| "–".to_owned(), |slope| decimal(locale, slope, 2))
        };
        format!("{} / {}", of(tanh), of(relu))
    });
    view! {
        <div class="lesson-figure relu-part">
            <h2>{t!(words, relu.training_title)}</h2>
            <p>{t!(words, relu.paper_says)}" "{ours}</p>
            <Falling race/>
            <div class="relu-run">
                <button type="button" class="first" disabled=move || race.over() on:click=move |_| race.press()>{start}</button>
                <button type="button" disabled=idle on:click=move |_| race.repeat()>{t!(words, relu.repeat)}</button>
                <button type="button" on:click=move |_| race.another()>{t!(words, relu.another)}</button>
                <span class="small soft">
                    {move || { let seed = count(words.get_locale(), race.seed.whole() as u64); t_string!(words, relu.seed, seed = seed) }}
                </span>
            </div>
            <div class="knobs relu-knobs">
                {rate(tanh, Signal::derive(move || t_string!(words, relu.tanh_rate).to_owned()))}
                {rate(relu, Signal::derive(move || t_string!(words, relu.relu_rate).to_owned()))}
                <Slider knob=race.spread name=Signal::derive(move || t_string!(words, relu.spread).to_owned())
                    shown=Signal::derive(move || format!("×{}", decimal(words.get_locale(), race.spread(), 1)))/>
            </div>
            <div class="facts">
                <Progress track=tanh name=Signal::derive(move || t_string!(words, relu.tanh_error).to_owned())/>
                <Progress track=relu name=Signal::derive(move || t_string!(words, relu.relu_error).to_owned())/>
                <Fact name=Signal::derive(move || t_string!(words, relu.times).to_owned()) value=times how=reached/>
                <Fact name=Signal::derive(move || t_string!(words, relu.slope).to_owned()) value=slopes/>
            </div>
            <p class="small" role="status"><Verdict race/>" "{t!(words, relu.no_proof)}</p>
            {move || race.trouble.get().map(|reason| {
                let text = move || t_string!(words, learn.failed, reason = reason.clone());
                view! { <p role="alert" class="bench-notice">{text}</p> }
            })}
        </div>
    }
}

/// How far one of the two is.
#[component]
fn Progress(
    /// Which.
    track: Track,
    /// What it is called.
    name: Signal<String>,
) -> impl IntoView {
    let words = use_i18n();
    let value = Signal::derive(move || {
        let error = track.curve.with(|curve| curve.errors.last().copied());
        error.map_or_else(|| "–".to_owned(), |error| percent(words.get_locale(), error, 1))
    });
    let how = Signal::derive(move || {
        let locale = words.get_locale();
        let epoch = count(locale, track.epochs() as u64);
        match track.milliseconds.get() {
            Some(ms) => {
                let seconds = decimal(locale, ms / 1000.0, 1);
                t_string!(words, relu.epoch_took, epoch = epoch, seconds = seconds)
            }
            None => t_string!(words, relu.epoch, epoch = epoch),
        }
    });
    view! { <Fact name value how/> }
}

/// What the two show so far, in a sentence.
#[component]
fn Verdict(
    /// Both.
    race: Race,
) -> impl IntoView {
    let words = use_i18n();
    let of = move |neuron: TrainingActivation| race.tracks.into_iter().find(|track| track.neuron == neuron);
    let epoch = move |neuron| of(neuron).and_then(|track| track.curve.with(|curve| curve.reached()));
    let (tanh, relu) =
        (Memo::new(move |_| epoch(TrainingActivation::Tanh)), Memo::new(move |_| epoch(TrainingActivation::Relu)));
    let (begun, over) = (Memo::new(move |_| race.phase.get() != Phase::Idle), Memo::new(move |_| race.over()));
    move || {
        let locale = words.get_locale();
        let number = |n: usize| count(locale, n as u64);
        let most = number(MAX_EPOCHS);
        match (tanh.get(), relu.get()) {
            (None, None) if !begun.get() => t_string!(words, relu.not_begun).to_owned(),
            (None, None) if over.get() => t_string!(words, relu.neither_did, most = most),
            (None, None) => t_string!(words, relu.neither_yet).to_owned(),
            (None, Some(relu)) if over.get() => t_string!(words, relu.relu_only, relu = number(relu), most = most),
            (None, Some(relu)) => t_string!(words, relu.relu_first, relu = number(relu)),
            (Some(tanh), None) if over.get() => t_string!(words, relu.tanh_only, tanh = number(tanh), most = most),
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
