//! The maps through a 2D canvas: where there is no WebGPU, or where its pictures do not show.

use std::cell::RefCell;

use wasm_bindgen::{Clamped, JsValue};
use web_sys::{HtmlCanvasElement, ImageData};

use super::picture::canvas_2d;
use crate::engine::{Extent, MapTable};
use crate::paint::{Picture, Theme, Tile};

thread_local! {
    /// The last picture: its memory serves for the next.
    static PICTURE: RefCell<Picture> = RefCell::default();
}

/// What there is to be drawn.
pub(super) struct Values<'a> {
    /// Outputs by node; empty where there is none.
    pub(super) outputs: &'a [Vec<f32>],
    pub(super) table: &'a MapTable,
    pub(super) extents: &'a [Extent],
}

/// Draws tiles on a canvas of `size` device pixels.
///
/// # Errors
/// What the browser says where it does not draw.
pub(super) fn paint(
    canvas: &HtmlCanvasElement,
    size: (u32, u32),
    tiles: &[Tile],
    values: &Values<'_>,
    theme: Theme,
) -> Result<(), JsValue> {
    if (canvas.width(), canvas.height()) != size {
        canvas.set_width(size.0);
        canvas.set_height(size.1);
    }
    let Some(context) = canvas_2d(canvas) else { return Ok(()) };
    PICTURE.with_borrow_mut(|picture| {
        picture.clear(size.0 as usize, size.1 as usize);
        for tile in tiles {
            let output = values.outputs.get(tile.node.0).map_or(&[][..], Vec::as_slice);
            if !output.is_empty() {
                picture.draw(tile, output, |map| tile.extent(values.table, values.extents, map), theme);
            }
        }
        let image = ImageData::new_with_u8_clamped_array(Clamped(picture.rgba()), size.0)?;
        context.put_image_data(&image, 0.0, 0.0)
    })
}
