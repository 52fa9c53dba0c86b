//! Icons (ICO): files with several pictures of one motif, some of them stored as PNG.

use image::ImageFormat;

/// The first bytes of every PNG.
const PNG_SIGNATURE: [u8; 8] = *b"\x89PNG\r\n\x1a\n";
/// The bytes of the header, and of each entry after it.
const HEADER: usize = 6;
const ENTRY: usize = 16;

/// Returns the largest picture of an icon if it is stored as PNG, with that format; otherwise the icon itself. The
/// `image` crate reads only icons whose PNGs have an alpha channel.
pub(super) fn unpack(bytes: &[u8]) -> (&[u8], ImageFormat) {
    let entries = bytes.get(HEADER..).unwrap_or_default().chunks_exact(ENTRY);
    let count = usize::from(u16::from_le_bytes([at(bytes, 4), at(bytes, 5)]));
    let largest = entries.take(count).max_by_key(|entry| {
        // A side of 256 pixels is stored as zero.
        let side = |side: u8| if side == 0 { 256 } else { u32::from(side) };
        side(entry[0]) * side(entry[1])
    });
    let content = largest.and_then(|entry| {
        let word =
            |start: usize| entry[start..start + 4].iter().rev().fold(0, |sum, &byte| sum << 8 | usize::from(byte));
        let (length, start) = (word(8), word(12));
        bytes.get(start..start.checked_add(length)?)
    });
    match content {
        Some(png) if png.starts_with(&PNG_SIGNATURE) => (png, ImageFormat::Png),
        _ => (bytes, ImageFormat::Ico),
    }
}

fn at(bytes: &[u8], index: usize) -> u8 {
    bytes.get(index).copied().unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_largest_picture_is_taken_and_damaged_icons_are_left_to_the_decoder() {
        let entry = |side: u8, length: u32, start: u32| {
            [&[side, side, 0, 0, 1, 0, 32, 0][..], &length.to_le_bytes(), &start.to_le_bytes()].concat()
        };
        let header = [0, 0, 1, 0, 2, 0];
        let png = [&PNG_SIGNATURE[..], b" and so on"].concat();
        let icon = [&header[..], &entry(16, 4, 38), &entry(0, 18, 42), b"\0\0\0\0", &png].concat();
        assert_eq!(unpack(&icon), (&png[..], ImageFormat::Png));
        for wrong in [entry(0, 18, u32::MAX), entry(0, u32::MAX, 42), entry(0, 19, 42)] {
            let icon = [&header[..], &entry(16, 4, 38), &wrong, b"\0\0\0\0", &png].concat();
            assert_eq!(unpack(&icon), (&icon[..], ImageFormat::Ico));
        }
        for end in 0..icon.len() {
            assert_eq!(unpack(&icon[..end]).1, ImageFormat::Ico, "{end}");
        }
    }
}
