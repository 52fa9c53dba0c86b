//! Decodes PNG and JPEG files. The size of a picture is checked before its pixels are decoded.

use std::io::Cursor;

use zune_jpeg::JpegDecoder;
use zune_jpeg::zune_core::bytestream::ZCursor;
use zune_jpeg::zune_core::colorspace::ColorSpace;
use zune_jpeg::zune_core::options::DecoderOptions;

use input::Photo;

/// The largest width or height of a picture, in pixels.
const MAX_SIDE_PX: usize = 8192;
/// The most bytes that decoding a PNG may allocate besides the picture itself.
const MAX_DECODED_BYTES: usize = 64 << 20;
/// The first bytes of every PNG file.
pub(super) const PNG_SIGNATURE: [u8; 8] = [0x89, b'P', b'N', b'G', 0x0D, 0x0A, 0x1A, 0x0A];
/// The first bytes of every JPEG file.
const JPEG_SIGNATURE: [u8; 3] = [0xFF, 0xD8, 0xFF];

/// Decodes a PNG or a JPEG to RGB. Transparency and the EXIF orientation are ignored.
///
/// # Errors
/// Returns the reason if the bytes are neither format, are damaged, or hold a picture that is too large.
pub(super) fn photo(bytes: &[u8]) -> Result<Photo, String> {
    if bytes.starts_with(&JPEG_SIGNATURE) { jpeg(bytes) } else { png(bytes) }
}

fn check_size(width: usize, height: usize) -> Result<(), String> {
    let fit = 1..=MAX_SIDE_PX;
    if fit.contains(&width) && fit.contains(&height) {
        Ok(())
    } else {
        Err(format!("it is {width}x{height}, and a side may be 1 to {MAX_SIDE_PX}"))
    }
}

fn jpeg(bytes: &[u8]) -> Result<Photo, String> {
    let options = DecoderOptions::default()
        .jpeg_set_out_colorspace(ColorSpace::RGB)
        .set_max_width(MAX_SIDE_PX)
        .set_max_height(MAX_SIDE_PX);
    let mut decoder = JpegDecoder::new_with_options(ZCursor::new(bytes), options);
    let rgb = decoder.decode().map_err(|e| e.to_string())?;
    let (width, height) = decoder.dimensions().ok_or("it has no size")?;
    check_size(width, height)?;
    Photo::new(width, height, rgb).ok_or_else(|| "it has too few pixels".to_owned())
}

fn png(bytes: &[u8]) -> Result<Photo, String> {
    let limits = png::Limits { bytes: MAX_DECODED_BYTES };
    let mut decoder = png::Decoder::new_with_limits(Cursor::new(bytes), limits);
    decoder.set_transformations(png::Transformations::normalize_to_color8());
    let mut reader = decoder.read_info().map_err(|e| e.to_string())?;
    let (width, height) = reader.info().size();
    check_size(width as usize, height as usize)?;
    let size = reader.output_buffer_size().ok_or("it is too large")?;
    let mut buffer = vec![0; size];
    let frame = reader.next_frame(&mut buffer).map_err(|e| e.to_string())?;
    let channels = frame.color_type.samples();
    let rgb = buffer[..frame.buffer_size()]
        .chunks_exact(channels)
        .flat_map(|pixel| match pixel {
            [red, green, blue, ..] => [*red, *green, *blue],
            [grey, ..] => [*grey; 3],
            [] => [0; 3],
        })
        .collect();
    Photo::new(width as usize, height as usize, rgb).ok_or_else(|| "it has too few pixels".to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    const JPEG: &[u8] = include_bytes!("../../../tests/fixtures/cifar10-cat.jpg");

    /// Compares with libjpeg-turbo, which decodes PyTorch's pictures. Decoders may differ in rounding.
    #[test]
    fn a_jpeg_is_decoded_as_by_libjpeg_turbo() {
        let decoded = photo(JPEG).expect("should be readable");
        assert_eq!((decoded.width(), decoded.height()), (32, 32));
        let theirs: &[u8] = include_bytes!("../../../tests/fixtures/cifar10-cat.rgb");
        let ours = (0..32 * 32).flat_map(|place| decoded.pixel(place / 32, place % 32));
        let apart: Vec<u8> = ours.zip(theirs).map(|(a, b)| a.abs_diff(*b)).collect();
        let mean = apart.iter().map(|&one| f64::from(one)).sum::<f64>() / apart.len() as f64;
        assert!(apart.iter().max() <= Some(&3) && mean < 0.5, "{:?} at most, {mean} on average", apart.iter().max());
    }

    #[test]
    fn damaged_files_are_refused() {
        assert!(photo(&JPEG[..100]).is_err());
        assert!(photo(b"no picture").is_err());
        // A header that declares a picture above the limit: height and width follow the marker of the frame.
        let frame = JPEG.windows(2).position(|two| two == [0xFF, 0xC0]).expect("should have a frame");
        let mut huge = JPEG.to_vec();
        huge[frame + 5..frame + 9].copy_from_slice(&[0xFF, 0xFF, 0xFF, 0xFF]);
        assert!(photo(&huge).is_err());
    }
}
