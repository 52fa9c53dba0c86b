//! Small pictures of numbers: kernels, bitmaps, the input; each a canvas with a name.

use leptos::html;
use leptos::prelude::*;
use wasm_bindgen::{Clamped, JsCast, closure::Closure};
use web_sys::{CanvasRenderingContext2d, HtmlCanvasElement, ImageData};

use engine::Extent;
use input::Photo;
use scene::paint::{Ramp, Theme, rasterise};

/// The state that every picture of a page depends on.
#[derive(Clone, Copy)]
pub(super) struct Appearance {
    /// Whether the page is dark.
    pub(super) dark: RwSignal<bool>,
    /// How often the browser has given back lost canvases. They are empty then, so pictures are drawn again.
    pub(super) restored: RwSignal<u32>,
}

impl Appearance {
    /// A light page whose canvases were never lost.
    pub(super) fn new() -> Self {
        Self { dark: RwSignal::new(false), restored: RwSignal::new(0) }
    }
}

/// Hears of canvases that the browser has lost with its GPU and gives back empty.
pub(super) fn watch_restored(appearance: Appearance) {
    let again = Closure::<dyn FnMut()>::new(move || appearance.restored.update(|times| *times += 1));
    // The event does not bubble, but what captures at the root hears it all the same. Where it cannot be listened for,
    // pictures come back with the next stroke.
    let _ =
        document().add_event_listener_with_callback_and_bool("contextrestored", again.as_ref().unchecked_ref(), true);
    // It lives as long as the page.
    again.forget();
}

/// A canvas's 2D context; `None` where the browser gives none. It is kept in the page's own memory, whence it is read
/// back without a wait.
pub(super) fn canvas_2d(canvas: &HtmlCanvasElement) -> Option<CanvasRenderingContext2d> {
    let options = js_sys::Object::new();
    // A plain object takes every property; without this one the canvas only lies elsewhere.
    let _ = js_sys::Reflect::set(&options, &"willReadFrequently".into(), &true.into());
    canvas.get_context_with_context_options("2d", &options).ok()??.dyn_into().ok()
}

/// A canvas that is not on the page, with its context.
pub(super) fn new_canvas(width: u32, height: u32) -> Option<(HtmlCanvasElement, CanvasRenderingContext2d)> {
    let canvas: HtmlCanvasElement = document().create_element("canvas").ok()?.dyn_into().ok()?;
    canvas.set_width(width);
    canvas.set_height(height);
    let context = canvas_2d(&canvas)?;
    Some((canvas, context))
}

/// Draws `rgba` pixel by pixel on a canvas, which takes its size.
pub(super) fn draw_rgba(canvas: &HtmlCanvasElement, rgba: &[u8], (width, height): (u32, u32)) {
    canvas.set_width(width);
    canvas.set_height(height);
    let Some(context) = canvas_2d(canvas) else { return };
    if let Ok(image) = ImageData::new_with_u8_clamped_array(Clamped(rgba), width) {
        // Where it cannot be put, the canvas stays empty: what is said beside it is right.
        let _ = context.put_image_data(&image, 0.0, 0.0);
    }
}

/// Draws a photo likewise.
pub(super) fn draw_photo(canvas: &HtmlCanvasElement, photo: &Photo) {
    draw_rgba(canvas, &photo.rgba(), (photo.width() as u32, photo.height() as u32));
}

/// What to colour.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Cells {
    /// Row-major.
    pub(super) values: Vec<f32>,
    /// Cells in a row.
    pub(super) columns: usize,
    pub(super) ramp: Ramp,
    pub(super) extent: Extent,
}

/// The theme that is shown.
pub(super) fn theme(dark: bool) -> Theme {
    if dark { Theme::Dark } else { Theme::Light }
}

/// A picture with one pixel a cell, stretched by the style sheet without smoothing.
#[component]
pub(super) fn Picture(
    /// What to colour; nothing where there is none.
    #[prop(into)]
    cells: Signal<Option<Cells>>,
    /// What it shows, in words.
    #[prop(into)]
    name: Signal<String>,
    /// Its CSS size in pixels a cell.
    #[prop(into)]
    scale: Signal<f32>,
) -> impl IntoView {
    let appearance = expect_context::<Appearance>();
    let canvas = NodeRef::<html::Canvas>::new();
    let size = move || {
        cells.read().as_ref().map_or((1, 1), |c| (c.columns.max(1), c.values.len().div_ceil(c.columns.max(1)).max(1)))
    };
    Effect::new(move |_| {
        appearance.restored.track();
        let theme = theme(appearance.dark.get());
        let (Some(canvas), Some(cells)) = (canvas.get(), cells.get()) else { return };
        let (width, height) = (cells.columns as u32, (cells.values.len() / cells.columns.max(1)) as u32);
        let rgba = rasterise(&cells.values, (cells.columns, height as usize), cells.ramp, theme, cells.extent, 0.0);
        draw_rgba(&canvas, &rgba, (width, height));
    });
    let style = move || {
        let ((columns, rows), scale) = (size(), scale.get());
        format!("width:{}px;height:{}px", columns as f32 * scale, rows as f32 * scale)
    };
    view! { <canvas node_ref=canvas class="picture" role="img" aria-label=name style=style></canvas> }
}
