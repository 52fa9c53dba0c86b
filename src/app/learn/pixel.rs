//! Maps on which a pixel is chosen: by pressing one of them, or by two sliders.

use leptos::ev::PointerEvent;
use leptos::prelude::*;
use leptos_i18n::t_string;
use wasm_bindgen::JsCast;
use web_sys::Element;
use words::i18n::use_i18n;

use super::address::{Knob, Knobs};
use super::control::Slider;
use super::figure::Maps;
use super::numbers::count;
use crate::app::picture::Picture;

/// A pixel of maps.
#[derive(Clone, Copy)]
pub(super) struct PixelKnobs {
    pub(super) row: Knob,
    pub(super) column: Knob,
    /// Rows and columns of a map.
    side: usize,
}

impl PixelKnobs {
    /// A pixel of maps of `side` x `side`, in the address `row` and `column`.
    pub(super) fn new(knobs: Knobs, [row, column]: [usize; 2], side: usize) -> Self {
        let knob = |name, first| knobs.whole(name, first, [0, side - 1]);
        Self { row: knob("row", row), column: knob("column", column), side }
    }

    /// Its place among the values of a map.
    pub(super) fn place(self) -> usize {
        self.row.whole() * self.side + self.column.whole()
    }

    /// The pixel under the pointer, where that is pressed.
    fn point(self, event: &PointerEvent) {
        let Some(element) = event.current_target().and_then(|target| target.dyn_into::<Element>().ok()) else { return };
        let seen = element.get_bounding_client_rect();
        let cell = |at: f64, whole: f64| (at / whole.max(1.0) * self.side as f64).floor();
        self.column.set(cell(f64::from(event.client_x()) - seen.left(), seen.width()));
        self.row.set(cell(f64::from(event.client_y()) - seen.top(), seen.height()));
    }
}

/// The sliders of a pixel.
#[component]
pub(super) fn PixelSliders(
    /// The pixel.
    pixel: PixelKnobs,
) -> impl IntoView {
    let words = use_i18n();
    let shown = move |knob: Knob| Signal::derive(move || count(words.get_locale(), knob.whole() as u64 + 1));
    view! {
        <Slider knob=pixel.row name=Signal::derive(move || t_string!(words, learn.row).to_owned()) shown=shown(pixel.row)/>
        <Slider knob=pixel.column name=Signal::derive(move || t_string!(words, learn.column).to_owned()) shown=shown(pixel.column)/>
    }
}

/// One map, with the pixel marked where `pixel` is one of its.
#[component]
pub(super) fn PixelMap(
    /// The maps that it is one of.
    #[prop(into)]
    maps: Signal<Option<Maps>>,
    /// Its number among them.
    #[prop(into)]
    map: Signal<usize>,
    /// Its width, in CSS pixels; the style sheet may make it narrower.
    side: f32,
    /// What it is.
    #[prop(into)]
    name: Signal<String>,
    /// The pixel that is chosen on it.
    #[prop(optional)]
    pixel: Option<PixelKnobs>,
) -> impl IntoView {
    let cells = Signal::derive(move || maps.with(|maps| maps.as_ref()?.cells(map.get())));
    let scale =
        Signal::derive(move || side / maps.with(|maps| maps.as_ref().map_or(1, |maps| maps.size.1.max(1))) as f32);
    let mark = pixel.map(|pixel| {
        let part = move |knob: Knob| knob.whole() as f64 * 100.0 / pixel.side as f64;
        let style = move || {
            let cell = 100.0 / pixel.side as f64;
            format!("left:{}%;top:{}%;width:{cell}%;height:{cell}%", part(pixel.column), part(pixel.row))
        };
        view! { <i class="pixel-mark" style=style></i> }
    });
    let press = move |event: PointerEvent| {
        if let Some(pixel) = pixel.filter(|_| event.buttons() & 1 == 1) {
            pixel.point(&event);
        }
    };
    view! {
        <div class="pixel-map" class:pressed=pixel.is_some() style=format!("width:{side}px") on:pointerdown=press on:pointermove=press>
            <Picture cells name scale/>
            {mark}
        </div>
    }
}
