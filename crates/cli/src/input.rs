//! Reads pictures from files and converts them to the input of a network.

use std::path::Path;

use super::decode::{self, Decoded};
use super::error::{CliError, read};
use super::output::note;
use input::{MAX_BYTES, Paper, Photo, is_paper_dark, luma};
use net::{Graph, InputKind};
use train::{DIGIT_PIXELS, DIGIT_SIDE, FIELD_PIXELS, FIELD_SIDE, is_emnist, normalize_ink, read_images, write_centred};

/// How a picture of another size is resampled to the network's input size.
#[derive(Debug, Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
pub(super) enum Resample {
    /// The pixel nearest to each pixel's centre
    Nearest,
}

/// Reads the input of `graph` (`[channels, height, width]`) from a file.
///
/// A network of photos takes a picture. A network of digits takes picture `index` of an IDX file, or a picture. What is
/// assumed about the file is said on standard error.
pub(super) fn load(graph: &Graph, path: &Path, index: usize, resample: Option<Resample>) -> Result<Vec<f32>, CliError> {
    let bytes = read(path, MAX_BYTES)?;
    let shown = path.display().to_string();
    let fault = |reason: String| CliError::Picture { path: shown.clone(), reason };
    if matches!(graph.input.kind, InputKind::Photo { .. }) {
        let decoded = decode::photo(&shown, &bytes)?;
        note_paper(&shown, &decoded);
        return photo(graph, &decoded.photo, resample).map_err(fault);
    }
    let mut field = vec![0.0; FIELD_PIXELS];
    if may_be_idx(&bytes) {
        let pixels = read_images(path)?;
        let image = pixels.chunks_exact(DIGIT_PIXELS).nth(index).ok_or_else(|| {
            let count = pixels.len() / DIGIT_PIXELS;
            CliError::Argument(format!("there is no picture {index} among {count}; count --index from 0"))
        })?;
        if is_emnist(path) {
            note(&shown, "EMNIST stores pictures column by column; they were turned upright");
        }
        write_centred(image, &mut field);
    } else {
        let decoded = decode::photo(&shown, &bytes)?;
        note_paper(&shown, &decoded);
        place_digit(&shown, &decoded.photo, resample, &mut field).map_err(fault)?;
    }
    normalize_ink(graph, &mut field);
    Ok(field)
}

/// Returns whether a file is for the reader of IDX files: such a file, compressed or not, or an archive that people
/// take for one.
fn may_be_idx(bytes: &[u8]) -> bool {
    matches!(bytes, [0, 0, 0x08..=0x0e, ..] | [0x1f, 0x8b, ..] | [b'P', b'K', 3, 4, ..] | [0x93, b'N', b'U', b'M', ..])
}

/// Says what the transparent parts of a picture became.
fn note_paper(path: &str, decoded: &Decoded) {
    match decoded.paper {
        Some(Paper::White) => note(path, "its transparent parts are white"),
        Some(Paper::Black) => note(path, "its transparent parts are black, because what is drawn on them is light"),
        None => {}
    }
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
/// luma (Rec. 601). Dark ink on light paper becomes light ink on dark paper, as MNIST has it.
fn place_digit(path: &str, photo: &Photo, resample: Option<Resample>, field: &mut [f32]) -> Result<(), String> {
    let nearest;
    let photo = match (photo.width(), photo.height(), resample) {
        (DIGIT_SIDE, DIGIT_SIDE, _) | (FIELD_SIDE, FIELD_SIDE, _) => photo,
        (_, _, Some(Resample::Nearest)) => {
            nearest = photo.nearest(FIELD_SIDE, FIELD_SIDE);
            &nearest
        }
        (width, height, None) => {
            return Err(format!("it is {width}x{height}, not 28x28 or 32x32; add --resample nearest"));
        }
    };
    let width = photo.width();
    let mut grey: Vec<u8> = (0..width * photo.height()).map(|at| luma(photo.pixel(at / width, at % width))).collect();
    let light: Vec<f32> = grey.iter().map(|&byte| f32::from(byte) / 255.0).collect();
    match is_paper_dark(&light, width) {
        Some(true) => {}
        Some(false) => {
            note(path, "its paper is light and its ink dark; both were exchanged, as MNIST has them");
            grey.iter_mut().for_each(|byte| *byte = 255 - *byte);
        }
        None => note(path, "its ink cannot be told from its paper; light pixels are taken as ink, as MNIST has them"),
    }
    if width == DIGIT_SIDE {
        write_centred(&grey, field);
    } else {
        field.iter_mut().zip(grey).for_each(|(ink, byte)| *ink = f32::from(byte) / 255.0);
    }
    Ok(())
}
