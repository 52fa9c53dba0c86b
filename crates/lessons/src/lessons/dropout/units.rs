//! The units of a layer as cells. The dropped ones are crossed out.

use std::fmt::Write as _;

use leptos::prelude::*;
use leptos_i18n::t_string;
use words::i18n::use_i18n;

use crate::maps::extent;
use analysis::lesson::dropout::DropoutMask;
use layerscope::app::components::picture::{Cells, Picture};
use layerscope::app::wording::numbers::count;
use scene::paint::Ramp;

/// Units in a row.
const COLUMNS: usize = 32;
/// The side of a cell, in CSS pixels.
const CELL: f32 = 11.0;

/// Returns an SVG path with a cross over every unit that `mask` drops, in units of a cell.
fn crosses(mask: &DropoutMask) -> String {
    let dropped = mask.kept.iter().enumerate().filter(|(_, kept)| !**kept);
    dropped.fold(String::new(), |mut path, (unit, _)| {
        let (x, y) = (unit % COLUMNS, unit / COLUMNS);
        // Writing to a string does not fail.
        let _ = write!(path, "M{x}.2 {y}.2l.6 .6M{x}.8 {y}.2l-.6 .6");
        path
    })
}

/// The units of the layer.
#[component]
pub(super) fn Units(
    /// Their values.
    values: Signal<Option<Vec<f32>>>,
    /// The mask.
    mask: Memo<Option<DropoutMask>>,
) -> impl IntoView {
    let words = use_i18n();
    let cells = Signal::derive(move || {
        let values = values.get()?;
        let extent = extent(&values);
        Some(Cells { values, columns: COLUMNS, ramp: Ramp::Rectified, extent })
    });
    let rows = move || mask.with(|mask| mask.as_ref().map_or(1, |mask| mask.kept.len().div_ceil(COLUMNS)));
    let path = move || mask.with(|mask| mask.as_ref().map(crosses)).unwrap_or_default();
    let name = Signal::derive(move || {
        let locale = words.get_locale();
        let (all, dropped) =
            mask.with(|mask| mask.as_ref().map_or((0, 0), |mask| (mask.kept.len(), mask.kept.len() - mask.count())));
        t_string!(words, dropout.units, count = count(locale, all as u64), dropped = count(locale, dropped as u64))
    });
    view! {
        <div class="units">
            <Picture cells name scale=CELL />
            <svg viewBox=move || format!("0 0 {COLUMNS} {}", rows()) aria-hidden="true">
                <path d=path />
            </svg>
        </div>
    }
}
