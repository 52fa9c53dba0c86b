//! One window of C1 over the digit: its pixels, the kernel, the products, and where their sum goes.

use leptos::ev::PointerEvent;
use leptos::html;
use leptos::prelude::*;
use leptos_i18n::{t, t_string};
use words::i18n::use_i18n;

use super::Seen;
use crate::app::learn::address::{Knob, Knobs};
use crate::app::learn::control::Slider;
use crate::app::learn::figure::{Fact, extent};
use crate::app::learn::numbers::{count, decimal};
use crate::app::learn::picture::PictureChooser;
use crate::app::learn::shown::Shown;
use crate::app::picture::{Cells, Picture};
use analysis::lesson::sharing::WindowArithmetic;
use engine::Extent;
use scene::paint::Ramp;

/// Sides of the field of the digit, of the kernels, of a map of C1 and of one of S2, in pixels.
const FIELD: usize = 32;
const KERNEL: usize = 5;
const C1: usize = FIELD - KERNEL + 1;
const S2: usize = C1 / 2;
/// CSS pixels a pixel of the field and of C1, of a window, and of S2.
const SCALE: f32 = 4.5;
const WINDOW_SCALE: f32 = 13.0;
const S2_SCALE: f32 = 6.0;

/// Where the window is, and which map is looked at.
#[derive(Clone, Copy)]
struct Place {
    column: Knob,
    row: Knob,
    map: Knob,
}

impl Place {
    fn at(self) -> [usize; 2] {
        [self.column.whole(), self.row.whole()]
    }

    fn channel(self) -> usize {
        self.map.whole() - 1
    }

    fn tap(self, seen: &Seen) -> Option<WindowArithmetic> {
        let [kernels, biases, ..] = &seen.tensors;
        let (area, channel) = (KERNEL * KERNEL, self.channel());
        let kernel = kernels.values.get(channel * area..(channel + 1) * area)?;
        WindowArithmetic::new(&seen.example.input, FIELD, kernel, *biases.values.get(channel)?, self.at())
    }
}

/// One of several maps of `side` x `side`, on the scale of all of them.
pub(super) fn cells(values: &[f32], side: usize, map: usize) -> Option<Cells> {
    let area = side * side;
    let one = values.get(map * area..(map + 1) * area)?.to_vec();
    Some(Cells { values: one, columns: side, ramp: Ramp::Signed, extent: extent(values) })
}

/// A frame about some pixels of a picture of `side` x `side`, in shares of it.
fn frame(at: [usize; 2], size: usize, side: usize) -> String {
    let share = |n: usize| n as f64 / side as f64 * 100.0;
    format!("left:{0}%;top:{1}%;width:{2}%;height:{2}%", share(at[0]), share(at[1]), share(size))
}

/// The digit with its window, the arithmetic, and the maps that come of it.
#[component]
pub(super) fn Windows(
    /// What can be moved.
    knobs: Knobs,
    /// The number of the digit.
    picture: Knob,
    /// The pass over it.
    seen: Shown<Seen>,
) -> impl IntoView {
    let words = use_i18n();
    let place = Place {
        column: knobs.whole("x", 13, [0, C1 - 1]),
        row: knobs.whole("y", 9, [0, C1 - 1]),
        map: knobs.whole("map", 1, [1, 6]),
    };
    let tap = Memo::new(move |_| seen.with(|seen| place.tap(seen)).flatten());
    let number = move |n: usize| count(words.get_locale(), n as u64);
    let figure = move |value: Option<f32>| {
        value.map_or_else(|| "–".to_owned(), |v| decimal(words.get_locale(), f64::from(v), 2))
    };
    let value = Signal::derive(move || {
        let [x, y] = place.at();
        seen.with(|seen| seen.outputs[0].get(place.channel() * C1 * C1 + y * C1 + x).copied()).flatten()
    });
    let subsampled = Signal::derive(move || {
        let [x, y] = place.at();
        seen.with(|seen| {
            let channel = place.channel();
            let value = *seen.outputs[1].get(channel * S2 * S2 + y / 2 * S2 + x / 2)?;
            let corner = channel * C1 * C1 + y / 2 * 2 * C1 + x / 2 * 2;
            let sum: f32 = [0, 1, C1, C1 + 1].iter().filter_map(|step| seen.outputs[0].get(corner + step)).sum();
            let [.., scales, shifts] = &seen.tensors;
            Some((value, *scales.values.get(channel)?, sum, *shifts.values.get(channel)?))
        })
        .flatten()
    });
    let ink = Extent { min: -0.1, max: 1.175 };
    let digit = Signal::derive(move || {
        seen.with(|seen| Cells { values: seen.example.input.clone(), columns: FIELD, ramp: Ramp::Ink, extent: ink })
    });
    let kernel = Signal::derive(move || {
        let (area, channel) = (KERNEL * KERNEL, place.channel());
        let all = seen.with(|seen| seen.tensors[0].values.clone())?;
        let values = all.get(channel * area..(channel + 1) * area)?.to_vec();
        Some(Cells { values, columns: KERNEL, ramp: Ramp::Weight, extent: extent(&all) })
    });
    let map = move |layer: usize, side: usize| {
        Signal::derive(move || seen.with(|seen| cells(&seen.outputs[layer], side, place.channel())).flatten())
    };
    let products_name = Signal::derive(move || t_string!(words, convolution.products).to_owned());
    let c1_name =
        Signal::derive(move || t_string!(words, convolution.map_of, layer = "C1", map = number(place.map.whole())));
    let s2_name =
        Signal::derive(move || t_string!(words, convolution.map_of, layer = "S2", map = number(place.map.whole())));
    let squashed = Signal::derive(move || {
        let tap = tap.get()?;
        let locale = words.get_locale();
        let (sum, bias) = (f64::from(tap.sum), f64::from(tap.biased - tap.sum));
        let sign = if bias < 0.0 { '−' } else { '+' };
        Some(format!("1.7159·tanh(⅔·({} {sign} {}))", decimal(locale, sum, 2), decimal(locale, bias.abs(), 2)))
    });
    let weighed = Signal::derive(move || {
        let (_, scale, sum, shift) = subsampled.get()?;
        let locale = words.get_locale();
        let [scale, sum] = [scale, sum].map(|v| decimal(locale, f64::from(v), 2));
        let sign = if shift < 0.0 { '−' } else { '+' };
        let shift = decimal(locale, f64::from(shift.abs()), 2);
        // A product with a negative number is set apart.
        let sum = if sum.starts_with('−') { format!("({sum})") } else { sum };
        Some(format!("1.7159·tanh(⅔·({scale}·{sum} {sign} {shift}))"))
    });
    let pixels = Signal::derive(move || {
        let values = tap.with(|tap| tap.as_ref().map(|tap| tap.window.clone()))?;
        Some(Cells { values, columns: KERNEL, ramp: Ramp::Ink, extent: ink })
    });
    let products = Signal::derive(move || {
        // On one scale for all windows: that of the greatest weight on full ink.
        let weights = seen.with(|seen| extent(&seen.tensors[0].values))?;
        let extent = Extent { min: weights.min * ink.max, max: weights.max * ink.max };
        let values = tap.with(|tap| tap.as_ref().map(|tap| tap.products.clone()))?;
        Some(Cells { values, columns: KERNEL, ramp: Ramp::Signed, extent })
    });
    view! {
        <div class="knobs window-knobs">
            <PictureChooser knob=picture digit=true example=Signal::derive(move || seen.with(|seen| seen.example.clone()))/>
            <Slider knob=place.map name=Signal::derive(move || t_string!(words, convolution.map).to_owned())
                shown=Signal::derive(move || number(place.map.whole()))/>
            <Slider knob=place.column name=Signal::derive(move || t_string!(words, convolution.column).to_owned())
                shown=Signal::derive(move || number(place.column.whole()))/>
            <Slider knob=place.row name=Signal::derive(move || t_string!(words, convolution.row).to_owned())
                shown=Signal::derive(move || number(place.row.whole()))/>
        </div>
        <div class="flow">
            <figure>
                <Field digit place/>
                <figcaption>{t!(words, convolution.field)}</figcaption>
            </figure>
            <div class="taps">
                <figure>
                    <Picture cells=pixels name=Signal::derive(move || t_string!(words, convolution.pixels).to_owned()) scale=WINDOW_SCALE/>
                    <figcaption>{t!(words, convolution.pixels)}</figcaption>
                </figure>
                <span aria-hidden="true">"×"</span>
                <figure>
                    <Picture cells=kernel name=Signal::derive(move || t_string!(words, convolution.kernel).to_owned()) scale=WINDOW_SCALE/>
                    <figcaption>{t!(words, convolution.kernel)}</figcaption>
                </figure>
                <span aria-hidden="true">"="</span>
                <figure>
                    <Picture cells=products name=products_name scale=WINDOW_SCALE/>
                    <figcaption>{t!(words, convolution.products)}</figcaption>
                </figure>
            </div>
            <figure>
                <div class="framed">
                    <Picture cells=map(0, C1) name=c1_name scale=SCALE/>
                    <span class="frame" style=move || frame(place.at(), 1, C1)></span>
                </div>
                <figcaption>{move || c1_name.get()}</figcaption>
            </figure>
            <figure>
                <div class="framed">
                    <Picture cells=map(1, S2) name=s2_name scale=S2_SCALE/>
                    <span class="frame" style=move || frame(place.at().map(|at| at / 2), 1, S2)></span>
                </div>
                <figcaption>{move || s2_name.get()}</figcaption>
            </figure>
        </div>
        <div class="facts">
            <Fact name=Signal::derive(move || t_string!(words, convolution.sum).to_owned())
                value=Signal::derive(move || figure(tap.with(|tap| tap.as_ref().map(|tap| tap.sum))))/>
            <Fact name=Signal::derive(move || t_string!(words, convolution.value_c1).to_owned())
                value=Signal::derive(move || figure(value.get()))
                how=Signal::derive(move || squashed.get().unwrap_or_default())/>
            <Fact name=Signal::derive(move || t_string!(words, convolution.value_s2).to_owned())
                value=Signal::derive(move || figure(subsampled.get().map(|(value, ..)| value)))
                how=Signal::derive(move || weighed.get().unwrap_or_default())/>
        </div>
    }
}

/// The digit in its field, with the window on it, which follows the pointer.
#[component]
fn Field(
    /// The digit.
    digit: Signal<Option<Cells>>,
    /// Where the window is.
    place: Place,
) -> impl IntoView {
    let words = use_i18n();
    let around = NodeRef::<html::Div>::new();
    let follow = move |event: &PointerEvent| {
        let Some(around) = around.get_untracked() else { return };
        let rect = around.get_bounding_client_rect();
        let along = |at: i32, from: f64, length: f64| {
            let pixel = ((f64::from(at) - from) / length.max(1.0) * FIELD as f64).floor();
            pixel - (KERNEL / 2) as f64
        };
        place.column.set(along(event.client_x(), rect.left(), rect.width()));
        place.row.set(along(event.client_y(), rect.top(), rect.height()));
    };
    let down = move |event: PointerEvent| {
        if event.button() != 0 {
            return;
        }
        event.prevent_default();
        if let Some(around) = around.get_untracked() {
            // Without capture the window stays where the pointer leaves the digit.
            let _ = around.set_pointer_capture(event.pointer_id());
        }
        follow(&event);
    };
    let drag = move |event: PointerEvent| {
        if event.buttons() & 1 == 1 {
            follow(&event);
        }
    };
    view! {
        <div class="framed field" node_ref=around on:pointerdown=down on:pointermove=drag>
            <Picture cells=digit name=Signal::derive(move || t_string!(words, convolution.field).to_owned()) scale=SCALE/>
            <span class="frame" style=move || frame(place.at(), KERNEL, FIELD)></span>
        </div>
    }
}
