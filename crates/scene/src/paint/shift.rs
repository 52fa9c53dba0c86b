//! Detection of pictures that are the previous picture moved, so that only the uncovered strips need to be drawn.
//!
//! This makes panning cheap where software draws. A 2D canvas is drawn on itself. On the GPU, the last picture is
//! copied from a texture that is kept for this.

use std::collections::HashMap;

use super::theme::Theme;
use super::tile::Tile;
use net::NodeId;

/// A rectangle of a canvas, in device pixels from the canvas's top left corner.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct PixelRect {
    /// The first column.
    pub x: u32,
    /// The first row.
    pub y: u32,
    /// Number of columns.
    pub width: u32,
    /// Number of rows.
    pub height: u32,
}

/// The move that turns one picture into the next.
#[derive(Debug, Clone, PartialEq)]
pub struct PictureShift {
    /// Device pixels to the right and down.
    pub by: (i32, i32),
    /// The areas that the moved picture leaves uncovered: one or two strips.
    pub bare: Vec<PixelRect>,
    /// [`DrawnPicture::off`] of the new picture.
    pub off: (f32, f32),
}

/// The content of a canvas.
#[derive(Debug, Clone, PartialEq)]
pub struct DrawnPicture {
    /// The tiles in drawing order.
    pub tiles: Vec<Tile>,
    /// The theme that sets the colours.
    pub theme: Theme,
    /// Width and height of the canvas in device pixels.
    pub size: (u32, u32),
    /// The distance to the right and down from the drawn pixels to the exact position of the tiles, in device pixels.
    /// It is not zero if the picture was made by moves of nearly whole pixels.
    pub off: (f32, f32),
}

/// The largest tolerated distance between a picture and its tiles, in device pixels. It allows for the rounding errors
/// of large coordinates and is too small to see.
const MAX_OFFSET_PX: f32 = 0.2;

/// The properties that identify a tile within a picture and in the next picture.
type Key = (NodeId, usize, usize, u32);

fn key(tile: &Tile) -> Key {
    (tile.node, tile.first, tile.mosaic.maps, tile.opacity.to_bits())
}

impl DrawnPicture {
    /// Returns the move by whole pixels that turns this picture into `next`, which must show the same values. `None` if
    /// there is no such move or if nothing moves.
    pub fn moved(&self, next: &Self) -> Option<PictureShift> {
        if (self.theme, self.size) != (next.theme, next.size) {
            return None;
        }
        let mut places: HashMap<Key, usize> = HashMap::with_capacity(self.tiles.len());
        for (place, tile) in self.tiles.iter().enumerate() {
            if places.insert(key(tile), place).is_some() {
                return None;
            }
        }
        let (mut by, mut off) = (None, (0.0, 0.0));
        let (mut found, mut fresh) = (vec![false; self.tiles.len()], Vec::new());
        let mut after = 0;
        for tile in &next.tiles {
            let Some(&place) = places.get(&key(tile)) else {
                fresh.push(tile);
                continue;
            };
            let last = &self.tiles[place];
            let (here, left) = whole_pixels(last, tile, self.off)?;
            off = left;
            // Tiles that overlap must keep their order.
            if place < after || *by.get_or_insert(here) != here || !same_but_place(last, tile) {
                return None;
            }
            (found[place], after) = (true, place + 1);
        }
        let by = by.filter(|by| *by != (0, 0))?;
        let bare = bare(by, self.size)?;
        // A tile that is only in `next` must not have been visible in this picture, and a tile that is only in this
        // picture must not be visible in `next`.
        let came = fresh.iter().any(|tile| touches(tile, (-by.0, -by.1), self.size));
        let gone = self.tiles.iter().zip(&found);
        let went = gone.into_iter().any(|(tile, found)| !found && touches(tile, by, self.size));
        (!came && !went).then_some(PictureShift { by, bare, off })
    }
}

/// Returns whether two tiles differ only in their position.
fn same_but_place(a: &Tile, b: &Tile) -> bool {
    let Tile { rect: [x, y, ..], .. } = *b;
    let there = Tile { rect: [x, y, a.rect[2], a.rect[3]], ..*a };
    there == *b
}

/// Returns the distance from the drawn pixels of `last`, which are `off` from its exact position, to `next` in whole
/// pixels, and the remainder. `None` if the remainder is larger than [`MAX_OFFSET_PX`].
fn whole_pixels(last: &Tile, next: &Tile, off: (f32, f32)) -> Option<((i32, i32), (f32, f32))> {
    let along = |axis: usize, off: f32| {
        let by = next.rect[axis] - last.rect[axis] + off;
        let left = by - by.round();
        (left.abs() <= MAX_OFFSET_PX).then_some((by.round() as i32, left))
    };
    let ((right, x), (down, y)) = (along(0, off.0)?, along(1, off.1)?);
    Some(((right, down), (x, y)))
}

/// Returns whether a tile, moved by `x` and `y`, covers a pixel of the canvas.
fn touches(tile: &Tile, (x, y): (i32, i32), size: (u32, u32)) -> bool {
    let [left, top, width, height] = tile.rect;
    // A pixel is drawn if its centre lies inside the tile.
    let along = |start: f32, length: f32, most: u32| start + length > 0.5 && start < most as f32 - 0.5;
    along(left + x as f32, width, size.0) && along(top + y as f32, height, size.1)
}

/// Returns the strips that a moved picture leaves uncovered, or `None` if no part of the picture remains visible.
fn bare((right, down): (i32, i32), (width, height): (u32, u32)) -> Option<Vec<PixelRect>> {
    let (across, along) = (right.unsigned_abs(), down.unsigned_abs());
    if across >= width || along >= height {
        return None;
    }
    let x = if right > 0 { 0 } else { width - across };
    let y = if down > 0 { 0 } else { height - along };
    let upright = PixelRect { x, y: 0, width: across, height };
    // The corner belongs to the upright strip.
    let lying = PixelRect { x: if right > 0 { across } else { 0 }, y, width: width - across, height: along };
    Some([upright, lying].into_iter().filter(|area| area.width > 0 && area.height > 0).collect())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::paint::{ColourScale, Ramp, RasterImage, TileGrid};
    use engine::Extent;

    fn tile(node: usize, x: f32, y: f32) -> Tile {
        Tile {
            node: NodeId(node),
            first: 0,
            columns: 4,
            rows: 4,
            rect: [x, y, 9.0, 9.0],
            mosaic: TileGrid { maps: 4, across: 2, map: [4.0, 4.0], pitch: [5.0, 5.0] },
            ramp: Ramp::Ink,
            scale: ColourScale::Fixed(Extent { min: 0.0, max: 64.0 }),
            dim: 0.0,
            opacity: 1.0,
        }
    }

    /// Returns the visible part of a row of tiles, a pixel and a half apart, whose first tile is at `x`, `y`.
    fn drawn(x: f32, y: f32) -> DrawnPicture {
        let size = (40, 24);
        let all = (0..12).map(|node| tile(node, x + node as f32 * 10.5, y));
        let tiles = all.filter(|tile| touches(tile, (0, 0), size)).collect();
        DrawnPicture { tiles, theme: Theme::Light, size, off: (0.0, 0.0) }
    }

    fn picture(drawn: &DrawnPicture, PixelRect { x, y, width, height }: PixelRect) -> Vec<u8> {
        let values: Vec<f32> = (0..64).map(|value| value as f32).collect();
        let mut picture = RasterImage::default();
        picture.clear(width as usize, height as usize);
        for tile in &drawn.tiles {
            let tile = tile.moved((-(x as f32), -(y as f32)));
            picture.draw(&tile, &values, |_| Extent { min: 0.0, max: 64.0 }, drawn.theme);
        }
        picture.rgba().to_vec()
    }

    #[test]
    fn the_moved_picture_and_the_drawn_strips_make_the_next_picture() {
        for (x, y) in [(7, 0), (-7, 0), (0, 5), (3, -4), (-11, -2), (-2, 9)] {
            let (last, next) = (drawn(-23.25, 4.0), drawn(-23.25 + x as f32, 4.0 + y as f32));
            let moved = last.moved(&next).expect("should be the last one, moved");
            assert_eq!(moved.by, (x, y));
            let whole = PixelRect { x: 0, y: 0, width: 40, height: 24 };
            let (before, wanted) = (picture(&last, whole), picture(&next, whole));
            let mut made = vec![0; wanted.len()];
            let place = |x: i32, y: i32| (y * 40 + x) as usize * 4;
            for (to_y, to_x) in (0..24).flat_map(|to_y| (0..40).map(move |to_x| (to_y, to_x))) {
                let (from_x, from_y) = (to_x - x, to_y - y);
                if (0..40).contains(&from_x) && (0..24).contains(&from_y) {
                    let (to, from) = (place(to_x, to_y), place(from_x, from_y));
                    made[to..to + 4].copy_from_slice(&before[from..from + 4]);
                }
            }
            for &area in &moved.bare {
                let strip = picture(&next, area);
                for (row, line) in strip.chunks(area.width as usize * 4).enumerate() {
                    let to = place(area.x as i32, area.y as i32 + row as i32);
                    made[to..to + line.len()].copy_from_slice(line);
                }
            }
            assert!(made == wanted && wanted.iter().any(|&byte| byte > 0), "by {x}, {y}");
        }
    }

    #[test]
    fn other_changes_are_not_moves() {
        let last = drawn(-23.0, 4.0);
        assert_eq!(last.moved(&last), None, "nothing moves");
        assert_eq!(last.moved(&drawn(-23.4, 4.0)), None, "not by whole pixels");
        assert_eq!(last.moved(&drawn(-23.0 + 41.0, 4.0)), None, "nothing remains visible");
        let nearly = last.moved(&drawn(-20.125, 4.0)).expect("should be nearly whole pixels");
        assert_eq!((nearly.by, nearly.off), ((3, 0), (-0.125, 0.0)));
        let off = DrawnPicture { off: nearly.off, ..drawn(-20.125, 4.0) };
        assert_eq!(off.moved(&drawn(-17.25, 4.0)), None, "the remainder adds up");
        assert_eq!(off.moved(&drawn(-17.0, 4.0)).map(|moved| (moved.by, moved.off)), Some(((3, 0), (0.0, 0.0))));
        let next = drawn(-20.0, 4.0);
        assert!(last.moved(&next).is_some());
        let dark = DrawnPicture { theme: Theme::Dark, ..next.clone() };
        assert_eq!(last.moved(&dark), None);
        let change = |change: &dyn Fn(&mut Vec<Tile>)| {
            let mut other = next.clone();
            change(&mut other.tiles);
            last.moved(&other)
        };
        assert_eq!(change(&|tiles| tiles[1].dim = 0.5), None);
        assert_eq!(change(&|tiles| tiles[1].rect[0] += 1.0), None, "one moved further than the others");
        assert_eq!(change(&|tiles| tiles.swap(1, 2)), None, "the order changed");
        assert_eq!(
            change(&|tiles| tiles.retain(|tile| tile.node != last.tiles[1].node)),
            None,
            "a visible tile is gone"
        );
        assert_eq!(change(&|tiles| tiles.push(tile(11, 12.0, 2.0))), None, "a tile appeared inside the canvas");
    }
}
