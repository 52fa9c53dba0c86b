//! The training of the shipped weights: the error of each epoch on the training and the test pictures, from the files
//! that training wrote (`static/weights/*.csv`).

use leptos::prelude::*;
use leptos_i18n::td_string;
use words::i18n::{Locale, use_i18n};

use crate::app::browser::fetch::fetch;
use analysis::lesson::{EpochErrors, epochs};
use net::{Classes, network};

/// The networks that were trained in the same way to be compared (He et al. 2015, section 4.2 and figure 6).
const COMPARED: [&str; 4] = ["plain20-cifar", "plain56-cifar", "resnet20-cifar", "resnet56-cifar"];
/// The size of the field in units of the picture, and the room for text to its left and below.
const FIELD: (f64, f64) = (262.0, 150.0);
const LEFT: f64 = 30.0;
const BELOW: f64 = 18.0;
/// The greatest error that is drawn, in percent. The first epochs lie above.
const MAX_ERROR: f64 = 40.0;
/// Percent between two lines of the grid.
const GRID: f64 = 10.0;

/// The training of a network.
#[derive(Debug, Clone, PartialEq)]
struct NetworkCurve {
    network: &'static str,
    epochs: Vec<EpochErrors>,
}

/// Returns the networks whose curves are compared with those of `name`.
fn compared_with(name: &'static str) -> Vec<&'static str> {
    if COMPARED.contains(&name) { COMPARED.to_vec() } else { vec![name] }
}

/// Fetches the curves. Those that do not arrive are left out.
async fn load(names: Vec<&'static str>) -> Vec<NetworkCurve> {
    let mut curves = Vec::new();
    for network in names {
        let file = fetch(&format!("weights/{network}.csv")).await.ok();
        if let Some(epochs) = file.as_deref().and_then(|file| epochs(std::str::from_utf8(file).ok()?).ok()) {
            curves.push(NetworkCurve { network, epochs });
        }
    }
    curves
}

fn height(error: f64) -> f64 {
    FIELD.1 * (1.0 - error.min(MAX_ERROR) / MAX_ERROR)
}

/// Returns the points of a line, from its first point within the picture.
fn points(epochs: &[EpochErrors], error: impl Fn(&EpochErrors) -> f64) -> String {
    let across = FIELD.0 / epochs.len().max(2).saturating_sub(1) as f64;
    let seen = epochs.iter().enumerate().skip_while(|(_, epoch)| error(epoch) > MAX_ERROR);
    let pairs = seen.map(|(at, epoch)| format!("{:.1},{:.1}", at as f64 * across, height(error(epoch))));
    pairs.collect::<Vec<_>>().join(" ")
}

fn title(name: &str) -> String {
    network(name).map_or_else(|_| name.to_owned(), |graph| graph.title.to_owned())
}

fn picture(locale: Locale, curves: &[NetworkCurve]) -> impl IntoView + use<> {
    let lines = curves.iter().map(|curve| {
        let kind = if curve.network.starts_with("plain") { "plain" } else { "own" };
        let deep = curve.network.contains("56");
        view! {
            <g class=format!("curve {kind}") class:deep=deep>
                <polyline class="training" points=points(&curve.epochs, |epoch| epoch.training)></polyline>
                <polyline points=points(&curve.epochs, |epoch| epoch.test)></polyline>
            </g>
        }
    });
    let grid = (0..=(MAX_ERROR / GRID) as usize).map(|step| {
        let error = step as f64 * GRID;
        let y = height(error);
        view! {
            <line x1="0" x2=FIELD.0 y1=y y2=y></line>
            <text x="-4" y=y + 3.5 text-anchor="end">
                {format!("{error:.0}")}
                {(error == MAX_ERROR).then_some(" %")}
            </text>
        }
    });
    let count = curves.first().map_or(0, |curve| curve.epochs.len());
    let view_box = format!("{} -8 {} {}", -LEFT, FIELD.0 + LEFT + 4.0, FIELD.1 + BELOW + 8.0);
    view! {
        <svg class="curves" viewBox=view_box role="img" aria-label=td_string!(locale, supply.curves.name)>
            <g class="curves-grid">{grid.collect_view()}</g>
            <text x=FIELD.0 y=FIELD.1 + 14.0 text-anchor="end">
                {td_string!(locale, supply.curves.epoch, count = count)}
            </text>
            {lines.collect_view()}
        </svg>
    }
}

/// Describes the last epoch of each network, with links to the other networks.
fn last_epochs(locale: Locale, curves: &[NetworkCurve], now: &str) -> impl IntoView + use<> {
    let rows = curves.iter().filter_map(|curve| {
        let EpochErrors { training, test } = *curve.epochs.last()?;
        let (training, test) = (format!("{training:.2}"), format!("{test:.2}"));
        let last = td_string!(locale, supply.curves.last, training = training, test = test);
        let called = title(curve.network);
        let name = if curve.network == now {
            view! { <b>{called}</b> }.into_any()
        } else {
            view! { <a href=format!("?net={}", curve.network)>{called}</a> }.into_any()
        };
        Some(view! { <li>{name}{td_string!(locale, supply.curves.colon)}{last}</li> })
    });
    view! { <ul class="curves-facts small">{rows.collect_view()}</ul> }
}

/// The curves of the training of a network's shipped weights, if they ship too.
#[component]
pub(super) fn TrainingCurves(
    /// The network.
    name: &'static str,
    /// True while the curves are visible. Only then are they fetched.
    open: RwSignal<bool>,
) -> impl IntoView {
    let words = use_i18n();
    let curves = LocalResource::new(move || {
        let is_open = open.get();
        async move { if is_open { load(compared_with(name)).await } else { Vec::new() } }
    });
    move || {
        let curves = curves.get().filter(|curves| !curves.is_empty())?;
        let count = curves.first().map_or(0, |curve| curve.epochs.len());
        let locale = words.get_locale();
        let caption = if curves.len() > 1 {
            td_string!(locale, supply.curves.each, count = count)
        } else {
            td_string!(locale, supply.curves.one, count = count)
        };
        let lesson = (curves.len() == COMPARED.len()).then(|| td_string!(locale, supply.curves.compared));
        Some(view! {
            <figure class="curves-figure">
                <figcaption class="soft small">{caption}</figcaption>
                {picture(locale, &curves)}
                {last_epochs(locale, &curves, name)}
                {lesson.map(|lesson| view! { <p class="soft small">{lesson}</p> })}
            </figure>
        })
    }
}

/// Returns whether the curves of the network called `name` ship.
pub(super) fn has_curves(name: &str) -> bool {
    weights::is_bundled(name) && network(name).is_ok_and(|graph| graph.classes == Classes::Cifar10)
}
