//! A residual block at its plus.

use std::sync::Arc;

use leptos::prelude::*;

use super::parts::{Found, ONE_OF_THREE, cells, extent_of, figure, name_of, number, percent};
use crate::app::picture::{Cells, Picture};
use crate::engine::Extent;
use crate::net::Graph;
use crate::paint::Ramp;
use crate::stage::{Addition, Insight, Norms, Shortcut};

/// The width of the picture of all maps' ratios, in CSS pixels.
const RATIOS_WIDTH: f32 = 256.0;

fn with<R>(found: Found, look: impl FnOnce(&Addition) -> R) -> Option<R> {
    found.with(|insight| match insight {
        Some(Insight::Addition(addition)) => Some(look(addition)),
        _ => None,
    })
}

/// How far the block is from the identity, in a sentence.
fn sentence(addition: &Addition) -> String {
    let Some(ratio) = addition.norms.ratio() else {
        return "What came in is nothing but zeros here: the sum is F(x) alone.".to_owned();
    };
    let words = match addition.shortcut {
        Shortcut::Identity => format!("This block changes its input by {}", percent(ratio)),
        _ => format!("What this block finds is {} as large as what its shortcut brings", percent(ratio)),
    };
    format!("{words}: |F(x)| / |x| = {}.", number(ratio))
}

/// How x comes to the plus.
fn shortcut(graph: &Graph, addition: &Addition) -> String {
    let from = name_of(graph, addition.from);
    match addition.shortcut {
        Shortcut::Identity => format!("{from}, as it is"),
        Shortcut::Projection { node } => format!("{from}: projected by {}", name_of(graph, node)),
        Shortcut::Padded { stride, zeros } => {
            let kept = match stride {
                1 => String::new(),
                2 => "every second pixel, ".to_owned(),
                n => format!("one pixel in {n} each way, "),
            };
            format!("{from}: {kept}{zeros} maps of zeros")
        }
    }
}

fn ratio_in_words(norms: Norms) -> String {
    match norms.ratio() {
        Some(ratio) => number(ratio),
        None => "x is all zeros".to_owned(),
    }
}

/// Cells in a row of the picture of all ratios.
fn ratio_columns(maps: usize) -> usize {
    match maps {
        0..=64 => 16,
        65..=512 => 32,
        _ => 64,
    }
}

/// The ratio of each map; a map to which the shortcut brings zeros is as strong as the strongest.
fn ratios(maps: &[Norms]) -> Cells {
    let found: Vec<Option<f32>> = maps.iter().map(|norms| norms.ratio().map(|ratio| ratio as f32)).collect();
    let most = found.iter().flatten().fold(0.0_f32, |most, &ratio| most.max(ratio));
    let most = if most > 0.0 { most } else { 1.0 };
    let columns = ratio_columns(maps.len());
    let mut values: Vec<f32> = found.into_iter().map(|ratio| ratio.unwrap_or(most)).collect();
    values.resize(values.len().next_multiple_of(columns), 0.0);
    Cells { values, columns, ramp: Ramp::Rectified, extent: Extent { min: 0.0, max: most } }
}

/// Which map changes most and which least.
fn most_and_least(maps: &[Norms]) -> String {
    let mut ordered: Vec<(usize, f64)> =
        maps.iter().enumerate().filter_map(|(map, norms)| Some((map + 1, norms.ratio()?))).collect();
    ordered.sort_by(|a, b| b.1.total_cmp(&a.1));
    let silent = maps.iter().filter(|norms| norms.x == 0.0).count();
    let zeros = match silent {
        0 => String::new(),
        1 => " To one map the shortcut brings zeros only.".to_owned(),
        n => format!(" To {n} maps the shortcut brings zeros only."),
    };
    let words = match (ordered.first(), ordered.last()) {
        (Some((most, high)), Some((least, low))) if most != least => format!(
            "Most changed is map {most}, |F(x)| / |x| = {}; least is map {least}, {}.",
            number(*high),
            number(*low)
        ),
        _ => String::new(),
    };
    format!("{words}{zeros}")
}

pub(super) fn view(graph: Signal<Arc<Graph>>, found: Found, columns: usize) -> AnyView {
    let picture = move |of: fn(&Addition) -> &Vec<f32>| {
        Signal::derive(move || with(found, |a| cells(of(a), a.columns, extent_of(&[&a.x, &a.f, &a.sum]))))
    };
    let facts = move || {
        with(found, |a| {
            let graph = graph.read();
            view! {
                <dt>"|F(x)|"</dt><dd>{number(a.norms.f)}</dd>
                <dt>"|x|"</dt><dd>{number(a.norms.x)}</dd>
                <dt>"This map"</dt><dd>"|F(x)| / |x| = " {ratio_in_words(a.maps[a.map])}</dd>
                <dt>"F(x)"</dt><dd>{name_of(&graph, a.branch)}</dd>
                <dt>"x"</dt><dd>{shortcut(&graph, a)}</dd>
                {a.then.map(|then| view! { <dt>"Then"</dt><dd>{then.title()} " of the sum"</dd> })}
            }
        })
    };
    let all = Signal::derive(move || with(found, |a| ratios(&a.maps)));
    let all_name = Signal::derive(move || {
        let maps = with(found, |a| a.maps.len()).unwrap_or_default();
        format!("|F(x)| / |x| of each of {maps} maps")
    });
    let scale = RATIOS_WIDTH / with(found, |a| ratio_columns(a.maps.len())).unwrap_or(16) as f32;
    let title = move || with(found, |a| format!("· map {}", a.map + 1));
    view! {
        <h3 class="caps">"Input and change " <span>{title}</span></h3>
        <p>{move || with(found, sentence)}</p>
        <div class="insight-maps">
            {figure(picture(|a| &a.x), columns, ONE_OF_THREE, "x")}
            <b aria-hidden="true">"+"</b>
            {figure(picture(|a| &a.f), columns, ONE_OF_THREE, "F(x)")}
            <b aria-hidden="true">"="</b>
            {figure(picture(|a| &a.sum), columns, ONE_OF_THREE, "sum")}
        </div>
        <dl class="facts">{facts}</dl>
        <h3 class="caps">"|F(x)| / |x| of every map"</h3>
        <Picture cells=all name=all_name scale/>
        <p class="soft small">{move || with(found, |a| most_and_least(&a.maps))}</p>
    }
    .into_any()
}
