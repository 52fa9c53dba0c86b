//! Reads one IDX file: its type, its dimensions and its values.

use std::fs::File;
use std::io::{BufReader, Read};
use std::path::Path;

use flate2::read::GzDecoder;

use super::error::IdxError;
use super::files::is_emnist;

/// Rows and columns of a digit.
pub const DIGIT_SIDE: usize = 28;

/// Pixels of a digit.
pub const DIGIT_PIXELS: usize = DIGIT_SIDE * DIGIT_SIDE;

/// The most bytes that the header of a file may declare. The largest file of EMNIST's digits has 188 MB.
const MAX_BYTES: usize = 256 << 20;
/// The most dimensions of a file.
const MAX_DIMENSIONS: usize = 4;
/// The code of unsigned bytes.
const BYTES: u8 = 0x08;
/// The code of whole numbers of 32 bits.
const WORDS: u8 = 0x0c;

/// The header of an IDX file.
struct Header {
    /// The code of the type of its values.
    code: u8,
    dimensions: Vec<usize>,
}

/// Reads pictures of 28x28. Returns one byte per pixel, `[pictures, 28, 28]` row-major. The pictures of EMNIST, which
/// are stored column by column, are turned upright.
///
/// # Errors
/// Returns [`IdxError`] if the file cannot be read or is no IDX file of 28x28 pictures.
pub fn read_images(path: &Path) -> Result<Vec<u8>, IdxError> {
    let mut pixels = read(path, check_images)?;
    if is_emnist(path) {
        for digit in pixels.chunks_exact_mut(DIGIT_PIXELS) {
            for row in 0..DIGIT_SIDE {
                for column in 0..row {
                    digit.swap(row * DIGIT_SIDE + column, column * DIGIT_SIDE + row);
                }
            }
        }
    }
    Ok(pixels)
}

/// Reads labels, 0 to 9. QMNIST's labels are rows of whole numbers, and the first of each row is the digit.
///
/// # Errors
/// Returns [`IdxError`] if the file cannot be read or is no IDX file of such labels.
pub fn read_labels(path: &Path) -> Result<Vec<u8>, IdxError> {
    let mut row = 1;
    let mut is_words = false;
    let bytes = read(path, |header| {
        is_words = header.code == WORDS;
        row = header.dimensions.get(1).copied().unwrap_or(1);
        check_labels(header)
    })?;
    let labels: Vec<u32> = if is_words {
        let (words, _) = bytes.as_chunks::<4>();
        words.chunks_exact(row).map(|row| u32::from_be_bytes(row[0])).collect()
    } else {
        bytes.into_iter().map(u32::from).collect()
    };
    let digit = |label: u32| u8::try_from(label).ok().filter(|label| *label < 10).ok_or(label);
    labels.into_iter().map(digit).collect::<Result<_, _>>().map_err(|label| {
        let reason = format!("{label} is no digit; letters and other classes cannot be used");
        IdxError::Malformed { path: path.display().to_string(), reason }
    })
}

/// Checks that a file holds pictures of digits.
fn check_images(header: &Header) -> Result<(), String> {
    let sides = match header.dimensions.as_slice() {
        [_] => {
            return Err("it holds labels; name the file with the pictures, which has \"images\" in its name".to_owned());
        }
        [_, _] if header.code == WORDS => {
            return Err("it holds QMNIST's labels; name the file with the pictures".to_owned());
        }
        // Pictures as rows of pixels, and a single picture.
        [_, DIGIT_PIXELS] | [DIGIT_SIDE, DIGIT_SIDE] => [DIGIT_SIDE; 2],
        [_, height, width] => [*height, *width],
        dimensions => {
            let shape = dimensions.iter().map(usize::to_string).collect::<Vec<_>>().join("x");
            return Err(format!("its dimensions are {shape}; grey digits of 28x28 are Nx28x28"));
        }
    };
    if header.code != BYTES {
        let kind = type_name(header.code);
        return Err(format!("it holds {kind}; store its pixels as unsigned bytes, 0 for paper and 255 for ink"));
    }
    match sides {
        [DIGIT_SIDE, DIGIT_SIDE] => Ok(()),
        [height, width] => Err(format!("its pictures are {height}x{width}; scale them to 28x28 as MNIST's are")),
    }
}

/// Checks that a file holds labels.
fn check_labels(header: &Header) -> Result<(), String> {
    match (header.code, header.dimensions.as_slice()) {
        (BYTES | WORDS, [_]) => Ok(()),
        (WORDS, [_, columns]) if *columns > 0 => Ok(()),
        (_, [_, _, _, ..]) => Err("it holds pictures; name the file with the labels".to_owned()),
        (code, _) => Err(format!("it holds {}; labels are unsigned bytes", type_name(code))),
    }
}

/// Returns the name of a type of values.
fn type_name(code: u8) -> &'static str {
    match code {
        BYTES => "unsigned bytes",
        0x09 => "signed bytes",
        0x0b => "whole numbers of 16 bits",
        WORDS => "whole numbers of 32 bits",
        0x0d => "floats of 32 bits",
        0x0e => "floats of 64 bits",
        _ => "values of an unknown type",
    }
}

/// Reads the bytes of an IDX file whose header passes `check`.
fn read(path: &Path, check: impl FnOnce(&Header) -> Result<(), String>) -> Result<Vec<u8>, IdxError> {
    let unreadable = |reason| IdxError::Unreadable { path: path.display().to_string(), reason };
    let mut head = [0; 2];
    let gzip = {
        let mut file = File::open(path).map_err(unreadable)?;
        file.read_exact(&mut head).is_ok() && head == [0x1f, 0x8b]
    };
    let mut file = BufReader::new(File::open(path).map_err(unreadable)?);
    let result = if gzip { read_body(&mut GzDecoder::new(file), check) } else { read_body(&mut file, check) };
    result.map_err(|reason| IdxError::Malformed { path: path.display().to_string(), reason })
}

/// Checks the header and returns the bytes after it. Memory grows with the bytes that are read, not with the lengths
/// that the header declares.
fn read_body(reader: &mut dyn Read, check: impl FnOnce(&Header) -> Result<(), String>) -> Result<Vec<u8>, String> {
    let mut word = || {
        let mut bytes = [0; 4];
        reader.read_exact(&mut bytes).map_err(|e| format!("its header is cut off: {e}; fetch it again"))?;
        Ok::<[u8; 4], String>(bytes)
    };
    // Two zeros, the type, and the number of dimensions.
    let magic = word()?;
    let [0, 0, code @ 0x08..=0x0e, count] = magic else { return Err(kind_of_file(magic)) };
    let count = usize::from(count);
    if count == 0 || count > MAX_DIMENSIONS {
        return Err(format!("it says it has {count} dimensions, not 1 to {MAX_DIMENSIONS}"));
    }
    let dimensions =
        (0..count).map(|_| Ok(u32::from_be_bytes(word()?) as usize)).collect::<Result<Vec<_>, String>>()?;
    let header = Header { code, dimensions };
    check(&header)?;
    let width = if header.code == WORDS { 4 } else { 1 };
    let total = header.dimensions.iter().try_fold(width, |all: usize, &n| all.checked_mul(n));
    let total = total.filter(|total| *total <= MAX_BYTES).ok_or("it says it holds too much")?;
    let mut bytes = Vec::new();
    // Read one byte more than declared to detect a file that is too long.
    reader.take(total as u64 + 1).read_to_end(&mut bytes).map_err(|e| format!("it breaks off: {e}; fetch it again"))?;
    if bytes.len() != total {
        let more = if bytes.len() > total { "more" } else { "less" };
        return Err(format!("it says it holds {total} bytes and holds {more}; fetch it again"));
    }
    Ok(bytes)
}

/// Says what a file is that does not begin as an IDX file does.
fn kind_of_file(start: [u8; 4]) -> String {
    match &start {
        b"PK\x03\x04" => "it is a ZIP archive or NumPy's .npz; unpack it, and store its pictures as IDX".to_owned(),
        b"\x93NUM" => "it is a NumPy array; store its pictures as IDX, or one of them as PNG".to_owned(),
        _ if start.iter().all(|byte| byte.is_ascii_graphic() || byte.is_ascii_whitespace()) => {
            "it is a text; store its pictures as IDX, or one of them as PNG".to_owned()
        }
        _ => format!("it begins with {:#010x}, not 0x00000803", u32::from_be_bytes(start)),
    }
}
