//! The maps through a 2D canvas: where there is no WebGPU, or where its pictures do not show.

use std::cell::RefCell;

use wasm_bindgen::{Clamped, JsValue};
use web_sys::{CanvasRenderingContext2d, HtmlCanvasElement, ImageData};

use crate::app::picture::canvas_2d;
use engine::{Extent, MapTable};
use scene::paint::{DrawnPicture, PictureShift, PixelRect, RasterImage};

thread_local! {
    /// The last picture: its memory serves for the next.
    static PICTURE: RefCell<RasterImage> = RefCell::default();
}

/// What there is to be drawn.
pub(in crate::app) struct Values<'a> {
    /// Outputs by node; empty where there is none.
    pub(in crate::app) outputs: &'a [Vec<f32>],
    pub(in crate::app) table: &'a MapTable,
    pub(in crate::app) extents: &'a [Extent],
}

/// Draws on a canvas: all, or what is bare where what is there needs only to be moved.
///
/// # Errors
/// What the browser says where it does not draw.
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
    // It takes the place of all that was there.
    context.set_global_composite_operation("copy")?;
    context.draw_image_with_html_canvas_element(canvas, f64::from(by.0), f64::from(by.1))?;
    bare.iter().try_for_each(|&area| draw_area(&context, drawn, area, values))
}

/// Draws what lies in an area, in place of what was there.
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
