//! Feature maps on which one cell is chosen, by a press or by two sliders.

use leptos::ev::PointerEvent;
use leptos::prelude::*;
use leptos_i18n::t_string;
use wasm_bindgen::JsCast;
use web_sys::Element;
use words::i18n::use_i18n;

use super::controls::Slider;
use super::maps::Maps;
use super::settings::{NumberSetting, Settings};
use layerscope::app::components::picture::Picture;
use layerscope::app::wording::numbers::count;

/// The chosen cell of maps of one size.
#[derive(Clone, Copy)]
pub(super) struct CellSettings {
    pub(super) row: NumberSetting,
    pub(super) column: NumberSetting,
    /// Rows and columns of a map.
    side: usize,
}

impl CellSettings {
    /// Adds a cell of maps of `side` x `side`, with the link parameters `row` and `column`.
    pub(super) fn new(settings: Settings, [row, column]: [usize; 2], side: usize) -> Self {
        let setting = |name, first| settings.whole(name, first, [0, side - 1]);
        Self { row: setting("row", row), column: setting("column", column), side }
    }

    /// Returns the index of the cell among the values of a map.
    pub(super) fn place(self) -> usize {
        self.row.whole() * self.side + self.column.whole()
    }

    /// Chooses the cell under the pointer.
    fn point(self, event: &PointerEvent) {
        let Some(element) = event.current_target().and_then(|target| target.dyn_into::<Element>().ok()) else { return };
        let bounds = element.get_bounding_client_rect();
        let cell = |at: f64, whole: f64| (at / whole.max(1.0) * self.side as f64).floor();
        self.column.set(cell(f64::from(event.client_x()) - bounds.left(), bounds.width()));
        self.row.set(cell(f64::from(event.client_y()) - bounds.top(), bounds.height()));
    }
}

/// The sliders of a cell.
#[component]
pub(super) fn CellSliders(
    /// The cell.
    pixel: CellSettings,
) -> impl IntoView {
    let words = use_i18n();
    let number_text =
        move |setting: NumberSetting| Signal::derive(move || count(words.get_locale(), setting.whole() as u64 + 1));
    view! {
        <Slider setting=pixel.row name=move || t_string!(words, learn.row) text=number_text(pixel.row) />
        <Slider setting=pixel.column name=move || t_string!(words, learn.column) text=number_text(pixel.column) />
    }
}

/// One map, with the chosen cell marked.
#[component]
pub(super) fn CellMap(
    /// All maps of the layer.
    #[prop(into)]
    maps: Signal<Option<Maps>>,
    /// The number of the map.
    #[prop(into)]
    map: Signal<usize>,
    /// The width, in CSS pixels. The style sheet may make it narrower.
    side: f32,
    /// The name of the map.
    #[prop(into)]
    name: Signal<String>,
    /// The chosen cell, if one is marked.
    #[prop(optional)]
    pixel: Option<CellSettings>,
) -> impl IntoView {
    let cells = Signal::derive(move || maps.with(|maps| maps.as_ref()?.cells(map.get())));
    let scale =
        Signal::derive(move || side / maps.with(|maps| maps.as_ref().map_or(1, |maps| maps.size.1.max(1))) as f32);
    let mark = pixel.map(|pixel| {
        let part = move |setting: NumberSetting| setting.whole() as f64 * 100.0 / pixel.side as f64;
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
        <div
            class="pixel-map"
            class:pressed=pixel.is_some()
            style=format!("width:{side}px")
            on:pointerdown=press
            on:pointermove=press
        >
            <Picture cells name scale />
            {mark}
        </div>
    }
}
