//! The paper of a picture: what transparent parts become, and how the paper of a digit is told from its ink.

use super::Photo;

/// The least alpha of a pixel that counts as drawn. The colour of fainter ones is not kept exactly by a canvas.
const DRAWN_ALPHA: u8 = 64;
/// The least luma of a drawing that cannot be seen on white.
const LIGHT: u8 = 192;
/// The least difference of ink and paper, where the lightest possible is 1.
const LEAST_CONTRAST: f32 = 0.1;

/// The colour that the transparent parts of a picture get.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Paper {
    /// White, as a browser shows most pages.
    White,
    /// Black, because what is drawn is light and could not be seen on white.
    Black,
}

impl Photo {
    /// Composes a picture over paper. `rgba` has four bytes per pixel, row by row, and colours are not multiplied by
    /// alpha. The paper is white. It is black if most of the picture is transparent and everything drawn on it is
    /// light.
    ///
    /// Returns the picture and the paper, which is `None` if nothing is transparent. Returns `None` as [`Photo::new`]
    /// does.
    pub fn over_paper(width: usize, height: usize, rgba: &[u8]) -> Option<(Self, Option<Paper>)> {
        let (pixels, rest) = rgba.as_chunks::<4>();
        if !rest.is_empty() {
            return None;
        }
        let paper = paper_under(pixels);
        let below = if paper == Some(Paper::Black) { 0 } else { 255 };
        let over = |colour: u8, alpha: u8| {
            let sum = u32::from(colour) * u32::from(alpha) + below * (255 - u32::from(alpha));
            ((sum + 127) / 255) as u8
        };
        let rgb = pixels.iter().flat_map(|&[r, g, b, a]| [over(r, a), over(g, a), over(b, a)]).collect();
        Some((Self::new(width, height, rgb)?, paper))
    }
}

/// Returns the paper for these pixels, or `None` if all are opaque.
fn paper_under(pixels: &[[u8; 4]]) -> Option<Paper> {
    let drawn = pixels.iter().filter(|[.., alpha]| *alpha >= DRAWN_ALPHA);
    let darkest = drawn.clone().map(|&[r, g, b, _]| luma([r, g, b])).min();
    let is_light = drawn.count() < pixels.len() / 2 && darkest.is_some_and(|luma| luma >= LIGHT);
    let is_transparent = pixels.iter().any(|[.., alpha]| *alpha < 255);
    is_transparent.then_some(if is_light { Paper::Black } else { Paper::White })
}

/// Returns the luma of a colour (Rec. 601), 0 to 255, as Pillow's mode "L" has it.
pub fn luma([red, green, blue]: [u8; 3]) -> u8 {
    // Never more than 255: the factors add up to 1000.
    ((299 * u32::from(red) + 587 * u32::from(green) + 114 * u32::from(blue)) / 1000) as u8
}

/// Returns whether the paper of a digit is dark and its ink light. `light` has `width` values per row, 0 for black to 1
/// for white.
///
/// A digit does not touch the edges of its picture, so that the paper is what lies there. Returns `None` if the edges
/// are neither clearly dark nor clearly light, as in a photo of something else.
pub fn is_paper_dark(light: &[f32], width: usize) -> Option<bool> {
    let (low, high) = light.iter().fold((f32::INFINITY, f32::NEG_INFINITY), |(a, b), &v| (a.min(v), b.max(v)));
    let range = high - low;
    if width == 0 || range < LEAST_CONTRAST {
        return None;
    }
    let height = light.len() / width;
    let is_edge = |at: usize| {
        let (y, x) = (at / width, at % width);
        y == 0 || x == 0 || y + 1 == height || x + 1 == width
    };
    let edge: Vec<f32> = light.iter().enumerate().filter(|(at, _)| is_edge(*at)).map(|(_, &value)| value).collect();
    // Nine tenths of the edge are within a quarter of the range.
    let most = |is_paper: &dyn Fn(f32) -> bool| 10 * edge.iter().filter(|v| is_paper(**v)).count() >= 9 * edge.len();
    if most(&|value| value <= low + range / 4.0) {
        Some(true)
    } else if most(&|value| value >= high - range / 4.0) {
        Some(false)
    } else {
        None
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Returns a picture of 8x8 with this colour in its middle 4x4 pixels and another around them.
    fn square(inside: [u8; 4], outside: [u8; 4]) -> Vec<u8> {
        let at = |i: usize| (2..6).contains(&(i / 8)) && (2..6).contains(&(i % 8));
        (0..64).flat_map(|i| if at(i) { inside } else { outside }).collect()
    }

    fn composed(inside: [u8; 4], outside: [u8; 4]) -> ([u8; 3], [u8; 3], Option<Paper>) {
        let (photo, paper) = Photo::over_paper(8, 8, &square(inside, outside)).expect("should have its bytes");
        (photo.pixel(4, 4), photo.pixel(0, 0), paper)
    }

    #[test]
    fn transparent_parts_are_white_unless_what_is_drawn_is_light() {
        assert_eq!(composed([0, 0, 0, 255], [9, 9, 9, 255]), ([0; 3], [9; 3], None));
        assert_eq!(composed([0, 0, 0, 255], [0; 4]), ([0; 3], [255; 3], Some(Paper::White)));
        assert_eq!(composed([255; 4], [0; 4]), ([255; 3], [0; 3], Some(Paper::Black)));
        assert_eq!(composed([255, 230, 200, 255], [255, 255, 255, 0]), ([255, 230, 200], [0; 3], Some(Paper::Black)));
        // A light picture with a hole is no drawing in light ink.
        assert_eq!(composed([0; 4], [255; 4]), ([255; 3], [255; 3], Some(Paper::White)));
        // Pillow's `Image.paste` over white gives the same: 200 * 102 + 255 * 153, divided by 255 and rounded.
        assert_eq!(composed([200, 100, 0, 102], [0; 4]).0, [233, 193, 153]);
        assert_eq!(composed([0; 4], [0; 4]).2, Some(Paper::White));
        assert!(Photo::over_paper(8, 8, &[0; 255]).is_none());
        assert!(Photo::over_paper(8, 8, &[0; 252]).is_none());
    }

    #[test]
    fn the_paper_lies_at_the_edges() {
        let picture = |inside: f32, outside: f32| -> Vec<f32> {
            square([1; 4], [0; 4]).iter().step_by(4).map(|&v| if v == 1 { inside } else { outside }).collect()
        };
        assert_eq!(is_paper_dark(&picture(1.0, 0.0), 8), Some(true));
        assert_eq!(is_paper_dark(&picture(0.0, 1.0), 8), Some(false));
        // Paper in the shade is light as long as its ink is darker.
        assert_eq!(is_paper_dark(&picture(0.1, 0.35), 8), Some(false));
        assert_eq!(is_paper_dark(&picture(0.5, 0.5), 8), None);
        assert_eq!(is_paper_dark(&picture(f32::NAN, f32::NAN), 8), None);
        let slope: Vec<f32> = (0..64).map(|i| (i % 8) as f32 / 7.0).collect();
        assert_eq!(is_paper_dark(&slope, 8), None);
        assert_eq!(is_paper_dark(&[], 8), None);
        assert_eq!(is_paper_dark(&[0.0, 1.0], 0), None);
    }
}
