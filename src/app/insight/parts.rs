//! What several views are made of: numbers in words, maps as small pictures, shares as bars.

use leptos::prelude::*;
use leptos_i18n::t_string;
use words::i18n::{Locale, use_i18n};

use crate::app::format::{decimal, grouped};
use crate::app::picture::{Cells, Picture};
use engine::Extent;
use net::{Graph, NodeId};
use scene::Insight;
use scene::paint::Ramp;

/// What is shown, as it changes.
pub(super) type Found = Signal<Option<Insight>>;

/// The width of a picture that stands alone, beside another, or beside two others, in CSS pixels.
pub(super) const ALONE: f32 = 160.0;
/// See [`ALONE`].
pub(super) const ONE_OF_TWO: f32 = 118.0;
/// See [`ALONE`].
pub(super) const ONE_OF_THREE: f32 = 70.0;

/// The name of a node; empty while another graph takes the place of its own.
pub(super) fn name_of(graph: &Graph, id: NodeId) -> String {
    graph.nodes.get(id.0).map(|node| node.name.clone()).unwrap_or_default()
}

/// A number with as many digits as it is worth.
pub(super) fn number(value: f64) -> String {
    let decimals = match value.abs() {
        size if size >= 1000.0 => 0,
        size if size >= 100.0 => 1,
        size if size >= 10.0 => 2,
        size if size >= 0.001 || size == 0.0 => 3,
        size if size.is_nan() => 3,
        _ => return format!("{value:.2e}").replace('-', "−"),
    };
    decimal(value as f32, decimals)
}

/// The same, in brackets where a sign before it would stand next to its own.
pub(super) fn bracketed(value: f64) -> String {
    if value < 0.0 { format!("({})", number(value)) } else { number(value) }
}

/// A second summand with its sign set apart: `+ 0.5`, `− 0.5`.
pub(super) fn added(value: f64) -> String {
    format!("{} {}", if value < 0.0 { "−" } else { "+" }, number(value.abs()))
}

/// A share of one as a percentage; it may be more than all of it. Its sign stays on its line.
pub(super) fn percent(share: f64) -> String {
    let percent = share * 100.0;
    match percent {
        p if p >= 9.95 => format!("{}\u{a0}%", grouped(p.round() as u64)),
        p if p >= 0.05 => format!("{p:.1}\u{a0}%"),
        p if p > 0.0 => "<\u{a0}0.1\u{a0}%".to_owned(),
        _ => "0\u{a0}%".to_owned(),
    }
}

/// A count, rounded to millions (M) or thousands of these (G) where it is long.
pub(super) fn count(n: u64) -> String {
    match n {
        0..100_000 => grouped(n),
        100_000..1_000_000_000 => format!("{:.1}\u{a0}M", n as f64 / 1e6),
        _ => format!("{:.2}\u{a0}G", n as f64 / 1e9),
    }
}

/// The scale that pictures share which are to be compared.
pub(super) fn extent_of(maps: &[&[f32]]) -> Extent {
    maps.iter().fold(Extent::EMPTY, |all, map| all.join(Extent::of(map)))
}

/// A map as a picture: about zero where its scale goes below it, else from zero up.
pub(super) fn cells(values: &[f32], columns: usize, extent: Extent) -> Cells {
    let ramp = if extent.min < 0.0 && !extent.is_empty() { Ramp::Signed } else { Ramp::Rectified };
    let extent = if extent.is_empty() { Extent { min: 0.0, max: 0.0 } } else { extent };
    Cells { values: values.to_vec(), columns, ramp, extent }
}

/// A picture with its title and its ends in numbers under it.
pub(super) fn figure(
    cells: Signal<Option<Cells>>,
    columns: usize,
    width: f32,
    title: fn(Locale) -> &'static str,
) -> AnyView {
    let words = use_i18n();
    let ends = Memo::new(move |_| {
        let extent = cells.read().as_ref().map_or(Extent::EMPTY, |cells| Extent::of(&cells.values));
        if extent.is_empty() {
            return t_string!(words, insight.no_value).to_owned();
        }
        t_string!(words, insight.ends, least = decimal(extent.min, 2), most = decimal(extent.max, 2))
    });
    let name =
        Signal::derive(move || t_string!(words, insight.picture, title = title(words.get_locale()), ends = ends.get()));
    let scale = width / columns.max(1) as f32;
    let style = format!("width:{width}px");
    view! {
        <figure style=style>
            <Picture cells name scale/>
            <figcaption>{move || title(words.get_locale())}<span class="mono">{move || ends.get()}</span></figcaption>
        </figure>
    }
    .into_any()
}

/// A share as a bar. It stands beside its number, which says the same.
pub(super) fn bar(share: f64) -> AnyView {
    let width = format!("width:{:.1}%", (share * 100.0).clamp(0.0, 100.0));
    view! { <span class="share" aria-hidden="true"><i style=width></i></span> }.into_any()
}
