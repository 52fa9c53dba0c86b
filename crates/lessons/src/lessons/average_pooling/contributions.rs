//! The maps that contribute most to a class score, each with its mean.

use leptos::prelude::*;
use leptos_i18n::t_string;
use words::i18n::use_i18n;

use crate::maps::Maps;
use crate::settings::NumberSetting;
use analysis::lesson::averaged::MapContribution;
use layerscope::app::components::picture::Picture;
use layerscope::app::wording::numbers::{count, decimal};

/// The side of a map, in CSS pixels.
const SIDE: f32 = 46.0;

/// Maps with their means as bars. The arithmetic of the chosen one is written out.
#[component]
pub(super) fn MapContributions(
    /// The contributions of the maps.
    #[prop(into)]
    shares: Signal<Vec<MapContribution>>,
    /// All maps of the layer.
    #[prop(into)]
    maps: Signal<Option<Maps>>,
    /// The index of the chosen contribution.
    chosen: NumberSetting,
) -> impl IntoView {
    let words = use_i18n();
    let max = Memo::new(move |_| shares.with(|shares| shares.iter().map(|share| share.mean.abs()).fold(0.0, f32::max)));
    let number = Memo::new(move |_| shares.with(Vec::len));
    let one = move |place: usize| {
        let share = Signal::derive(move || shares.with(|shares| shares.get(place).copied()));
        let cells = Signal::derive(move || maps.with(|maps| maps.as_ref()?.cells(share.get()?.map)));
        let scale =
            Signal::derive(move || SIDE / maps.with(|maps| maps.as_ref().map_or(1, |maps| maps.size.1.max(1))) as f32);
        let name = move || {
            let number = count(words.get_locale(), share.get().map_or(0, |share| share.map as u64 + 1));
            t_string!(words, learn.map, number = number)
        };
        let bar = move || {
            format!(
                "height:{}%",
                100.0 * share.get().map_or(0.0, |share| share.mean.abs()) / max.get().max(f32::MIN_POSITIVE)
            )
        };
        let mean = move || decimal(words.get_locale(), share.get().map_or(0.0, |share| f64::from(share.mean)), 2);
        let adds = move || {
            let adds = share.get().map_or(0.0, |share| f64::from(share.adds()));
            let sign = if adds >= 0.005 { "+" } else { "" };
            format!("{sign}{}", decimal(words.get_locale(), adds, 2))
        };
        let pressed = move || (chosen.whole() == place).to_string();
        view! {
            <button type="button" class="averaged-map" aria-pressed=pressed on:click=move |_| chosen.set(place as f64)>
                <span class="averaged-bar" aria-hidden="true">
                    <i style=bar></i>
                </span>
                <span class="mono">{mean}</span>
                <Picture cells name=name scale />
                <span
                    class="mono averaged-adds"
                    class:takes=move || share.get().is_some_and(|share| share.adds() < 0.0)
                >
                    {adds}
                </span>
            </button>
        }
    };
    let arithmetic = move || {
        let locale = words.get_locale();
        let share = shares.with(|shares| shares.get(chosen.whole().min(shares.len().saturating_sub(1))).copied())?;
        let number = |value: f32, decimals: u8| decimal(locale, f64::from(value), decimals);
        let (values, area) = maps.with(|maps| {
            let maps = maps.as_ref()?;
            let area = maps.size.0 * maps.size.1;
            Some((maps.values.get(share.map * area..(share.map + 1) * area)?.to_vec(), area))
        })?;
        // A few values are written one by one.
        let sum = if area <= 4 {
            format!("({})", values.iter().map(|&value| number(value, 2)).collect::<Vec<_>>().join(" + "))
        } else {
            number(values.iter().sum(), 2)
        };
        let parts = (count(locale, share.map as u64 + 1), format!("{sum} / {area} = {}", number(share.mean, 3)));
        let weighed = format!("{} × {} = {}", number(share.mean, 3), number(share.weight, 3), number(share.adds(), 3));
        Some(t_string!(words, average_pooling.one, number = parts.0, mean = parts.1, weighed = weighed))
    };
    view! {
        <div class="averaged-maps">{move || (0..number.get()).map(one).collect_view()}</div>
        <p class="small averaged-one" aria-live="polite">
            {arithmetic}
        </p>
    }
}
