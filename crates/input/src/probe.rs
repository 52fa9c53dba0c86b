//! Checks of an image file before it is decoded: its format, its size and whether it is animated.
//!
//! A small file can claim more pixels than there is memory for, and a browser may try to decode it. The claim is
//! therefore checked first.

use imagesize::{Compression, ImageError, ImageType, blob_size, image_type};

use super::error::InputError;
use super::foreign::foreign_format;
use super::limits::{MAX_BYTES, MAX_PIXELS, MAX_RATIO};

/// The number of bytes at the start of a file in which its size is found, unless large metadata comes before it.
pub const HEAD_BYTES: usize = 1 << 20;

/// The properties that an image file claims.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ImageHeader {
    /// The name of its format.
    pub format: &'static str,
    /// Columns, in pixels, before any rotation that its metadata asks for.
    pub width: usize,
    /// Rows, in pixels, before any such rotation.
    pub height: usize,
    /// True if it has more than one frame, as far as its first bytes tell.
    pub animated: bool,
}

/// Reads the properties of an image file from its first bytes. `head` is the first [`HEAD_BYTES`] of the file or all of
/// it, `length` the length of the whole file in bytes, and `name` its name for error messages.
///
/// # Errors
/// [`InputError::TooLong`], [`InputError::Empty`], [`InputError::OtherFormat`], [`InputError::NotAnImage`], or an error
/// of [`check_size`]. [`InputError::Damaged`] if the size is not found in `head`; more bytes of the file may still
/// contain it.
pub fn probe_image(name: &str, head: &[u8], length: u64) -> Result<ImageHeader, InputError> {
    if length > MAX_BYTES {
        return Err(InputError::TooLong { name: name.to_owned(), megabytes: length.div_ceil(1 << 20) });
    }
    if length == 0 {
        return Err(InputError::Empty { name: name.to_owned() });
    }
    let not_known = || match foreign_format(head) {
        Some(format) => InputError::OtherFormat { name: name.to_owned(), format },
        None => InputError::NotAnImage { name: name.to_owned() },
    };
    let kind = image_type(head).map_err(|_| not_known())?;
    let format = format_name(kind).ok_or_else(not_known)?;
    let size = blob_size(head).map_err(|error| match (kind, error) {
        // Videos begin as these images do.
        (ImageType::Heif(Compression::Unknown), _) | (_, ImageError::NotSupported) => not_known(),
        _ => InputError::Damaged { name: name.to_owned(), format },
    })?;
    // A BMP with its rows from top to bottom has a negative height.
    let height =
        if kind == ImageType::Bmp { (size.height as u32).cast_signed().unsigned_abs() as usize } else { size.height };
    check_size(name, size.width, height)?;
    let animated = match kind {
        ImageType::Gif => has_two_frames(head),
        ImageType::Png => png_frames(head) > 1,
        ImageType::Webp => head.get(12..16) == Some(b"VP8X") && head.get(20).is_some_and(|flags| flags & 2 != 0),
        ImageType::Heif(_) => head.get(8..12) == Some(b"avis"),
        _ => false,
    };
    Ok(ImageHeader { format, width: size.width, height, animated })
}

/// Checks that an image of this size can be shown. `name` is for error messages.
///
/// # Errors
/// [`InputError::NoPixels`], [`InputError::TooManyPixels`] or [`InputError::TooNarrow`].
pub fn check_size(name: &str, width: usize, height: usize) -> Result<(), InputError> {
    let name = || name.to_owned();
    if width == 0 || height == 0 {
        return Err(InputError::NoPixels { name: name(), width, height });
    }
    if width.checked_mul(height).is_none_or(|pixels| pixels > MAX_PIXELS) {
        return Err(InputError::TooManyPixels { name: name(), width, height });
    }
    if width.max(height) > MAX_RATIO * width.min(height) {
        return Err(InputError::TooNarrow { name: name(), width, height });
    }
    Ok(())
}

/// Returns the common name of a format, or `None` for formats that browsers do not decode.
fn format_name(kind: ImageType) -> Option<&'static str> {
    Some(match kind {
        ImageType::Bmp => "BMP",
        ImageType::Gif => "GIF",
        ImageType::Heif(Compression::Av1) => "AVIF",
        ImageType::Heif(_) => "HEIC",
        ImageType::Ico => "ICO",
        ImageType::Jpeg => "JPEG",
        ImageType::Png => "PNG",
        ImageType::Webp => "WebP",
        _ => return None,
    })
}

/// Returns the number of frames that an animated PNG declares, or 1 for a plain PNG.
fn png_frames(head: &[u8]) -> u32 {
    let mut rest = head.get(8..).unwrap_or_default();
    // A chunk is its length, its name, its content and a checksum of four bytes. The chunk with the number of frames
    // comes before the pixels.
    while let Some((start, content)) = rest.split_first_chunk::<8>() {
        let [a, b, c, d, name @ ..] = *start;
        match &name {
            b"IDAT" => break,
            b"acTL" => return content.first_chunk().map_or(1, |&frames| u32::from_be_bytes(frames)),
            _ => {}
        }
        let length = u32::from_be_bytes([a, b, c, d]) as usize;
        rest = content.get(length.saturating_add(4)..).unwrap_or_default();
    }
    1
}

/// Returns whether a second frame of a GIF begins in `head`.
fn has_two_frames(head: &[u8]) -> bool {
    // The size of a colour table in bytes, from the flags before it. Each colour has three bytes.
    let table = |flags: u8| if flags & 0x80 != 0 { 3 << ((flags & 7) + 1) } else { 0 };
    let Some(&flags) = head.get(10) else { return false };
    let mut at = 13 + table(flags);
    let mut frames = 0;
    while let Some(&block) = head.get(at) {
        at += match block {
            // An extension has its kind and then data blocks.
            0x21 => 2,
            // A frame has nine bytes for its position and size, an optional colour table, one byte for the compression,
            // and then data blocks.
            0x2c => {
                frames += 1;
                let Some(&flags) = head.get(at + 9) else { break };
                11 + table(flags)
            }
            _ => break,
        };
        if frames > 1 {
            break;
        }
        // Each data block begins with its length. A block of length zero is the last.
        while let Some(&length) = head.get(at) {
            at += 1 + usize::from(length);
            if length == 0 {
                break;
            }
        }
    }
    frames > 1
}

#[cfg(test)]
mod tests {
    use super::*;

    fn look(head: &[u8]) -> Result<ImageHeader, InputError> {
        probe_image("it", head, head.len() as u64)
    }

    fn chunk(name: &[u8; 4], content: &[u8]) -> Vec<u8> {
        [&(content.len() as u32).to_be_bytes(), name.as_slice(), content, &[0; 4]].concat()
    }

    fn png(width: u32, height: u32, more: &[u8]) -> Vec<u8> {
        let size = [width.to_be_bytes(), height.to_be_bytes()].concat();
        [b"\x89PNG\r\n\x1a\n".as_slice(), &chunk(b"IHDR", &[size.as_slice(), &[8, 2, 0, 0, 0]].concat()), more].concat()
    }

    fn jpeg(width: u16, height: u16, metadata: usize) -> Vec<u8> {
        let mut bytes = vec![0xff, 0xd8, 0xff, 0xe1];
        bytes.extend((metadata as u16 + 2).to_be_bytes());
        bytes.extend(vec![0; metadata]);
        bytes.extend([0xff, 0xc0, 0, 17, 8]);
        bytes.extend([height.to_be_bytes(), width.to_be_bytes()].concat());
        bytes
    }

    /// Returns a GIF with a table of two colours and this number of frames.
    fn gif(frames: usize) -> Vec<u8> {
        let mut bytes = b"GIF89a\x05\0\x03\0\x80\0\0".to_vec();
        bytes.extend([0; 6]);
        bytes.extend(b"\x21\xff\x0bNETSCAPE2.0\x03\x01\0\0\0");
        for _ in 0..frames {
            bytes.extend(b"\x21\xf9\x04\0\0\0\0\0");
            bytes.extend(b"\x2c\0\0\0\0\x05\0\x03\0\x80");
            bytes.extend([0; 6]);
            bytes.extend(b"\x02\x03abc\x01d\0");
        }
        bytes.push(0x3b);
        bytes
    }

    fn webp(flags: u8) -> Vec<u8> {
        [b"RIFF\x20\0\0\0WEBPVP8X\x0a\0\0\0".as_slice(), &[flags, 0, 0, 0, 4, 0, 0, 2, 0, 0]].concat()
    }

    #[test]
    fn formats_and_sizes() {
        let said = |bytes: &[u8]| look(bytes).map(|p| (p.format, p.width, p.height, p.animated));
        assert_eq!(said(&png(640, 480, &[])), Ok(("PNG", 640, 480, false)));
        assert_eq!(said(&jpeg(640, 480, 1000)), Ok(("JPEG", 640, 480, false)));
        assert_eq!(said(&gif(1)), Ok(("GIF", 5, 3, false)));
        assert_eq!(said(&webp(0)), Ok(("WebP", 5, 3, false)));
        let mut bmp = vec![0; 26];
        bmp[..2].copy_from_slice(b"BM");
        bmp[18..22].copy_from_slice(&7_i32.to_le_bytes());
        bmp[22..26].copy_from_slice(&(-9_i32).to_le_bytes());
        assert_eq!(said(&bmp), Ok(("BMP", 7, 9, false)));
    }

    #[test]
    fn animated_images_are_recognized() {
        assert!(look(&gif(2)).expect("should be a GIF").animated);
        let cut = look(&gif(2)[..30]).expect("should be a GIF");
        assert!(!cut.animated, "should not know of a second frame beyond the bytes that were read");
        assert!(!cut.animated);
        assert!(look(&webp(2)).expect("should be a WebP").animated);
        let frames = |count: u32| chunk(b"acTL", &[count.to_be_bytes(), [0; 4]].concat());
        assert!(look(&png(8, 8, &frames(2))).expect("should be a PNG").animated);
        assert!(!look(&png(8, 8, &frames(1))).expect("should be a PNG").animated);
        let late = [chunk(b"IDAT", &[]), frames(2)].concat();
        assert!(!look(&png(8, 8, &late)).expect("should be a PNG").animated);
    }

    #[test]
    fn files_that_are_no_images_are_refused() {
        for bytes in [b"GIF".as_slice(), b"notes on a picture", b"<!doctype html>"] {
            assert!(matches!(look(bytes), Err(InputError::NotAnImage { .. })), "{bytes:?}");
        }
        for (bytes, name) in [(b"<svg xmlns='http://www.w3.org/2000/svg'/>".as_slice(), "SVG"), (b"%PDF-1.7", "PDF")] {
            let other = InputError::OtherFormat { name: "it".to_owned(), format: name };
            assert_eq!(look(bytes), Err(other), "{bytes:?}");
        }
        assert_eq!(look(b""), Err(InputError::Empty { name: "it".to_owned() }));
        let film = [b"\0\0\0\x18ftypmp42\0\0\0\0".as_slice(), &[0; 64]].concat();
        assert!(matches!(look(&film), Err(InputError::NotAnImage { .. })));
    }

    #[test]
    fn damaged_images_are_refused() {
        for bytes in [&png(8, 8, &[])[..18], &jpeg(8, 8, 500)[..100], b"\xff\xd8\xff\xe0\0\0\0\0\0\0\0\0\0\0"] {
            assert!(matches!(look(bytes), Err(InputError::Damaged { .. })), "{bytes:?}");
        }
    }

    #[test]
    fn images_beyond_the_limits_are_refused() {
        assert!(matches!(look(&png(0, 5, &[])), Err(InputError::NoPixels { width: 0, height: 5, .. })));
        assert!(matches!(look(&png(u32::MAX, u32::MAX, &[])), Err(InputError::TooManyPixels { .. })));
        assert!(matches!(look(&jpeg(7_072, 7_071, 0)), Err(InputError::TooManyPixels { .. })));
        assert!(look(&jpeg(7_071, 7_071, 0)).is_ok());
        assert!(matches!(look(&png(2_001, 100, &[])), Err(InputError::TooNarrow { .. })));
        assert!(look(&png(100, 2_000, &[])).is_ok());
        let long = probe_image("it", &png(8, 8, &[]), MAX_BYTES + 1).expect_err("should be too long");
        assert!(long.to_string().contains("65 MB"), "{long}");
    }

    #[test]
    fn truncated_heads_with_filler_do_not_panic() {
        let starts = [png(8, 8, &chunk(b"tEXt", b"hello")), jpeg(8, 8, 9), gif(2), webp(2)];
        for start in starts {
            for end in 0..=start.len() {
                for filler in [0, 1, 0x21, 0x2c, 0x80, 0xff] {
                    let bytes = [&start[..end], &[filler; 40]].concat();
                    // Any result is fine: the test is that there is no panic.
                    let _ = look(&bytes);
                }
            }
        }
    }
}
