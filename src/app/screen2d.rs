//! The maps through a 2D canvas: where there is no WebGPU, or where its pictures do not show.

use wasm_bindgen::{Clamped, JsValue};
use web_sys::{HtmlCanvasElement, ImageData};

use super::picture::{canvas_2d, new_canvas};
use crate::engine::{Extent, MapTable};
use crate::paint::{Theme, Tile, rasterise};

/// Draws tiles from the outputs of every node. One atlas of all cells is written, each tile is stretched out of it.
///
/// # Errors
/// What the browser says where it does not draw.
pub(super) fn paint(
    canvas: &HtmlCanvasElement,
    tiles: &[Tile],
    table: &MapTable,
    outputs: &[Vec<f32>],
    extents: &[Extent],
    theme: Theme,
) -> Result<(), JsValue> {
    let Some(context) = canvas_2d(canvas) else { return Ok(()) };
    context.clear_rect(0.0, 0.0, f64::from(canvas.width()), f64::from(canvas.height()));
    context.set_image_smoothing_enabled(false);
    let width = tiles.iter().map(|tile| tile.columns).max().unwrap_or(1);
    let height: usize = tiles.iter().map(|tile| tile.rows).sum();
    let mut atlas = vec![0; width * height * 4];
    let mut top = 0;
    for tile in tiles {
        let end = tile.first + tile.columns * tile.rows;
        let output = outputs.get(tile.node.0).map_or(&[][..], Vec::as_slice);
        let values = output.get(tile.first..end.min(output.len())).unwrap_or(&[]);
        let rgba =
            rasterise(values, (tile.columns, tile.rows), tile.ramp, theme, tile.extent(table, extents), tile.dim);
        for (row, pixels) in rgba.chunks(tile.columns * 4).enumerate() {
            let start = (top + row) * width * 4;
            atlas[start..start + pixels.len()].copy_from_slice(pixels);
        }
        top += tile.rows;
    }
    let Some((small, onto)) = new_canvas(width as u32, height.max(1) as u32) else { return Ok(()) };
    let image = ImageData::new_with_u8_clamped_array(Clamped(&atlas), width as u32)?;
    onto.put_image_data(&image, 0.0, 0.0)?;
    let mut top = 0.0;
    for tile in tiles {
        let [x, y, w, h] = tile.rect.map(f64::from);
        let (columns, rows) = (tile.columns as f64, tile.rows as f64);
        context.draw_image_with_html_canvas_element_and_sw_and_sh_and_dx_and_dy_and_dw_and_dh(
            &small, 0.0, top, columns, rows, x, y, w, h,
        )?;
        top += rows;
    }
    Ok(())
}
