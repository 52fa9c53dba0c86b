//! The values of one cell in all maps, before and after normalization, as bars.

use std::ops::Range;

use leptos::ev::MouseEvent;
use leptos::prelude::*;
use leptos_i18n::{t, t_string};
use wasm_bindgen::JsCast;
use web_sys::Element;
use words::i18n::use_i18n;

use crate::maps::extent;
use crate::settings::NumberSetting;
use layerscope::app::wording::numbers::{count, decimal};

/// The size of the drawing, which the style sheet stretches.
const WIDTH: f64 = 690.0;
const HEIGHT: f64 = 116.0;
/// The distance between two numbered maps.
const EVERY: usize = 8;

/// The values of one cell in all maps.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct CellValues {
    /// The values before normalization.
    pub(super) before: Vec<f32>,
    /// The values after it.
    pub(super) after: Vec<f32>,
    /// The chosen map.
    pub(super) channel: usize,
    /// The maps whose squares divide the value.
    pub(super) reach: Range<usize>,
}

impl CellValues {
    /// Draws the bars.
    fn draw(&self) -> impl IntoView + use<> {
        let step = WIDTH / self.before.len().max(1) as f64;
        let scale = extent(&self.before);
        let (high, low) = (f64::from(scale.max), f64::from(scale.min));
        let unit = HEIGHT / (high - low).max(1e-9);
        let zero = high * unit;
        let bar = |class: &'static str, channel: usize, value: f32, left: f64, width: f64| {
            let height = f64::from(value).abs() * unit;
            let top = if value < 0.0 { zero } else { zero - height };
            view! { <rect class=class x=channel as f64 * step + left y=top width=width height=height /> }
        };
        let bars = (0..self.before.len()).map(|channel| {
            view! {
                {bar("bar-before", channel, self.before[channel], 0.12 * step, 0.36 * step)}
                {bar("bar-after", channel, self.after[channel], 0.52 * step, 0.36 * step)}
            }
        });
        let reach = (self.reach.end - self.reach.start) as f64 * step;
        view! {
            <rect class="bar-reach" x=self.reach.start as f64 * step y=0 width=reach height=HEIGHT />
            <rect class="bar-channel" x=self.channel as f64 * step y=0 width=step height=HEIGHT />
            {bars.collect_view()}
            <line x1=0 x2=WIDTH y1=zero y2=zero />
        }
    }
}

/// The bars with their legend. A press chooses a map.
#[component]
pub(super) fn CellBars(
    /// The cell.
    cell: Signal<Option<CellValues>>,
    /// The chosen map.
    channel: NumberSetting,
) -> impl IntoView {
    let words = use_i18n();
    let name = move || {
        let locale = words.get_locale();
        cell.with(|cell| {
            let cell = cell.as_ref()?;
            let value = |values: &[f32]| values.get(cell.channel).map(|&value| decimal(locale, f64::from(value), 3));
            Some(t_string!(
                words,
                normalisation.bars,
                maps = count(locale, cell.before.len() as u64),
                number = count(locale, cell.channel as u64 + 1),
                before = value(&cell.before)?,
                after = value(&cell.after)?
            ))
        })
        .unwrap_or_else(|| t_string!(words, normalisation.bars_waiting).to_owned())
    };
    let press = move |event: MouseEvent| {
        let Some(element) = event.current_target().and_then(|target| target.dyn_into::<Element>().ok()) else { return };
        let bounds = element.get_bounding_client_rect();
        let maps = cell.with_untracked(|cell| cell.as_ref().map_or(0, |cell| cell.before.len()));
        let part = (f64::from(event.client_x()) - bounds.left()) / bounds.width().max(1.0);
        channel.set((part * maps as f64).floor());
    };
    let maps = Memo::new(move |_| cell.with(|cell| cell.as_ref().map_or(0, |cell| cell.before.len())));
    let numbers = move || {
        let numbered = (0..maps.get()).filter(|channel| (channel + 1) % EVERY == 0 || *channel == 0);
        let one = |channel: usize| {
            let left = (channel as f64 + 0.5) * 100.0 / maps.get() as f64;
            view! { <span style=format!("left:{left:.2}%")>{count(words.get_locale(), channel as u64 + 1)}</span> }
        };
        numbered.map(one).collect_view()
    };
    view! {
        <div class="norm-bars">
            <p class="small soft norm-key">
                <span>
                    <i class="key-before"></i>
                    {t!(words, normalisation.before)}
                </span>
                <span>
                    <i class="key-after"></i>
                    {t!(words, normalisation.after)}
                </span>
                <span>
                    <i class="key-reach"></i>
                    {t!(words, normalisation.summed)}
                </span>
            </p>
            <svg
                class="plot"
                viewBox=format!("0 0 {WIDTH} {HEIGHT}")
                preserveAspectRatio="none"
                role="img"
                aria-label=name
                on:click=press
            >
                {move || cell.get().map(|cell| cell.draw())}
            </svg>
            <div class="norm-numbers mono" aria-hidden="true">
                {numbers}
            </div>
        </div>
    }
}
