//! The maps on a 2D canvas, for browsers without WebGPU and for those that do not show WebGPU canvases.

use std::cell::RefCell;

use wasm_bindgen::{Clamped, JsValue};
use web_sys::{CanvasRenderingContext2d, HtmlCanvasElement, ImageData};

use crate::app::components::picture::canvas_2d;
use engine::{Extent, ExtentTable};
use scene::paint::{DrawnPicture, PictureShift, PixelRect, RasterImage};

thread_local! {
    /// The last picture. The next one reuses its memory.
    static PICTURE: RefCell<RasterImage> = RefCell::default();
}

/// The values to draw.
pub(in crate::app) struct Values<'a> {
    /// The output of each node, `[channels, height, width]`; empty if it is not known.
    pub(in crate::app) outputs: &'a [Vec<f32>],
    pub(in crate::app) table: &'a ExtentTable,
    pub(in crate::app) extents: &'a [Extent],
}

/// Draws on a canvas: everything, or, if `moved` is given, only the areas that the moved drawing leaves bare.
///
/// # Errors
/// Returns the exception of the browser if it cannot draw.
pub(in crate::app) fn paint(
    canvas: &HtmlCanvasElement,
    drawn: &DrawnPicture,
    moved: Option<&PictureShift>,
    values: &Values<'_>,
) -> Result<(), JsValue> {
    let (width, height) = drawn.size;
    if (canvas.width(), canvas.height()) != drawn.size {
        canvas.set_width(width);
        canvas.set_height(height);
    }
    let Some(context) = canvas_2d(canvas) else { return Ok(()) };
    let Some(PictureShift { by, bare, .. }) = moved else {
        return draw_area(&context, drawn, PixelRect { x: 0, y: 0, width, height }, values);
    };
    // Replace all pixels, transparent ones included.
    context.set_global_composite_operation("copy")?;
    context.draw_image_with_html_canvas_element(canvas, f64::from(by.0), f64::from(by.1))?;
    bare.iter().try_for_each(|&area| draw_area(&context, drawn, area, values))
}

/// Draws one area, and replaces its pixels.
fn draw_area(
    context: &CanvasRenderingContext2d,
    drawn: &DrawnPicture,
    area: PixelRect,
    values: &Values<'_>,
) -> Result<(), JsValue> {
    let (left, top) = (area.x as f32, area.y as f32);
    PICTURE.with_borrow_mut(|picture| {
        picture.clear(area.width as usize, area.height as usize);
        for tile in &drawn.tiles {
            let output = values.outputs.get(tile.node.0).map_or(&[][..], Vec::as_slice);
            if !output.is_empty() {
                let extent = |map| tile.extent(values.table, values.extents, map);
                picture.draw(&tile.moved((-left, -top)), output, extent, drawn.theme);
            }
        }
        let image = ImageData::new_with_u8_clamped_array(Clamped(picture.rgba()), area.width)?;
        context.put_image_data(&image, f64::from(area.x), f64::from(area.y))
    })
}
