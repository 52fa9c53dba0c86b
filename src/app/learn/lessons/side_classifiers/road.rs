//! Where the answers are read: the modules one after the other, and the ways that leave them.

use leptos::prelude::*;
use leptos_i18n::t_string;
use words::i18n::use_i18n;

use super::answer_name;
use analysis::lesson::auxiliary::classifier_nodes;
use net::{BlockKind, Graph};

/// The drawing, in its own units.
const WIDTH: f64 = 700.0;
const HEIGHT: f64 = 58.0;

/// The modules of `graph`, and where each answer leaves them.
pub(super) fn road(graph: &Graph) -> AnyView {
    let words = use_i18n();
    let modules: Vec<String> = graph
        .blocks
        .iter()
        .filter(|block| block.kind == BlockKind::Inception)
        .map(|block| block.name.clone())
        .collect();
    let step = WIDTH / (modules.len() as f64 + 1.0);
    let at = move |place: usize| step * (place as f64 + 0.5);
    let leaves: Vec<(usize, f64)> = classifier_nodes(graph)
        .iter()
        .enumerate()
        .filter_map(|(answer, one)| Some((answer, at(modules.iter().position(|name| *name == one.after)?))))
        .collect();
    let last = leaves.len().saturating_sub(1);
    let module = |(place, name): (usize, &String)| {
        let x = at(place);
        let short = name.trim_start_matches("inception").to_owned();
        view! {
            <rect x=x - 17.0 y=HEIGHT - 26.0 width="34" height="22" rx="5"></rect>
            <text x=x y=HEIGHT - 11.0 text-anchor="middle">{short}</text>
        }
    };
    let boxes = modules.iter().enumerate().map(module).collect_view();
    let way = move |(answer, x): (usize, f64)| {
        let middle = HEIGHT - 15.0;
        let (d, text_at, anchor) = if answer == last {
            (format!("M{} {middle}H{}", x + 17.0, x + 32.0), (x + 36.0, middle - 14.0), "end")
        } else {
            (format!("M{x} {}V20", HEIGHT - 26.0), (x, 13.0), "middle")
        };
        // The last name stands over the end, within the drawing.
        let (tx, ty) = if answer == last { (WIDTH, 13.0) } else { text_at };
        view! {
            <path class="way" class:main=answer == last d=d></path>
            <text class="side-name" x=tx y=ty text-anchor=anchor>{move || answer_name(words.get_locale(), answer)}</text>
        }
    };
    let ways = leaves.into_iter().map(way).collect_view();
    let middle = HEIGHT - 15.0;
    view! {
        <svg class="plot side-road" viewBox=format!("0 0 {WIDTH} {HEIGHT}") role="img" aria-label=move || t_string!(words, side_classifiers.road)>
            <path class="way main" d=format!("M0 {middle}H{}", at(modules.len().saturating_sub(1)))></path>
            {boxes}
            {ways}
        </svg>
    }
    .into_any()
}
