//! One window of C1 over the digit: its pixels, the kernel, the products, and the values that they give.

use leptos::prelude::*;
use leptos_i18n::{t, t_string};
use words::i18n::use_i18n;

use super::field::{Field, SCALE, WindowSettings, frame};
use super::pass::{C1, DigitPass, FIELD, KERNEL, S2, map_cells};
use crate::controls::Slider;
use crate::fact::Fact;
use crate::latest::LatestResult;
use crate::maps::extent;
use crate::picture_chooser::PictureChooser;
use crate::settings::{NumberSetting, Settings};
use crate::text::dash;
use engine::Extent;
use layerscope::app::components::picture::{Cells, Picture};
use layerscope::app::wording::numbers::{count, decimal};
use scene::paint::Ramp;

/// CSS pixels per pixel of a window and of S2.
const WINDOW_SCALE: f32 = 13.0;
const S2_SCALE: f32 = 6.0;

/// The digit with its window, the arithmetic, and the maps of C1 and S2.
#[component]
pub(super) fn WindowView(
    /// The settings of the lesson.
    settings: Settings,
    /// The number of the digit.
    picture: NumberSetting,
    /// The pass over the digit.
    pass: LatestResult<DigitPass>,
) -> impl IntoView {
    let words = use_i18n();
    let place = WindowSettings {
        column: settings.whole("x", 13, [0, C1 - 1]),
        row: settings.whole("y", 9, [0, C1 - 1]),
        map: settings.whole("map", 1, [1, 6]),
    };
    let tap = Memo::new(move |_| pass.with(|pass| place.tap(pass)).flatten());
    let number = move |n: usize| count(words.get_locale(), n as u64);
    let figure =
        move |value: Option<f32>| value.map_or_else(dash, |value| decimal(words.get_locale(), f64::from(value), 2));
    let value = Signal::derive(move || {
        let [x, y] = place.at();
        pass.with(|pass| pass.c1.get(place.channel() * C1 * C1 + y * C1 + x).copied()).flatten()
    });
    let subsampled = Signal::derive(move || {
        let [x, y] = place.at();
        pass.with(|pass| {
            let channel = place.channel();
            let value = *pass.s2.get(channel * S2 * S2 + y / 2 * S2 + x / 2)?;
            let corner = channel * C1 * C1 + y / 2 * 2 * C1 + x / 2 * 2;
            let sum: f32 = [0, 1, C1, C1 + 1].iter().filter_map(|step| pass.c1.get(corner + step)).sum();
            Some((value, *pass.coefficients.values.get(channel)?, sum, *pass.shifts.values.get(channel)?))
        })
        .flatten()
    });
    let ink = Extent { min: -0.1, max: 1.175 };
    let digit = Signal::derive(move || {
        pass.with(|pass| Cells { values: pass.example.input.clone(), columns: FIELD, ramp: Ramp::Ink, extent: ink })
    });
    let kernel = Signal::derive(move || {
        let (area, channel) = (KERNEL * KERNEL, place.channel());
        let all = pass.with(|pass| pass.kernels.values.clone())?;
        let values = all.get(channel * area..(channel + 1) * area)?.to_vec();
        Some(Cells { values, columns: KERNEL, ramp: Ramp::Weight, extent: extent(&all) })
    });
    let map = move |layer: fn(&DigitPass) -> &Vec<f32>, side: usize| {
        Signal::derive(move || pass.with(|pass| map_cells(layer(pass), side, place.channel())).flatten())
    };
    let products_name = Signal::derive(move || t_string!(words, convolution.products).to_owned());
    let c1_name =
        Signal::derive(move || t_string!(words, convolution.map_of, layer = "C1", map = number(place.map.whole())));
    let s2_name =
        Signal::derive(move || t_string!(words, convolution.map_of, layer = "S2", map = number(place.map.whole())));
    let activated = Signal::derive(move || {
        let tap = tap.get()?;
        let locale = words.get_locale();
        let (sum, bias) = (f64::from(tap.sum), f64::from(tap.biased - tap.sum));
        let sign = if bias < 0.0 { '−' } else { '+' };
        Some(format!("1.7159·tanh(⅔·({} {sign} {}))", decimal(locale, sum, 2), decimal(locale, bias.abs(), 2)))
    });
    let subsampling = Signal::derive(move || {
        let (_, scale, sum, shift) = subsampled.get()?;
        let locale = words.get_locale();
        let [scale, sum] = [scale, sum].map(|v| decimal(locale, f64::from(v), 2));
        let sign = if shift < 0.0 { '−' } else { '+' };
        let shift = decimal(locale, f64::from(shift.abs()), 2);
        // Brackets keep a negative factor apart from the multiplication sign.
        let sum = if sum.starts_with('−') { format!("({sum})") } else { sum };
        Some(format!("1.7159·tanh(⅔·({scale}·{sum} {sign} {shift}))"))
    });
    let pixels = Signal::derive(move || {
        let values = tap.with(|tap| tap.as_ref().map(|tap| tap.window.clone()))?;
        Some(Cells { values, columns: KERNEL, ramp: Ramp::Ink, extent: ink })
    });
    let products = Signal::derive(move || {
        // All windows share one scale: the greatest weight on full ink.
        let weights = pass.with(|pass| extent(&pass.kernels.values))?;
        let extent = Extent { min: weights.min * ink.max, max: weights.max * ink.max };
        let values = tap.with(|tap| tap.as_ref().map(|tap| tap.products.clone()))?;
        Some(Cells { values, columns: KERNEL, ramp: Ramp::Signed, extent })
    });
    view! {
        <div class="knobs window-knobs">
            <PictureChooser
                setting=picture
                digit=true
                example=Signal::derive(move || pass.with(|pass| pass.example.clone()))
            />
            <Slider
                setting=place.map
                name=move || t_string!(words, convolution.map)
                text=move || number(place.map.whole())
            />
            <Slider
                setting=place.column
                name=move || t_string!(words, convolution.column)
                text=move || number(place.column.whole())
            />
            <Slider
                setting=place.row
                name=move || t_string!(words, convolution.row)
                text=move || number(place.row.whole())
            />
        </div>
        <div class="flow">
            <figure>
                <Field digit place />
                <figcaption>{t!(words, convolution.field)}</figcaption>
            </figure>
            <div class="taps">
                <figure>
                    <Picture cells=pixels name=move || t_string!(words, convolution.pixels) scale=WINDOW_SCALE />
                    <figcaption>{t!(words, convolution.pixels)}</figcaption>
                </figure>
                <span aria-hidden="true">"×"</span>
                <figure>
                    <Picture cells=kernel name=move || t_string!(words, convolution.kernel) scale=WINDOW_SCALE />
                    <figcaption>{t!(words, convolution.kernel)}</figcaption>
                </figure>
                <span aria-hidden="true">"="</span>
                <figure>
                    <Picture cells=products name=products_name scale=WINDOW_SCALE />
                    <figcaption>{t!(words, convolution.products)}</figcaption>
                </figure>
            </div>
            <figure>
                <div class="framed">
                    <Picture cells=map(|pass| &pass.c1, C1) name=c1_name scale=SCALE />
                    <span class="frame" style=move || frame(place.at(), 1, C1)></span>
                </div>
                <figcaption>{move || c1_name.get()}</figcaption>
            </figure>
            <figure>
                <div class="framed">
                    <Picture cells=map(|pass| &pass.s2, S2) name=s2_name scale=S2_SCALE />
                    <span class="frame" style=move || frame(place.at().map(|at| at / 2), 1, S2)></span>
                </div>
                <figcaption>{move || s2_name.get()}</figcaption>
            </figure>
        </div>
        <div class="facts">
            <Fact
                name=move || t_string!(words, convolution.sum)
                value=move || figure(tap.with(|tap| tap.as_ref().map(|tap| tap.sum)))
            />
            <Fact
                name=move || t_string!(words, convolution.value_c1)
                value=move || figure(value.get())
                how=move || activated.get().unwrap_or_default()
            />
            <Fact
                name=move || t_string!(words, convolution.value_s2)
                value=move || figure(subsampled.get().map(|(value, ..)| value))
                how=move || subsampling.get().unwrap_or_default()
            />
        </div>
    }
}
