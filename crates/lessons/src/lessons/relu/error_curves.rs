//! The training errors by epoch.

use leptos::prelude::*;
use leptos_i18n::t_string;
use words::i18n::use_i18n;

use super::pair::{NetworkTraining, TrainingPair};
use analysis::lesson::{MAX_EPOCHS, TARGET, TrainingActivation};
use layerscope::app::wording::numbers::{count, percent};

/// The size of the figure, in its own units.
const SIZE: (f64, f64) = (520.0, 186.0);
/// Left, top, width and height of the area between the axes.
const FRAME: [f64; 4] = [42.0, 8.0, 432.0, 146.0];
/// The axis grows by this number of epochs whenever it is full.
const ROOM: usize = 20;

fn up(error: f64) -> f64 {
    FRAME[1] + (1.0 - error) * FRAME[3]
}

fn across(epoch: usize, room: usize) -> f64 {
    FRAME[0] + epoch as f64 / room as f64 * FRAME[2]
}

/// Returns the CSS class of a network.
pub(super) fn class(neuron: TrainingActivation) -> &'static str {
    neuron.name()
}

/// Both curves, the target of the paper's figure, and the epoch at which each first reached it.
#[component]
pub(super) fn ErrorCurves(
    /// The two trainings.
    pair: TrainingPair,
) -> impl IntoView {
    let words = use_i18n();
    let room = Memo::new(move |_| {
        let epochs = pair.trainings.iter().map(|training| training.epochs()).max().unwrap_or(0);
        (epochs.div_ceil(ROOM).max(1) * ROOM).min(MAX_EPOCHS)
    });
    let mark = move |error: f64| {
        view! {
            <path class="grid" d=format!("M{} {:.1}h{}", FRAME[0], up(error), FRAME[2]) />
            <text class="tick end" x=FRAME[0] - 6.0 y=up(error) + 3.5>
                {move || percent(words.get_locale(), error, 0)}
            </text>
        }
    };
    let epochs = move || {
        let room = room.get();
        let text = move |epoch: usize| {
            let number = move || count(words.get_locale(), epoch as u64);
            view! {
                <text class="tick middle" x=across(epoch, room) y=FRAME[1] + FRAME[3] + 14.0>
                    {number}
                </text>
            }
        };
        (0..=4).map(|quarter| text(room * quarter / 4)).collect_view()
    };
    let curve = move |training: NetworkTraining| {
        let path = move || {
            let room = room.get();
            training.curve.with(|curve| {
                let points = curve.errors.iter().enumerate();
                let point = |(place, &error): (usize, &f64)| {
                    let letter = if place == 0 { 'M' } else { 'L' };
                    format!("{letter}{:.1} {:.1}", across(place + 1, room), up(error))
                };
                points.map(point).collect::<String>()
            })
        };
        let end = move || {
            let room = room.get();
            let (epoch, error) = training.curve.with(|curve| Some((curve.errors.len(), *curve.errors.last()?)))?;
            let (x, y) = (across(epoch, room), up(error));
            let name = move || match training.neuron {
                TrainingActivation::Tanh => t_string!(words, relu.tanh),
                TrainingActivation::Relu => t_string!(words, relu.relu),
            };
            // The two labels must not overlap.
            let higher = pair.trainings.iter().filter(|other| other.neuron != training.neuron).all(|other| {
                let theirs = other.curve.with(|curve| curve.errors.last().copied());
                theirs.is_none_or(|theirs| {
                    error > theirs || (error == theirs && training.neuron == TrainingActivation::Tanh)
                })
            });
            let by = if higher { -8.0 } else { 5.0 };
            Some(view! {
                <circle class=class(training.neuron) cx=x cy=y r="3.5" />
                <text class="label" x=x + 6.0 y=y + by>
                    {name}
                </text>
            })
        };
        let reached = move || {
            let room = room.get();
            let epoch = training.curve.with(|curve| curve.reached())?;
            let bottom = FRAME[1] + FRAME[3];
            Some(view! {
                <path
                    class=format!("{} drop", class(training.neuron))
                    d=format!("M{:.1} {:.1}V{bottom}", across(epoch, room), up(TARGET))
                />
            })
        };
        view! {
            {reached}
            <path class=class(training.neuron) d=path />
            {end}
        }
    };
    view! {
        <svg
            class="plot relu-curves"
            viewBox=format!("0 0 {} {}", SIZE.0, SIZE.1)
            role="img"
            aria-label=move || t_string!(words, relu.plot)
        >
            {[0.0, 0.5, 0.75, 1.0].map(mark).collect_view()}
            {mark(TARGET)}
            <path class="target" d=format!("M{} {:.1}h{}", FRAME[0], up(TARGET), FRAME[2]) />
            {epochs}
            <text class="tick middle" x=FRAME[0] + FRAME[2] / 2.0 y=SIZE.1 - 3.0>
                {move || t_string!(words, relu.epochs)}
            </text>
            {pair.trainings.map(curve).collect_view()}
        </svg>
    }
}
