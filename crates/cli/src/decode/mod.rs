//! Decodes the pictures that browsers show, and TIFF and PNM. The format, the size and the end of a file are checked
//! before its pixels are decoded.
//!
//! The result is what Pillow reads from the file, turned as EXIF says and with transparent parts on white. Colour
//! profiles are ignored, as torchvision does.

mod icon;
mod jpeg;

use std::io::Cursor;

use image::metadata::Orientation;
use image::{DynamicImage, ImageDecoder, ImageFormat, ImageReader, Limits};

use super::error::CliError;
use input::{InputError, Paper, Photo, check_size, check_whole, probe_image};

/// The most bytes that a decoder may allocate: enough for the largest picture with 16 bits per channel.
const MAX_DECODED_BYTES: u64 = 512 << 20;

/// A decoded picture.
#[derive(Debug)]
pub(super) struct Decoded {
    pub(super) photo: Photo,
    /// The colour that transparent parts got, if there are any.
    pub(super) paper: Option<Paper>,
}

/// The formats that are decoded.
enum Format {
    Jpeg,
    Other(ImageFormat),
}

/// Decodes a picture to RGB. `path` is the name of its file in errors.
///
/// # Errors
/// [`CliError::Input`] if the file is no picture, is cut off, has another format or is too large; [`CliError::Picture`]
/// if its decoder fails.
pub(super) fn photo(path: &str, bytes: &[u8]) -> Result<Decoded, CliError> {
    let (bytes, format) = match format_of(path, bytes)? {
        Format::Other(ImageFormat::Ico) => {
            let (bytes, format) = icon::unpack(bytes);
            (bytes, Format::Other(format))
        }
        format => (bytes, format),
    };
    check_whole(path, bytes)?;
    let undecoded = |reason: String| CliError::Picture {
        path: path.to_owned(),
        reason: format!("it cannot be decoded: {reason}; save it again as PNG or JPEG"),
    };
    let (mut image, orientation) = match format {
        Format::Jpeg => jpeg::decode(bytes).map_err(undecoded)?,
        Format::Other(format) => decode(path, bytes, format)?.map_err(|error| undecoded(error.to_string()))?,
    };
    image.apply_orientation(orientation);
    let (width, height) = (image.width() as usize, image.height() as usize);
    let too_few = || undecoded("it has too few pixels".to_owned());
    if image.color().has_alpha() {
        let (photo, paper) = Photo::over_paper(width, height, &image.into_rgba8()).ok_or_else(too_few)?;
        return Ok(Decoded { photo, paper });
    }
    let photo = Photo::new(width, height, image.into_rgb8().into_raw()).ok_or_else(too_few)?;
    Ok(Decoded { photo, paper: None })
}

/// Returns the format of a file after checks of its header.
fn format_of(path: &str, bytes: &[u8]) -> Result<Format, InputError> {
    match bytes {
        [b'I', b'I', b'*', 0, ..] | [b'M', b'M', 0, b'*', ..] => return Ok(Format::Other(ImageFormat::Tiff)),
        [b'P', b'1'..=b'6', next, ..] if next.is_ascii_whitespace() => return Ok(Format::Other(ImageFormat::Pnm)),
        _ => {}
    }
    let header = probe_image(path, bytes, bytes.len() as u64)?;
    Ok(match header.format {
        "JPEG" => Format::Jpeg,
        "PNG" => Format::Other(ImageFormat::Png),
        "GIF" => Format::Other(ImageFormat::Gif),
        "WebP" => Format::Other(ImageFormat::WebP),
        "BMP" => Format::Other(ImageFormat::Bmp),
        "ICO" => Format::Other(ImageFormat::Ico),
        format => return Err(InputError::OtherFormat { name: path.to_owned(), format }),
    })
}

/// Decodes a file of a format other than JPEG. Of several pictures in the file, it decodes the first. The outer error
/// is about the size, and the inner one is that of the decoder.
fn decode(
    path: &str,
    bytes: &[u8],
    format: ImageFormat,
) -> Result<image::ImageResult<(DynamicImage, Orientation)>, InputError> {
    let mut reader = ImageReader::with_format(Cursor::new(bytes), format);
    let mut limits = Limits::default();
    limits.max_alloc = Some(MAX_DECODED_BYTES);
    reader.limits(limits);
    let mut decoder = match reader.into_decoder() {
        Ok(decoder) => decoder,
        Err(error) => return Ok(Err(error)),
    };
    // The checks of the header do not know the size of every format.
    let (width, height) = decoder.dimensions();
    check_size(path, width as usize, height as usize)?;
    let orientation = decoder.orientation().unwrap_or(Orientation::NoTransforms);
    Ok(DynamicImage::from_decoder(decoder).map(|image| (image, orientation)))
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use serde_json::Value;

    use super::*;

    const JPEG: &[u8] = include_bytes!("../../../../tests/fixtures/cifar10-cat.jpg");

    fn fixture(name: &str) -> Vec<u8> {
        let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../tests/fixtures/pictures");
        std::fs::read(folder.join(name)).unwrap_or_else(|error| panic!("{name}: {error}"))
    }

    fn refusal(name: &str, bytes: &[u8]) -> String {
        photo(name, bytes).expect_err("should be refused").to_string()
    }

    /// Compares with libjpeg-turbo, which decodes PyTorch's pictures. Decoders may differ in rounding.
    #[test]
    fn a_jpeg_is_decoded_as_by_libjpeg_turbo() {
        let decoded = photo("it", JPEG).expect("should be readable").photo;
        assert_eq!((decoded.width(), decoded.height()), (32, 32));
        let theirs: &[u8] = include_bytes!("../../../../tests/fixtures/cifar10-cat.rgb");
        let ours = (0..32 * 32).flat_map(|place| decoded.pixel(place / 32, place % 32));
        let apart: Vec<u8> = ours.zip(theirs).map(|(a, b)| a.abs_diff(*b)).collect();
        let mean = apart.iter().map(|&one| f64::from(one)).sum::<f64>() / apart.len() as f64;
        assert!(apart.iter().max() <= Some(&3) && mean < 0.5, "{:?} at most, {mean} on average", apart.iter().max());
    }

    /// Every format, with the pixels that Pillow reads (`tests/fixtures/pictures/make.py`).
    #[test]
    fn every_format_has_the_pixels_that_pillow_reads() {
        let known: Value = serde_json::from_slice(&fixture("pixels.json")).expect("should be JSON");
        let known = known.as_object().expect("should be an object");
        assert!(known.len() > 30, "{}", known.len());
        let mut worst = Vec::new();
        for (name, entry) in known {
            let photo = photo(name, &fixture(name)).unwrap_or_else(|error| panic!("{error}")).photo;
            let (width, height) = (photo.width(), photo.height());
            assert_eq!(entry["size"], serde_json::json!([width, height]), "{name}");
            let is_lossy = name.ends_with(".jpg") || name == "lossy.webp";
            let all = || (0..width * height).map(|at| photo.pixel(at / width, at % width));
            let pixels: Vec<[u8; 3]> = serde_json::from_value(entry["pixels"].clone()).expect("should be pixels");
            let apart = all().step_by(23).zip(&pixels).flat_map(|(ours, theirs)| {
                ours.into_iter().zip(theirs).map(|(ours, theirs)| ours.abs_diff(*theirs)).collect::<Vec<_>>()
            });
            let apart = apart.max().unwrap_or(u8::MAX);
            if apart > if is_lossy { 5 } else { 1 } {
                worst.push(format!("{name}: {apart}"));
            }
            let mean: [f64; 3] = serde_json::from_value(entry["mean"].clone()).expect("should be numbers");
            for (channel, theirs) in mean.into_iter().enumerate() {
                let ours = all().map(|pixel| f64::from(pixel[channel])).sum::<f64>() / (width * height) as f64;
                assert!((ours - theirs).abs() < 0.75, "{name}: the mean of channel {channel} is {ours}, not {theirs}");
            }
        }
        assert!(worst.is_empty(), "{worst:?}");
    }

    #[test]
    fn files_that_are_cut_off_are_refused() {
        for name in ["420.jpg", "progressive.jpg", "rgb.png", "interlaced.png", "lossy.webp", "one.gif"] {
            let bytes = fixture(name);
            let format = probe_image(name, &bytes, bytes.len() as u64).expect("should have a header").format;
            let says = format!(
                "{name} is cut off: the {format} ends before its picture does; download or copy the file again, or \
                 choose another"
            );
            assert_eq!(refusal(name, &bytes[..bytes.len() * 9 / 10]), says);
        }
        // The start of a second picture, or anything else, may follow the first.
        for name in ["420.jpg", "rgb.png"] {
            assert!(photo(name, &[fixture(name), vec![0; 4096]].concat()).is_ok());
        }
    }

    #[test]
    fn damaged_files_are_refused() {
        assert!(photo("it", &JPEG[..100]).is_err());
        assert!(refusal("notes.png", b"no picture").contains("is not an image that can be read here"));
        assert!(refusal("empty.png", b"").contains("empty.png is empty"));
        // A header that declares a picture above the limit: height and width follow the marker of the frame.
        let frame = JPEG.windows(2).position(|two| two == [0xFF, 0xC0]).expect("should have a frame");
        let mut huge = JPEG.to_vec();
        huge[frame + 5..frame + 9].copy_from_slice(&[0xFF, 0xFF, 0xFF, 0xFF]);
        assert!(refusal("huge.jpg", &huge).contains("65535 × 65535 pixels"));
        let mut narrow = fixture("plain.tif");
        let width = 48_u16.to_le_bytes();
        // The entry of the width: its tag, its type, a count of one, and the value.
        let entry = narrow.windows(4).position(|four| four[..2] == [0, 1] && [3, 4].contains(&four[2]));
        let value = entry.expect("should have a width") + 8;
        assert_eq!(narrow[value..value + 2], width);
        narrow[value..value + 2].copy_from_slice(&8000_u16.to_le_bytes());
        assert!(
            refusal("narrow.tif", &narrow).contains("networks read a square"),
            "{}",
            refusal("narrow.tif", &narrow)
        );
        // Chunks that are whole, but whose pixels are not.
        let png = fixture("rgb.png");
        let data = png.windows(4).position(|four| four == b"IDAT").expect("should have pixels");
        let mut wrong = png.clone();
        wrong[data + 12] ^= 0x55;
        assert!(refusal("wrong.png", &wrong).contains("it cannot be decoded"));
    }

    #[test]
    fn formats_that_are_not_read_are_named() {
        for (name, bytes, format) in [
            ("no.avif", fixture("no.avif"), "AVIF"),
            ("no.heic", fixture("no.heic"), "HEIC"),
            ("a.svg", b"<svg xmlns='http://www.w3.org/2000/svg'/>".to_vec(), "SVG"),
            ("a.jp2", b"\0\0\0\x0cjP  \r\n\x87\n".to_vec(), "JPEG 2000"),
        ] {
            let says = format!("{name} is a file of the format {format}, which cannot be read here");
            assert!(refusal(name, &bytes).starts_with(&says), "{}", refusal(name, &bytes));
        }
    }

    #[test]
    fn transparent_parts_are_white() {
        let decoded = photo("it", &fixture("rgba.png")).expect("should be readable");
        assert_eq!((decoded.paper, decoded.photo.pixel(0, 0)), (Some(Paper::White), [255; 3]));
        assert_eq!(photo("it", &fixture("rgb.png")).expect("should be readable").paper, None);
    }
}
