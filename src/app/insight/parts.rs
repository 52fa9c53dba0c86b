//! Parts that several insights share: formatted numbers, maps as small pictures, shares as bars.

use leptos::prelude::*;
use leptos_i18n::t_string;
use words::i18n::{Locale, use_i18n};

use crate::app::components::picture::{Cells, Picture};
use crate::app::wording::format::{decimal, grouped};
use engine::Extent;
use net::{Graph, NodeId};
use scene::Insight;
use scene::paint::Ramp;

/// The insight that is shown; it changes with the selection and with every pass.
pub(super) type Found = Signal<Option<Insight>>;

/// The width of a single picture, in CSS pixels.
pub(super) const ALONE: f32 = 160.0;
/// The width of each of two pictures, in CSS pixels.
pub(super) const ONE_OF_TWO: f32 = 118.0;
/// The width of each of three pictures, in CSS pixels.
pub(super) const ONE_OF_THREE: f32 = 70.0;

/// Returns the name of a node, or an empty text if the graph was replaced and lacks the node.
pub(super) fn name_of(graph: &Graph, id: NodeId) -> String {
    graph.nodes.get(id.0).map(|node| node.name.clone()).unwrap_or_default()
}

/// Formats a number with about four significant digits.
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

/// Formats a number as [`number`] does, and puts a negative number in parentheses.
pub(super) fn bracketed(value: f64) -> String {
    if value < 0.0 { format!("({})", number(value)) } else { number(value) }
}

/// Formats a second summand, with a space after its sign: `+ 0.5`, `− 0.5`.
pub(super) fn added(value: f64) -> String {
    format!("{} {}", if value < 0.0 { "−" } else { "+" }, number(value.abs()))
}

/// Formats a share as a percentage; a share may exceed 1. The percent sign does not wrap.
pub(super) fn percent(share: f64) -> String {
    let percent = share * 100.0;
    match percent {
        p if p >= 9.95 => format!("{}\u{a0}%", grouped(p.round() as u64)),
        p if p >= 0.05 => format!("{p:.1}\u{a0}%"),
        p if p > 0.0 => "<\u{a0}0.1\u{a0}%".to_owned(),
        _ => "0\u{a0}%".to_owned(),
    }
}

/// Formats a count; large counts are rounded to millions (M) or billions (G).
pub(super) fn count(n: u64) -> String {
    match n {
        0..100_000 => grouped(n),
        100_000..1_000_000_000 => format!("{:.1}\u{a0}M", n as f64 / 1e6),
        _ => format!("{:.2}\u{a0}G", n as f64 / 1e9),
    }
}

/// Returns the common extent of maps, so that their pictures can be compared.
pub(super) fn extent_of(maps: &[&[f32]]) -> Extent {
    maps.iter().fold(Extent::EMPTY, |all, map| all.union(Extent::of(map)))
}

/// Returns a map as cells, row-major. The colours are signed if the extent has negative values, or else start at zero.
pub(super) fn cells(values: &[f32], columns: usize, extent: Extent) -> Cells {
    let ramp = if extent.min < 0.0 && !extent.is_empty() { Ramp::Signed } else { Ramp::Rectified };
    let extent = if extent.is_empty() { Extent { min: 0.0, max: 0.0 } } else { extent };
    Cells { values: values.to_vec(), columns, ramp, extent }
}

/// Renders a picture with its title and its extent below.
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
            <Picture cells name scale />
            <figcaption>{move || title(words.get_locale())}<span class="mono">{move || ends.get()}</span></figcaption>
        </figure>
    }
    .into_any()
}

/// Renders a share as a bar. It is hidden from screen readers, because its number is beside it.
pub(super) fn bar(share: f64) -> AnyView {
    let width = format!("width:{:.1}%", (share * 100.0).clamp(0.0, 100.0));
    view! {
        <span class="share" aria-hidden="true">
            <i style=width></i>
        </span>
    }
    .into_any()
}
