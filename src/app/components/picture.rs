//! Small pictures of numbers, such as kernels and bitmaps. Each is a canvas with an accessible name.

use leptos::html;
use leptos::prelude::*;
use wasm_bindgen::{Clamped, JsCast, closure::Closure};
use web_sys::{CanvasRenderingContext2d, HtmlCanvasElement, ImageData};

use engine::Extent;
use input::Photo;
use scene::paint::{Ramp, Theme, rasterise};

/// The state that every picture of a page depends on.
#[derive(Clone, Copy)]
pub struct Appearance {
    /// True if the page is dark.
    pub dark: RwSignal<bool>,
    /// How often the browser has given back lost canvases. They are empty then, so pictures are drawn again.
    pub restored: RwSignal<u32>,
}

impl Appearance {
    /// A light page whose canvases were never lost.
    pub(in crate::app) fn new() -> Self {
        Self { dark: RwSignal::new(false), restored: RwSignal::new(0) }
    }
}

/// Counts in `appearance` how often the browser restores canvases that it lost with its GPU. They are empty then.
pub fn watch_restored(appearance: Appearance) {
    let again = Closure::<dyn FnMut()>::new(move || appearance.restored.update(|times| *times += 1));
    // The event does not bubble, but a capturing listener at the root gets it. Without the listener, pictures are drawn
    // again only when their values change.
    let _ =
        document().add_event_listener_with_callback_and_bool("contextrestored", again.as_ref().unchecked_ref(), true);
    // The listener lives as long as the page.
    again.forget();
}

/// Returns the 2D context of a canvas; `None` if the browser has none. The canvas is in the memory of the page, so
/// reading it back does not wait for the GPU.
pub(in crate::app) fn canvas_2d(canvas: &HtmlCanvasElement) -> Option<CanvasRenderingContext2d> {
    let options = js_sys::Object::new();
    // Setting a property of a plain object does not fail.
    let _ = js_sys::Reflect::set(&options, &"willReadFrequently".into(), &true.into());
    canvas.get_context_with_context_options("2d", &options).ok()??.dyn_into().ok()
}

/// Creates a canvas outside of the page. Returns it with its 2D context.
pub(in crate::app) fn new_canvas(width: u32, height: u32) -> Option<(HtmlCanvasElement, CanvasRenderingContext2d)> {
    let canvas: HtmlCanvasElement = document().create_element("canvas").ok()?.dyn_into().ok()?;
    canvas.set_width(width);
    canvas.set_height(height);
    let context = canvas_2d(&canvas)?;
    Some((canvas, context))
}

/// Sets the size of a canvas and draws `rgba`, row-major, pixel by pixel.
pub fn draw_rgba(canvas: &HtmlCanvasElement, rgba: &[u8], (width, height): (u32, u32)) {
    canvas.set_width(width);
    canvas.set_height(height);
    let Some(context) = canvas_2d(canvas) else { return };
    if let Ok(image) = ImageData::new_with_u8_clamped_array(Clamped(rgba), width) {
        // If drawing fails, the canvas stays empty. The text beside it is still right.
        let _ = context.put_image_data(&image, 0.0, 0.0);
    }
}

/// Sets the size of a canvas and draws a photo pixel by pixel.
pub fn draw_photo(canvas: &HtmlCanvasElement, photo: &Photo) {
    draw_rgba(canvas, &photo.rgba(), (photo.width() as u32, photo.height() as u32));
}

/// Values that are drawn as coloured cells.
#[derive(Debug, Clone, PartialEq)]
pub struct Cells {
    /// The values, row-major.
    pub values: Vec<f32>,
    /// Cells in a row.
    pub columns: usize,
    /// The colours of the values.
    pub ramp: Ramp,
    /// The range of values that the colours stand for.
    pub extent: Extent,
}

/// Returns the theme of a dark or a light page.
pub fn theme(dark: bool) -> Theme {
    if dark { Theme::Dark } else { Theme::Light }
}

/// A picture with one pixel for each cell. The style sheet stretches it without smoothing.
#[component]
pub fn Picture(
    /// The cells; `None` keeps the last picture.
    #[prop(into)]
    cells: Signal<Option<Cells>>,
    /// The accessible name.
    #[prop(into)]
    name: Signal<String>,
    /// The size of a cell, in CSS pixels.
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
