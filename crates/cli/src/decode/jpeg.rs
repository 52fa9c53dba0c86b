//! Decodes JPEG, with colours as libjpeg reads them.
//!
//! A JPEG says only indirectly how its colours are stored: by a JFIF segment, an Adobe segment, or the names of its
//! components. Decoders weigh these differently. libjpeg's rule (`default_decompress_parms` in its `jdapimin.c`) is
//! applied here, and its result is written into the one segment that the decoder obeys.

use image::metadata::Orientation;
use image::{DynamicImage, RgbImage};
use zune_jpeg::JpegDecoder;
use zune_jpeg::zune_core::bytestream::ZCursor;
use zune_jpeg::zune_core::colorspace::ColorSpace;
use zune_jpeg::zune_core::options::DecoderOptions;

/// The largest width or height that a JPEG can state. The number of pixels is checked before.
const MAX_SIDE_PX: usize = 65_535;

/// Decodes a JPEG to RGB. Returns it as stored, and how it is to be turned.
pub(super) fn decode(bytes: &[u8]) -> Result<(DynamicImage, Orientation), String> {
    let stated = with_stated_colours(bytes);
    let options = DecoderOptions::default()
        .jpeg_set_out_colorspace(ColorSpace::RGB)
        .set_max_width(MAX_SIDE_PX)
        .set_max_height(MAX_SIDE_PX);
    let mut decoder = JpegDecoder::new_with_options(ZCursor::new(stated.as_deref().unwrap_or(bytes)), options);
    let rgb = decoder.decode().map_err(|e| e.to_string())?;
    let (width, height) = decoder.dimensions().ok_or("it has no size")?;
    let orientation = decoder.exif().and_then(|exif| Orientation::from_exif_chunk(exif));
    let size = |side: usize| u32::try_from(side).map_err(|e| e.to_string());
    let image = RgbImage::from_raw(size(width)?, size(height)?, rgb).ok_or("it has too few pixels")?;
    Ok((image.into(), orientation.unwrap_or(Orientation::NoTransforms)))
}

/// The transform of an Adobe segment: how the components of a JPEG become colours.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Transform {
    /// RGB, or CMYK.
    None = 0,
    YCbCr = 1,
    /// CMYK whose first three components are stored as YCbCr.
    Ycck = 2,
}

/// Returns the file with a single Adobe segment, which states the colours that libjpeg reads. Returns `None` if the
/// file has neither three nor four components, or if its header is damaged.
fn with_stated_colours(bytes: &[u8]) -> Option<Vec<u8>> {
    let (mut jfif, mut adobe, mut components) = (false, None, None);
    let mut kept = bytes.get(..2)?.to_vec();
    let mut at = 2;
    loop {
        let segment = Segment::at(bytes, at)?;
        let is_adobe = segment.marker == 0xee && segment.content.len() >= 12 && segment.content.starts_with(b"Adobe");
        match segment.marker {
            0xe0 if segment.content.len() >= 14 && segment.content.starts_with(b"JFIF\0") => jfif = true,
            0xee if is_adobe => adobe = Some(segment.content[11]),
            // The frame: precision, height, width, the number of components, and three bytes for each.
            0xc0..=0xcf if !matches!(segment.marker, 0xc4 | 0xc8 | 0xcc) => {
                components = segment.content.get(6..).map(|rest| rest.iter().step_by(3).copied().collect::<Vec<u8>>());
            }
            // The first scan, which ends the header.
            0xda => break,
            _ => {}
        }
        if !is_adobe {
            kept.extend(&bytes[at..segment.end]);
        }
        at = segment.end;
    }
    let transform = libjpeg_transform(&components?, jfif, adobe)?;
    let mut stated = vec![0xff, 0xee, 0, 14];
    stated.extend(b"Adobe\0\x64\0\0\0\0");
    stated.push(transform as u8);
    kept.splice(2..2, stated);
    kept.extend(&bytes[at..]);
    Some(kept)
}

/// Returns how libjpeg reads the colours of components with these names. `adobe` is the transform of an Adobe segment.
fn libjpeg_transform(names: &[u8], jfif: bool, adobe: Option<u8>) -> Option<Transform> {
    match (names, adobe) {
        ([_, _, _], _) if jfif => Some(Transform::YCbCr),
        ([_, _, _], Some(0)) => Some(Transform::None),
        ([_, _, _], None) if names == b"RGB" => Some(Transform::None),
        ([_, _, _], _) => Some(Transform::YCbCr),
        ([_, _, _, _], None | Some(0)) => Some(Transform::None),
        ([_, _, _, _], Some(_)) => Some(Transform::Ycck),
        _ => None,
    }
}

/// A segment of the header.
struct Segment<'a> {
    marker: u8,
    content: &'a [u8],
    /// The place after it.
    end: usize,
}

impl<'a> Segment<'a> {
    /// Returns the segment that begins at `at`, or `None` if there is none.
    fn at(bytes: &'a [u8], at: usize) -> Option<Self> {
        let rest = bytes.get(at..)?;
        // A marker may begin with several bytes of 0xFF.
        let name = rest.iter().position(|&byte| byte != 0xff).filter(|fill| *fill > 0)?;
        let length = usize::from(u16::from_be_bytes([*rest.get(name + 1)?, *rest.get(name + 2)?]));
        let content = rest.get(name + 3..name + 1 + length)?;
        Some(Self { marker: rest[name], content, end: at + name + 1 + length })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn colours_are_those_of_libjpeg() {
        let three = |names: &[u8], jfif, adobe| libjpeg_transform(names, jfif, adobe);
        // JFIF wins over Adobe, and Adobe over the names.
        assert_eq!(three(&[1, 2, 3], true, Some(0)), Some(Transform::YCbCr));
        assert_eq!(three(b"RGB", true, None), Some(Transform::YCbCr));
        assert_eq!(three(&[1, 2, 3], false, Some(0)), Some(Transform::None));
        assert_eq!(three(b"RGB", false, Some(1)), Some(Transform::YCbCr));
        assert_eq!(three(b"RGB", false, None), Some(Transform::None));
        assert_eq!(three(&[0, 1, 2], false, None), Some(Transform::YCbCr));
        assert_eq!(three(&[1, 2, 3, 4], true, None), Some(Transform::None));
        assert_eq!(three(b"CMYK", false, Some(0)), Some(Transform::None));
        assert_eq!(three(&[1, 2, 3, 4], false, Some(2)), Some(Transform::Ycck));
        assert_eq!(three(&[1], false, Some(0)), None);
    }

    #[test]
    fn damaged_headers_are_left_to_the_decoder() {
        let jpeg: &[u8] = include_bytes!("../../../../tests/fixtures/pictures/jfif-adobe.jpg");
        let stated = with_stated_colours(jpeg).expect("should have a header");
        // One Adobe segment goes and another comes.
        assert_eq!(stated.len(), jpeg.len());
        assert_eq!(stated.windows(5).filter(|five| five == b"Adobe").count(), 1);
        for end in 0..600 {
            let _ = with_stated_colours(&jpeg[..end]);
        }
        assert_eq!(with_stated_colours(&[0xff, 0xd8, 0xff, 0xe0, 0, 1, 0, 0]), None);
        assert_eq!(with_stated_colours(&[0xff, 0xd8, 0xff, 0xff]), None);
    }
}
