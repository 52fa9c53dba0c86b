//! Pictures from files, as the network takes them.

use std::io::Cursor;
use std::path::Path;

use super::error::{CliError, read};
use crate::net::Graph;
use crate::train::{DIGIT_PIXELS, DIGIT_SIDE, FIELD_PIXELS, FIELD_SIDE, centred, picture, read_images};

/// The most bytes of a picture's file.
const MOST_FILE_BYTES: u64 = 64 << 20;
/// The longest side of a picture, in pixels.
const LONGEST_SIDE: u32 = 8192;
/// What every PNG begins with.
const PNG_MARK: [u8; 8] = [0x89, b'P', b'N', b'G', 0x0D, 0x0A, 0x1A, 0x0A];

/// How a picture of another size becomes one of the network's.
#[derive(Debug, Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
pub(super) enum Resample {
    /// The pixel nearest to each pixel's centre
    Nearest,
}

/// A grey picture, 0 for paper and 255 for ink, row by row.
struct Grey {
    width: usize,
    height: usize,
    pixels: Vec<u8>,
}

/// The input of `graph` (CHW) from picture `index` of an IDX file, or from a PNG (white on black, as MNIST is).
pub(super) fn load(graph: &Graph, path: &Path, index: usize, resample: Option<Resample>) -> Result<Vec<f32>, CliError> {
    if graph.input.shape.elements() != FIELD_PIXELS {
        return Err(CliError::Argument(format!("{} takes no digits", graph.name)));
    }
    let mut field = vec![0.0; FIELD_PIXELS];
    let bytes = read(path, MOST_FILE_BYTES)?;
    if bytes.starts_with(&PNG_MARK) {
        let fault = |reason: String| CliError::Picture { path: path.display().to_string(), reason };
        place(&decode(&bytes).map_err(fault)?, resample, &mut field).map_err(fault)?;
    } else {
        let pixels = read_images(path)?;
        let image = pixels.chunks_exact(DIGIT_PIXELS).nth(index).ok_or_else(|| {
            let count = pixels.len() / DIGIT_PIXELS;
            CliError::Argument(format!("there is no picture {index} among {count}; count --index from 0"))
        })?;
        centred(image, &mut field);
    }
    picture(graph, &mut field);
    Ok(field)
}

/// A picture in the field: 28x28 with a margin, 32x32 as it is, others resampled to 32x32.
fn place(grey: &Grey, resample: Option<Resample>, field: &mut [f32]) -> Result<(), String> {
    let Grey { width, height, pixels } = grey;
    match (*width, *height, resample) {
        (DIGIT_SIDE, DIGIT_SIDE, _) => centred(pixels, field),
        (FIELD_SIDE, FIELD_SIDE, _) | (_, _, Some(Resample::Nearest)) => {
            // The pixel under the centre: floor((y + 0.5) * height / side).
            let from = |at: usize, side: usize| (2 * at + 1) * side / (2 * FIELD_SIDE);
            for (i, ink) in field.iter_mut().enumerate() {
                let (y, x) = (from(i / FIELD_SIDE, *height), from(i % FIELD_SIDE, *width));
                *ink = f32::from(pixels[y * width + x]) / 255.0;
            }
        }
        _ => return Err(format!("it is {width}x{height}, not 28x28 or 32x32; add --resample nearest")),
    }
    Ok(())
}

/// A PNG as grey, its size looked at before anything is decoded. Colours become luma (Rec. 601); transparency is
/// passed over.
fn decode(bytes: &[u8]) -> Result<Grey, String> {
    let limits = png::Limits { bytes: MOST_FILE_BYTES as usize };
    let mut decoder = png::Decoder::new_with_limits(Cursor::new(bytes), limits);
    decoder.set_transformations(png::Transformations::normalize_to_color8());
    let mut reader = decoder.read_info().map_err(|e| e.to_string())?;
    let (width, height) = reader.info().size();
    if width == 0 || height == 0 || width > LONGEST_SIDE || height > LONGEST_SIDE {
        return Err(format!("it is {width}x{height}, and a side may be 1 to {LONGEST_SIDE}"));
    }
    let size = reader.output_buffer_size().ok_or("it is too large")?;
    let mut buffer = vec![0; size];
    let frame = reader.next_frame(&mut buffer).map_err(|e| e.to_string())?;
    let channels = frame.color_type.samples();
    let pixels = buffer[..frame.buffer_size()]
        .chunks_exact(channels)
        .map(|pixel| match pixel {
            [grey] | [grey, _] => *grey,
            [red, green, blue, ..] => {
                let luma = 299 * u32::from(*red) + 587 * u32::from(*green) + 114 * u32::from(*blue);
                (luma / 1000) as u8
            }
            [] => 0,
        })
        .collect();
    Ok(Grey { width: width as usize, height: height as usize, pixels })
}
