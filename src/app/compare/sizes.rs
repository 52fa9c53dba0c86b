//! What each network does at 224, 112, 56, 28, 14 and 7 rows.

use std::sync::Arc;

use leptos::prelude::*;

use super::{Comparison, Shown};
use crate::app::format::percent;
use crate::compare::{Resolution, SIZES, at_size, units};

/// What a network does at one of its own sizes.
fn own(shown: &Shown, resolution: &Resolution) -> impl IntoView + use<> {
    let share = shown.column.share_of_macs(resolution);
    let size = if resolution.side == 1 { "vectors".to_owned() } else { format!("{0} × {0}", resolution.side) };
    let convolutions = match resolution.convolutions {
        0 => String::new(),
        1 => ", 1 convolution".to_owned(),
        count => format!(", {count} convolutions"),
    };
    let mut lines = vec![format!("{} of activations", units::bytes(resolution.activation_bytes))];
    if resolution.parameters > 0 {
        lines.insert(0, format!("{} parameters", units::count(resolution.parameters)));
    }
    if resolution.macs > 0 {
        lines.insert(0, format!("{} · {}", percent(share as f32), units::macs(resolution.macs)));
    }
    let lines = lines.into_iter().map(|line| view! { <span class="exact">{line}</span> });
    view! {
        <div class="own">
            <b>{format!("{size}, {} deep", resolution.channels)}</b><span class="soft">{convolutions}</span>
            <i class="share" style=format!("{};width:{:.2}%", Comparison::colour(shown.place), 100.0 * share) aria-hidden="true"></i>
            {lines.collect_view()}
        </div>
    }
}

/// The table of sizes.
#[component]
pub(super) fn Sizes() -> impl IntoView {
    let comparison = expect_context::<Comparison>();
    let heads = move || {
        let one = |shown: Arc<Shown>| {
            view! { <th scope="col"><span class="swatch" style=Comparison::colour(shown.place) aria-hidden="true"></span>{shown.column.title.to_string()}</th> }
        };
        comparison.ordered().into_iter().map(one).collect_view()
    };
    let rows = move || {
        let all = comparison.ordered();
        let row = |size: usize| {
            let cell = |shown: &Arc<Shown>| {
                let own: Vec<_> = at_size(&shown.column, size).into_iter().map(|one| own(shown, one)).collect();
                if own.is_empty() {
                    view! { <td class="faint">"—"</td> }.into_any()
                } else {
                    view! { <td>{own}</td> }.into_any()
                }
            };
            let name = if size == 1 { "no map".to_owned() } else { size.to_string() };
            view! { <tr><th scope="row">{name}</th>{all.iter().map(cell).collect_view()}</tr> }
        };
        SIZES.map(row).into_iter().collect_view()
    };
    view! {
        <section>
            <h2 id="sizes-title">"Size by size"</h2>
            <p class="soft lead">"Each network at the size of its maps, with its share of the multiply-accumulates. Sizes that are no halves of 224 stand at the nearest; side classifiers are left out."</p>
            <div class="table-frame" tabindex="0" role="region" aria-labelledby="sizes-title">
                <table class="times aligned"><thead><tr><th scope="col">"Rows"</th>{heads}</tr></thead><tbody>{rows}</tbody></table>
            </div>
        </section>
    }
}
