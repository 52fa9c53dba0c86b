//! The errors of four networks by epoch, with the values at a chosen epoch.

use leptos::ev;
use leptos::prelude::*;
use leptos_i18n::t_string;
use words::i18n::use_i18n;

use super::curve_fact::curve_fact;
use super::training_log::{NETWORKS, TrainingLogs};
use crate::controls::{ChoiceButtons, Slider};
use crate::fact::Fact;
use crate::latest::LatestResult;
use crate::settings::Settings;
use crate::text::{dash, network_title};
use analysis::lesson::EpochErrors;
use layerscope::app::wording::numbers::{count, percent};

/// The epochs of every training.
const EPOCHS: usize = 100;
/// The plot in its own units, about one CSS pixel each, on a wide page and on a narrow one.
const WIDE: Plot = Plot { width: 620.0, height: 104.0 };
const NARROW: Plot = Plot { width: 290.0, height: 130.0 };
/// The greatest width of a narrow page, in CSS pixels.
const NARROW_PAGE: f64 = 820.0;
/// The margins for the numbers to the left of the plot and below it.
const LEFT: f64 = 36.0;
const BELOW: f64 = 18.0;
/// The greatest error on the plot and the distance between grid lines, in percent. The first epochs lie above.
const MAX_ERROR: f64 = 40.0;
const GRID: f64 = 10.0;

/// The kinds of error; true is the test error.
const ERRORS: [(&str, bool); 2] = [("training", false), ("test", true)];

fn error(epoch: EpochErrors, test: bool) -> f64 {
    if test { epoch.test } else { epoch.training }
}

/// The size of the plot.
#[derive(Debug, Clone, Copy, PartialEq)]
struct Plot {
    width: f64,
    height: f64,
}

impl Plot {
    /// Returns the size for the current width of the page.
    fn now() -> Self {
        let width = window().inner_width().ok().and_then(|width| width.as_f64());
        if width.is_some_and(|width| width <= NARROW_PAGE) { NARROW } else { WIDE }
    }

    fn across(self, place: usize) -> f64 {
        self.width * place as f64 / (EPOCHS - 1) as f64
    }

    fn down(self, error: f64) -> f64 {
        self.height * (1.0 - error / MAX_ERROR)
    }

    /// Returns the points of a curve. Some may lie above the plot.
    fn points(self, epochs: &[EpochErrors], test: bool) -> String {
        let all = epochs.iter().enumerate();
        let points =
            all.map(|(place, epoch)| format!("{:.1},{:.1}", self.across(place), self.down(error(*epoch, test))));
        points.collect::<Vec<_>>().join(" ")
    }
}

/// Returns the CSS class of a curve: its colour shows shortcuts, its width the depth.
fn class(place: usize) -> &'static str {
    ["curve plain", "curve plain deep", "curve residual", "curve residual deep"][place]
}

/// Returns the title of a network without its data set.
fn title(name: &'static str) -> String {
    let title = network_title(name);
    title.split(' ').next().unwrap_or(title).to_owned()
}

/// The curves, and the four errors at the chosen epoch.
#[component]
pub(super) fn TrainingCurves(
    /// The settings of the lesson.
    settings: Settings,
    /// The errors of the networks.
    curves: LatestResult<TrainingLogs>,
) -> impl IntoView {
    let words = use_i18n();
    let test = settings.choice("error", &ERRORS);
    let epoch = settings.whole("epoch", EPOCHS, [1, EPOCHS]);
    let options = vec![
        (false, Signal::derive(move || t_string!(words, shortcut.training).to_owned())),
        (true, Signal::derive(move || t_string!(words, shortcut.test).to_owned())),
    ];
    // The errors of one network at the chosen epoch: the chosen kind, and the other.
    let read = move |place: usize| {
        let at =
            curves.with(|curves| curves.get(place).and_then(|epochs| epochs.get(epoch.whole() - 1).copied()))??;
        Some((error(at, test.get()), error(at, !test.get())))
    };
    let fact = |place: usize| {
        let value = Signal::derive(move || {
            read(place).map_or_else(dash, |(error, _)| percent(words.get_locale(), error / 100.0, 2))
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
        curve_fact(class(place), view! { <Fact name=title(NETWORKS[place]) value how /> })
    };
    let plot = RwSignal::new(Plot::now());
    let resized = window_event_listener(ev::resize, move |_| {
        if plot.get_untracked() != Plot::now() {
            plot.set(Plot::now());
        }
    });
    on_cleanup(move || resized.remove());
    let now = move || plot.get().across(epoch.whole() - 1);
    let lines = move || {
        let (plot, test) = (plot.get(), test.get());
        let line = |(place, epochs): (usize, &Vec<EpochErrors>)| {
            view! { <polyline class=class(place) points=plot.points(epochs, test)></polyline> }
        };
        curves.with(|curves| curves.iter().enumerate().map(line).collect_view())
    };
    let points = move || {
        let (plot, at) = (plot.get(), now());
        let read = (0..NETWORKS.len()).filter_map(|place| Some((place, read(place)?.0)));
        let visible = read.filter(|(_, error)| *error <= MAX_ERROR);
        let point = |(place, error)| view! { <circle class=class(place) cx=at cy=plot.down(error) r="3.5"></circle> };
        visible.map(point).collect_view()
    };
    let grid = move || {
        let plot = plot.get();
        let line = move |step: usize| {
            let error = step as f64 * GRID;
            let y = plot.down(error);
            view! {
                <line class="curve-grid" x1="0" x2=plot.width y1=y y2=y></line>
                <text x="-6" y=y + 4.0 text-anchor="end">
                    {percent(words.get_locale(), error / 100.0, 0)}
                </text>
            }
        };
        (0..=(MAX_ERROR / GRID) as usize).map(line).collect_view()
    };
    let ticks = move || {
        let plot = plot.get();
        let tick = move |epoch: usize| {
            view! {
                <text x=plot.across(epoch - 1) y=plot.height + 15.0 text-anchor="middle">
                    {epoch}
                </text>
            }
        };
        [1, 25, 50, 75, 100].map(tick).into_iter().collect_view()
    };
    let view_box = move || {
        let Plot { width, height } = plot.get();
        format!("{} -6 {} {}", -LEFT, width + LEFT + 12.0, height + BELOW + 6.0)
    };
    let name = move || {
        if test.get() { t_string!(words, shortcut.curves_test) } else { t_string!(words, shortcut.curves_training) }
    };
    view! {
        <div class="shortcut-controls">
            <ChoiceButtons value=test name=move || t_string!(words, shortcut.which) options />
            <Slider
                setting=epoch
                name=move || t_string!(words, shortcut.epoch)
                text=move || count(words.get_locale(), epoch.whole() as u64)
            />
        </div>
        <svg class="plot curves-plot" viewBox=view_box role="img" aria-label=name>
            {grid}
            {ticks}
            <line class="curve-now" x1=now x2=now y1="0" y2=move || plot.get().height></line>
            <svg width=move || plot.get().width height=move || plot.get().height>
                {lines}
            </svg>
            {points}
        </svg>
        <div class="facts curve-facts">{(0..NETWORKS.len()).map(fact).collect_view()}</div>
        <p class="small soft">{move || t_string!(words, shortcut.recipe)}</p>
    }
}
