//! Rasterises feature maps to the pixels of an image, for a 2D canvas.

use super::colour::{Ramp, fade};
use super::theme::Theme;
use super::tile::{ColourScale, Tile, TileGrid};
use engine::Extent;

/// Returns `columns` x `rows` pixels of RGBA bytes, row by row, in the colours of `values`. Pixels after the last value
/// are transparent.
pub fn rasterise(
    values: &[f32],
    (columns, rows): (usize, usize),
    ramp: Ramp,
    theme: Theme,
    extent: Extent,
    dim: f32,
) -> Vec<u8> {
    let mut pixels = vec![0; columns * rows * 4];
    for (pixel, &value) in pixels.chunks_exact_mut(4).zip(values) {
        pixel.copy_from_slice(&fade(ramp, theme, value, extent, dim));
    }
    pixels
}

/// Number of shades from one end of a ramp to the other. Neighbouring shades differ by at most one level of a byte.
const SHADES: usize = 1024;

/// An image of RGBA bytes, row by row, that tiles are drawn into: the CPU reference of `paint_maps.wgsl`.
#[derive(Debug, Default)]
pub struct RasterImage {
    width: usize,
    height: usize,
    rgba: Vec<u8>,
}

/// All colours of a ramp on one scale.
struct ColourTable {
    colours: Vec<[u8; 4]>,
    not_a_number: [u8; 4],
    low: f32,
    per_unit: f32,
}

impl ColourTable {
    fn new(ramp: Ramp, theme: Theme, extent: Extent, dim: f32) -> Self {
        // The ends of the interval over which the colours of the ramp change.
        let (low, high) = match ramp {
            Ramp::Signed | Ramp::Weight => {
                let reach = extent.min.abs().max(extent.max.abs());
                (-reach, reach)
            }
            Ramp::Rectified => (0.0, extent.max),
            Ramp::Ink => (extent.min, extent.max),
        };
        let span = (high - low).max(f32::MIN_POSITIVE);
        let at = |shade: usize| low + span * shade as f32 / (SHADES - 1) as f32;
        let colours = (0..SHADES).map(|shade| fade(ramp, theme, at(shade), extent, dim)).collect();
        let not_a_number = fade(ramp, theme, f32::NAN, extent, dim);
        Self { colours, not_a_number, low, per_unit: (SHADES - 1) as f32 / span }
    }

    fn of(&self, value: f32) -> [u8; 4] {
        if value.is_nan() {
            return self.not_a_number;
        }
        // The cast saturates, so infinities get the colours at the ends of the ramp.
        let shade = ((value - self.low) * self.per_unit + 0.5) as usize;
        self.colours[shade.min(SHADES - 1)]
    }
}

/// For each pixel along one axis, returns the index of its map and of the cell in the map, or `None` between maps.
fn along(
    pixels: std::ops::Range<usize>,
    start: f32,
    map: f32,
    pitch: f32,
    cells: usize,
) -> Vec<Option<(usize, usize)>> {
    pixels
        .map(|pixel| {
            let at = pixel as f32 + 0.5 - start;
            let place = (at / pitch).floor();
            let inside = at - place * pitch;
            let cell = ((inside / map * cells as f32) as usize).min(cells.saturating_sub(1));
            (at >= 0.0 && inside < map).then_some((place as usize, cell))
        })
        .collect()
}

/// Blends a colour over a pixel with the given opacity. Colours are not premultiplied by alpha, as in a 2D canvas.
fn over(pixel: &mut [u8], colour: [u8; 4], opacity: f32) {
    if opacity >= 1.0 {
        return pixel.copy_from_slice(&colour);
    }
    let under = f32::from(pixel[3]) / 255.0 * (1.0 - opacity);
    let alpha = opacity + under;
    if alpha <= 0.0 {
        return;
    }
    for (channel, new) in pixel.iter_mut().zip(colour).take(3) {
        *channel = ((f32::from(new) * opacity + f32::from(*channel) * under) / alpha).round() as u8;
    }
    pixel[3] = (alpha * 255.0).round() as u8;
}

impl RasterImage {
    /// Resizes the image to this size in pixels and makes it transparent.
    pub fn clear(&mut self, width: usize, height: usize) {
        (self.width, self.height) = (width, height);
        self.rgba.clear();
        self.rgba.resize(width * height * 4, 0);
    }

    /// Returns the RGBA bytes, row by row.
    pub fn rgba(&self) -> &[u8] {
        &self.rgba
    }

    /// Returns the width in pixels.
    pub fn width(&self) -> usize {
        self.width
    }

    /// Draws the part of `tile` that lies inside the image. `output` holds all values of the tile's node; `extent`
    /// returns the scale of each of its maps.
    pub fn draw(&mut self, tile: &Tile, output: &[f32], extent: impl Fn(usize) -> Extent, theme: Theme) {
        let [left, top, width, height] = tile.rect;
        let range = |start: f32, length: f32, most: usize| {
            let clip = |v: f32| (v.max(0.0) as usize).min(most);
            clip((start - 0.5).ceil())..clip((start + length - 0.5).ceil())
        };
        let (columns, rows) = (range(left, width, self.width), range(top, height, self.height));
        if columns.is_empty() || rows.is_empty() {
            return;
        }
        let TileGrid { maps, across, map, pitch } = tile.mosaic;
        let xs = along(columns.clone(), left, map[0], pitch[0], tile.columns);
        let ys = along(rows.clone(), top, map[1], pitch[1], tile.rows);
        let area = tile.columns * tile.rows;
        let opacity = (tile.opacity.clamp(0.0, 1.0) * 255.0).round() / 255.0;
        // Shades are computed when their first pixel is met: once for the tile, or once for each map that has its own
        // scale.
        let scales = if tile.scale == ColourScale::Map { maps } else { 1 };
        let mut shades: Vec<Option<ColourTable>> = Vec::new();
        shades.resize_with(scales, || None);
        for (y, row) in rows.zip(&ys) {
            let &Some((down, cell_y)) = row else { continue };
            let line = &mut self.rgba[(y * self.width + columns.start) * 4..(y * self.width + columns.end) * 4];
            for (pixel, column) in line.chunks_exact_mut(4).zip(&xs) {
                let &Some((right, cell_x)) = column else { continue };
                let place = down * across + right;
                if right >= across || place >= maps {
                    continue;
                }
                let index = tile.first + place * area + cell_y * tile.columns + cell_x;
                let Some(&value) = output.get(index) else { continue };
                let scale = place.min(scales - 1);
                let shades =
                    shades[scale].get_or_insert_with(|| ColourTable::new(tile.ramp, theme, extent(scale), tile.dim));
                over(pixel, shades.of(value), opacity);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pixels_after_the_last_value_are_transparent() {
        let extent = Extent { min: 0.0, max: 1.0 };
        let pixels = rasterise(&[1.0, 0.0, 1.0], (2, 2), Ramp::Ink, Theme::Light, extent, 0.0);
        assert_eq!(pixels, [255, 255, 255, 255, 0, 0, 0, 255, 255, 255, 255, 255, 0, 0, 0, 0]);
    }

    #[test]
    fn the_gaps_of_a_mosaic_are_transparent() {
        let mosaic = TileGrid { maps: 3, across: 2, map: [2.0, 2.0], pitch: [3.0, 3.0] };
        let (rect, scale) = ([1.0, 0.0, 5.0, 5.0], ColourScale::Fixed(Extent { min: 0.0, max: 1.0 }));
        let tile = Tile {
            node: net::NodeId(0),
            first: 1,
            columns: 1,
            rows: 2,
            rect,
            mosaic,
            ramp: Ramp::Ink,
            scale,
            dim: 0.0,
            opacity: 1.0,
        };
        let mut picture = RasterImage::default();
        picture.clear(6, 5);
        let extent = |_| Extent { min: 0.0, max: 1.0 };
        picture.draw(&tile, &[9.0, 1.0, 0.0, 0.0, 1.0, 1.0, 1.0], extent, Theme::Light);
        let seen: Vec<String> = picture
            .rgba()
            .chunks(6 * 4)
            .map(|row| {
                row.chunks(4)
                    .map(|p| {
                        if p[3] == 0 {
                            '.'
                        } else if p[0] > 0 {
                            '#'
                        } else {
                            'o'
                        }
                    })
                    .collect()
            })
            .collect();
        assert_eq!(seen, [".##.oo", ".oo.##", "......", ".##...", ".##..."]);
    }
}
