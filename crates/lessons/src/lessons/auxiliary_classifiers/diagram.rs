//! The positions of the classifiers: the modules in a row, with an arrow to each classifier.

use leptos::prelude::*;
use leptos_i18n::t_string;
use words::i18n::use_i18n;

use super::classifiers::classifier_name;
use analysis::lesson::auxiliary::classifier_nodes;
use net::{BlockKind, Graph};

/// The drawing, in its own units.
const WIDTH: f64 = 700.0;
const HEIGHT: f64 = 58.0;

/// Draws the Inception modules of `graph` and the classifiers that read them.
pub(super) fn diagram(graph: &Graph) -> AnyView {
    let words = use_i18n();
    let modules: Vec<String> = graph
        .blocks
        .iter()
        .filter(|block| block.kind == BlockKind::Inception)
        .map(|block| block.name.clone())
        .collect();
    let step = WIDTH / (modules.len() as f64 + 1.0);
    let at = move |place: usize| step * (place as f64 + 0.5);
    let exits: Vec<(usize, f64)> = classifier_nodes(graph)
        .iter()
        .enumerate()
        .filter_map(|(classifier, nodes)| Some((classifier, at(modules.iter().position(|name| *name == nodes.after)?))))
        .collect();
    let last = exits.len().saturating_sub(1);
    let module = |(place, name): (usize, &String)| {
        let x = at(place);
        let short = name.trim_start_matches("inception").to_owned();
        view! {
            <rect x=x - 17.0 y=HEIGHT - 26.0 width="34" height="22" rx="5"></rect>
            <text x=x y=HEIGHT - 11.0 text-anchor="middle">
                {short}
            </text>
        }
    };
    let boxes = modules.iter().enumerate().map(module).collect_view();
    let arrow = move |(classifier, x): (usize, f64)| {
        let middle = HEIGHT - 15.0;
        let (d, text_at, anchor) = if classifier == last {
            (format!("M{} {middle}H{}", x + 17.0, x + 32.0), (x + 36.0, middle - 14.0), "end")
        } else {
            (format!("M{x} {}V20", HEIGHT - 26.0), (x, 13.0), "middle")
        };
        // The last name stands at the right edge, within the drawing.
        let (tx, ty) = if classifier == last { (WIDTH, 13.0) } else { text_at };
        view! {
            <path class="way" class:main=classifier == last d=d></path>
            <text class="side-name" x=tx y=ty text-anchor=anchor>
                {move || classifier_name(words.get_locale(), classifier)}
            </text>
        }
    };
    let arrows = exits.into_iter().map(arrow).collect_view();
    let middle = HEIGHT - 15.0;
    view! {
        <svg
            class="plot side-road"
            viewBox=format!("0 0 {WIDTH} {HEIGHT}")
            role="img"
            aria-label=move || t_string!(words, side_classifiers.road)
        >
            <path class="way main" d=format!("M0 {middle}H{}", at(modules.len().saturating_sub(1)))></path>
            {boxes}
            {arrows}
        </svg>
    }
    .into_any()
}
