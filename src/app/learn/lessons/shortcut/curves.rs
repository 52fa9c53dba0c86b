//! The errors of four networks by epoch, and an epoch that is read.

use leptos::ev;
use leptos::prelude::*;
use leptos_i18n::t_string;
use words::i18n::use_i18n;

use super::{Curves, NETWORKS};
use crate::app::learn::address::Knobs;
use crate::app::learn::control::{Choice, Slider};
use crate::app::learn::figure::Fact;
use crate::app::learn::numbers::{count, percent};
use crate::app::learn::shown::Shown;
use analysis::lesson::EpochErrors;
use net::network;

/// How long all were trained.
const EPOCHS: usize = 100;
/// The field, in units of its own, about a CSS pixel each, on a wide page and on a narrow one.
const WIDE: Field = Field { width: 620.0, height: 104.0 };
const NARROW: Field = Field { width: 290.0, height: 130.0 };
/// The width of the page up to which it is narrow, in CSS pixels.
const NARROW_PAGE: f64 = 820.0;
/// Room for numbers to the left of the field, and below.
const LEFT: f64 = 36.0;
const BELOW: f64 = 18.0;
/// The greatest error that is drawn, in percent, and the way from one line of the grid to the next: the first epochs lie
/// above.
const MOST: f64 = 40.0;
const GRID: f64 = 10.0;

/// Which error is read.
const ERRORS: [(&str, bool); 2] = [("training", false), ("test", true)];

fn error(epoch: EpochErrors, test: bool) -> f64 {
    if test { epoch.test } else { epoch.training }
}

/// Where the curves are drawn.
#[derive(Debug, Clone, Copy, PartialEq)]
struct Field {
    width: f64,
    height: f64,
}

impl Field {
    /// That which fits the page as it is now.
    fn now() -> Self {
        let width = window().inner_width().ok().and_then(|width| width.as_f64());
        if width.is_some_and(|width| width <= NARROW_PAGE) { NARROW } else { WIDE }
    }

    fn across(self, place: usize) -> f64 {
        self.width * place as f64 / (EPOCHS - 1) as f64
    }

    fn down(self, error: f64) -> f64 {
        self.height * (1.0 - error / MOST)
    }

    /// The way of a line; some of it may lie above the field.
    fn way(self, epochs: &[EpochErrors], test: bool) -> String {
        let all = epochs.iter().enumerate();
        let points =
            all.map(|(place, epoch)| format!("{:.1},{:.1}", self.across(place), self.down(error(*epoch, test))));
        points.collect::<Vec<_>>().join(" ")
    }
}

/// How the line of a network looks: its colour says whether it has shortcuts, its width how deep it is.
fn class(place: usize) -> &'static str {
    ["curve plain", "curve plain deep", "curve residual", "curve residual deep"][place]
}

/// What a network is called, without the data that it was trained on.
fn title(name: &str) -> String {
    let title = network(name).map_or(name, |graph| graph.title);
    title.split(' ').next().unwrap_or(title).to_owned()
}

/// The curves, and the four errors at an epoch.
#[component]
pub(super) fn Training(
    /// What can be moved.
    knobs: Knobs,
    /// The curves.
    curves: Shown<Curves>,
) -> impl IntoView {
    let words = use_i18n();
    let test = knobs.choice("error", &ERRORS);
    let epoch = knobs.whole("epoch", EPOCHS, [1, EPOCHS]);
    let options = vec![
        (false, Signal::derive(move || t_string!(words, shortcut.training).to_owned())),
        (true, Signal::derive(move || t_string!(words, shortcut.test).to_owned())),
    ];
    // One network's errors at the epoch: the one that is looked at, and the other.
    let read = move |place: usize| {
        let at =
            curves.with(|curves| curves.get(place).and_then(|epochs| epochs.get(epoch.whole() - 1).copied()))??;
        Some((error(at, test.get()), error(at, !test.get())))
    };
    let fact = |place: usize| {
        let value = Signal::derive(move || {
            read(place).map_or_else(|| "–".to_owned(), |(error, _)| percent(words.get_locale(), error / 100.0, 2))
        });
        let how = Signal::derive(move || {
            let locale = words.get_locale();
            let Some(error) = read(place).map(|(_, other)| percent(locale, other / 100.0, 2)) else {
                return String::new();
            };
            if test.get() {
                t_string!(words, shortcut.in_training, error = error)
            } else {
                t_string!(words, shortcut.in_test, error = error)
            }
        });
        view! {
            <div class="curve-fact">
                <svg class="curve-sample" viewBox="0 0 28 6" aria-hidden="true"><line class=class(place) x1="1" x2="27" y1="3" y2="3"></line></svg>
                <Fact name=title(NETWORKS[place]) value how/>
            </div>
        }
    };
    let field = RwSignal::new(Field::now());
    let resized = window_event_listener(ev::resize, move |_| {
        if field.get_untracked() != Field::now() {
            field.set(Field::now());
        }
    });
    on_cleanup(move || resized.remove());
    let now = move || field.get().across(epoch.whole() - 1);
    let lines = move || {
        let (field, test) = (field.get(), test.get());
        let line = |(place, epochs): (usize, &Vec<EpochErrors>)| {
            view! { <polyline class=class(place) points=field.way(epochs, test)></polyline> }
        };
        curves.with(|curves| curves.iter().enumerate().map(line).collect_view())
    };
    let points = move || {
        let (field, at) = (field.get(), now());
        let read = (0..NETWORKS.len()).filter_map(|place| Some((place, read(place)?.0)));
        let shown = read.filter(|(_, error)| *error <= MOST);
        let point = |(place, error)| view! { <circle class=class(place) cx=at cy=field.down(error) r="3.5"></circle> };
        shown.map(point).collect_view()
    };
    let grid = move || {
        let field = field.get();
        let line = move |step: usize| {
            let error = step as f64 * GRID;
            let y = field.down(error);
            view! {
                <line class="curve-grid" x1="0" x2=field.width y1=y y2=y></line>
                <text x="-6" y=y + 4.0 text-anchor="end">{percent(words.get_locale(), error / 100.0, 0)}</text>
            }
        };
        (0..=(MOST / GRID) as usize).map(line).collect_view()
    };
    let ticks = move || {
        let field = field.get();
        let tick = move |epoch: usize| {
            view! { <text x=field.across(epoch - 1) y=field.height + 15.0 text-anchor="middle">{epoch}</text> }
        };
        [1, 25, 50, 75, 100].map(tick).into_iter().collect_view()
    };
    let view_box = move || {
        let Field { width, height } = field.get();
        format!("{} -6 {} {}", -LEFT, width + LEFT + 12.0, height + BELOW + 6.0)
    };
    let name = move || {
        if test.get() { t_string!(words, shortcut.curves_test) } else { t_string!(words, shortcut.curves_training) }
    };
    view! {
        <div class="shortcut-controls">
            <Choice value=test name=Signal::derive(move || t_string!(words, shortcut.which).to_owned()) options/>
            <Slider knob=epoch name=Signal::derive(move || t_string!(words, shortcut.epoch).to_owned())
                shown=Signal::derive(move || count(words.get_locale(), epoch.whole() as u64))/>
        </div>
        <svg class="plot curves-plot" viewBox=view_box role="img" aria-label=name>
            {grid}
            {ticks}
            <line class="curve-now" x1=now x2=now y1="0" y2=move || field.get().height></line>
            <svg width=move || field.get().width height=move || field.get().height>{lines}</svg>
            {points}
        </svg>
        <div class="facts curve-facts">{(0..NETWORKS.len()).map(fact).collect_view()}</div>
        <p class="small soft">{move || t_string!(words, shortcut.recipe)}</p>
    }
}
