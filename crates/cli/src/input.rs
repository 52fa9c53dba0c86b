//! Reads pictures from files and converts them to the input of a network.

use std::path::Path;

use super::decode::{self, PNG_SIGNATURE};
use super::error::{CliError, read};
use input::Photo;
use net::{Graph, InputKind};
use train::{DIGIT_PIXELS, DIGIT_SIDE, FIELD_PIXELS, FIELD_SIDE, normalize_ink, read_images, write_centred};

/// The most bytes of a picture file.
const MAX_FILE_BYTES: u64 = 64 << 20;

/// How a picture of another size is resampled to the network's input size.
#[derive(Debug, Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
pub(super) enum Resample {
    /// The pixel nearest to each pixel's centre
    Nearest,
}

/// Reads the input of `graph` (`[channels, height, width]`) from a file.
///
/// A network of photos takes a PNG or a JPEG. A network of digits takes picture `index` of an IDX file, or a PNG that
/// is white on black as MNIST is.
pub(super) fn load(graph: &Graph, path: &Path, index: usize, resample: Option<Resample>) -> Result<Vec<f32>, CliError> {
    let bytes = read(path, MAX_FILE_BYTES)?;
    let fault = |reason: String| CliError::Picture { path: path.display().to_string(), reason };
    if matches!(graph.input.kind, InputKind::Photo { .. }) {
        return photo(graph, &decode::photo(&bytes).map_err(fault)?, resample).map_err(fault);
    }
    let mut field = vec![0.0; FIELD_PIXELS];
    if bytes.starts_with(&PNG_SIGNATURE) {
        place_digit(&decode::photo(&bytes).map_err(fault)?, resample, &mut field).map_err(fault)?;
    } else {
        let pixels = read_images(path)?;
        let image = pixels.chunks_exact(DIGIT_PIXELS).nth(index).ok_or_else(|| {
            let count = pixels.len() / DIGIT_PIXELS;
            CliError::Argument(format!("there is no picture {index} among {count}; count --index from 0"))
        })?;
        write_centred(image, &mut field);
    }
    normalize_ink(graph, &mut field);
    Ok(field)
}

/// Resamples and normalizes a photo to the input of `graph`.
fn photo(graph: &Graph, photo: &Photo, resample: Option<Resample>) -> Result<Vec<f32>, String> {
    let (_, height, width) = graph.input.shape.chw();
    let ready = match resample {
        Some(Resample::Nearest) => photo.nearest(width, height),
        None => photo.prepare(graph).map_err(|e| e.to_string())?,
    };
    ready.input(graph).ok_or_else(|| format!("it does not become {width}x{height}"))
}

/// Places a digit in the 32x32 field: 28x28 gets a margin, 32x32 is kept, and other sizes are resampled. Colours become
/// luma (Rec. 601).
fn place_digit(photo: &Photo, resample: Option<Resample>, field: &mut [f32]) -> Result<(), String> {
    let grey = |photo: &Photo| -> Vec<u8> {
        let pixels = (0..photo.height()).flat_map(|y| (0..photo.width()).map(move |x| (y, x)));
        let luma = |[red, green, blue]: [u8; 3]| {
            let weighed = 299 * u32::from(red) + 587 * u32::from(green) + 114 * u32::from(blue);
            (weighed / 1000) as u8
        };
        pixels.map(|(y, x)| luma(photo.pixel(y, x))).collect()
    };
    let fill = |photo: &Photo, field: &mut [f32]| {
        field.iter_mut().zip(grey(photo)).for_each(|(ink, byte)| *ink = f32::from(byte) / 255.0);
    };
    match (photo.width(), photo.height(), resample) {
        (DIGIT_SIDE, DIGIT_SIDE, _) => write_centred(&grey(photo), field),
        (FIELD_SIDE, FIELD_SIDE, _) => fill(photo, field),
        (_, _, Some(Resample::Nearest)) => fill(&photo.nearest(FIELD_SIDE, FIELD_SIDE), field),
        (width, height, None) => {
            return Err(format!("it is {width}x{height}, not 28x28 or 32x32; add --resample nearest"));
        }
    }
    Ok(())
}
