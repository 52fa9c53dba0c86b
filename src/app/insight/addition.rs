//! The addition of a residual block: the block's output, the shortcut and their norms.

use leptos_i18n::{t, t_string, td_string};
use std::sync::Arc;
use words::i18n::{Locale, use_i18n};

use leptos::prelude::*;

use super::parts::{Found, ONE_OF_THREE, cells, extent_of, figure, name_of, number, percent};
use crate::app::components::picture::{Cells, Picture};
use crate::app::wording::operations::activation;
use engine::Extent;
use net::Graph;
use scene::paint::Ramp;
use scene::{Addition, Insight, Shortcut, SummandNorms};

/// The width of the picture of all ratios, in CSS pixels.
const RATIOS_WIDTH: f32 = 256.0;

fn with<R>(found: Found, look: impl FnOnce(&Addition) -> R) -> Option<R> {
    found.with(|insight| match insight {
        Some(Insight::Addition(addition)) => Some(look(addition)),
        _ => None,
    })
}

/// Returns a sentence that says how far the block is from the identity.
fn sentence(locale: Locale, addition: &Addition) -> String {
    let Some(ratio) = addition.norms.ratio() else {
        return td_string!(locale, insight.addition.only_f).to_owned();
    };
    let (share, ratio) = (percent(ratio), number(ratio));
    match addition.shortcut {
        Shortcut::Identity => td_string!(locale, insight.addition.changes, share = share, ratio = ratio),
        Shortcut::Projection { .. } | Shortcut::Padded { .. } => {
            td_string!(locale, insight.addition.as_large, share = share, ratio = ratio)
        }
    }
}

/// Describes how the shortcut brings x to the addition.
fn shortcut(locale: Locale, graph: &Graph, addition: &Addition) -> String {
    let from = name_of(graph, addition.from);
    match addition.shortcut {
        Shortcut::Identity => td_string!(locale, insight.addition.as_it_is, from = from),
        Shortcut::Projection { node } => {
            td_string!(locale, insight.addition.projected, from = from, by = name_of(graph, node))
        }
        Shortcut::Padded { stride, zeros } => match stride {
            1 => td_string!(locale, insight.addition.zeros, from = from, zeros = zeros),
            2 => td_string!(locale, insight.addition.second, from = from, zeros = zeros),
            stride => td_string!(locale, insight.addition.each, from = from, stride = stride, zeros = zeros),
        },
    }
}

fn ratio_in_words(locale: Locale, norms: SummandNorms) -> String {
    match norms.ratio() {
        Some(ratio) => number(ratio),
        None => td_string!(locale, insight.addition.all_zeros).to_owned(),
    }
}

/// Returns how many cells a row of the picture of all ratios has.
fn ratio_columns(maps: usize) -> usize {
    match maps {
        0..=64 => 16,
        65..=512 => 32,
        _ => 64,
    }
}

/// Returns the ratio |F(x)| / |x| of each map as cells. A map whose shortcut is all zeros gets the greatest ratio.
fn ratios(maps: &[SummandNorms]) -> Cells {
    let found: Vec<Option<f32>> = maps.iter().map(|norms| norms.ratio().map(|ratio| ratio as f32)).collect();
    let most = found.iter().flatten().fold(0.0_f32, |most, &ratio| most.max(ratio));
    let most = if most > 0.0 { most } else { 1.0 };
    let columns = ratio_columns(maps.len());
    let mut values: Vec<f32> = found.into_iter().map(|ratio| ratio.unwrap_or(most)).collect();
    values.resize(values.len().next_multiple_of(columns), 0.0);
    Cells { values, columns, ramp: Ramp::Rectified, extent: Extent { min: 0.0, max: most } }
}

/// Returns sentences that name the maps with the greatest and the least ratio, and the number of all-zero shortcuts.
fn most_and_least(locale: Locale, maps: &[SummandNorms]) -> String {
    let mut ordered: Vec<(usize, f64)> =
        maps.iter().enumerate().filter_map(|(map, norms)| Some((map + 1, norms.ratio()?))).collect();
    net::order::sort_by(&mut ordered, |a, b| b.1.total_cmp(&a.1));
    let silent = maps.iter().filter(|norms| norms.x == 0.0).count();
    let zeros = match silent {
        0 => String::new(),
        1 => td_string!(locale, insight.addition.one_zero).to_owned(),
        count => td_string!(locale, insight.addition.some_zero, count = count),
    };
    let changed = match (ordered.first(), ordered.last()) {
        (Some((most, high)), Some((least, low))) if most != least => td_string!(
            locale,
            insight.addition.most_least,
            most = most,
            high = number(*high),
            least = least,
            low = number(*low)
        ),
        _ => String::new(),
    };
    [changed, zeros].join(" ").trim().to_owned()
}

/// Renders the insight into an addition.
pub(super) fn view(graph: Signal<Arc<Graph>>, found: Found, columns: usize) -> AnyView {
    let words = use_i18n();
    let picture = move |of: fn(&Addition) -> &Vec<f32>| {
        Signal::derive(move || with(found, |a| cells(of(a), a.columns, extent_of(&[&a.x, &a.f, &a.sum]))))
    };
    let facts = move || {
        with(found, |a| {
            let (locale, graph) = (words.get_locale(), graph.read());
            view! {
                <dt>"|F(x)|"</dt>
                <dd>{number(a.norms.f)}</dd>
                <dt>"|x|"</dt>
                <dd>{number(a.norms.x)}</dd>
                <dt>{td_string!(locale, insight.addition.this_map)}</dt>
                <dd>"|F(x)| / |x| = " {ratio_in_words(locale, a.maps[a.map])}</dd>
                <dt>"F(x)"</dt>
                <dd>{name_of(&graph, a.branch)}</dd>
                <dt>"x"</dt>
                <dd>{shortcut(locale, &graph, a)}</dd>
                {a
                    .then
                    .map(|then| {
                        let text = td_string!(locale, insight.addition.of_sum, operation = activation(locale, then));
                        view! {
                            <dt>{td_string!(locale, insight.addition.then)}</dt>
                            <dd>{text}</dd>
                        }
                    })}
            }
        })
    };
    let all = Signal::derive(move || with(found, |a| ratios(&a.maps)));
    let all_name = Signal::derive(move || {
        let maps = with(found, |a| a.maps.len()).unwrap_or_default();
        t_string!(words, insight.addition.each_of, maps = maps)
    });
    let scale = RATIOS_WIDTH / with(found, |a| ratio_columns(a.maps.len())).unwrap_or(16) as f32;
    let title = move || with(found, |a| t_string!(words, insight.map, map = a.map + 1));
    view! {
        <h3 class="caps">{t!(words, insight.addition.title)}" " <span>{title}</span></h3>
        <p>{move || with(found, |a| sentence(words.get_locale(), a))}</p>
        <div class="insight-maps">
            {figure(picture(|a| &a.x), columns, ONE_OF_THREE, |_| "x")} <b aria-hidden="true">"+"</b>
            {figure(picture(|a| &a.f), columns, ONE_OF_THREE, |_| "F(x)")} <b aria-hidden="true">"="</b>
            {figure(picture(|a| &a.sum), columns, ONE_OF_THREE, |locale| td_string!(locale, insight.addition.sum))}
        </div>
        <dl class="facts">{facts}</dl>
        <h3 class="caps">{t!(words, insight.addition.every)}</h3>
        <Picture cells=all name=all_name scale />
        <p class="soft small">{move || with(found, |a| most_and_least(words.get_locale(), &a.maps))}</p>
    }
    .into_any()
}
