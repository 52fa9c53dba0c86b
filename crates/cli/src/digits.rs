//! `layerscope digits`: writes the pack of test digits that ships with the page (format: `static/digits/README.md`).

use std::path::PathBuf;

use super::error::{CliError, write};
use train::{DIGIT_PIXELS, Digits};

/// Arguments of `digits`.
#[derive(Debug, clap::Args)]
pub(super) struct Arguments {
    /// The folder with the IDX files, .gz or not
    #[arg(long, value_name = "DIR")]
    data: PathBuf,
    /// How many digits to pack, from the first
    #[arg(long, default_value_t = 300)]
    count: usize,
    /// The file to write
    #[arg(long, value_name = "FILE")]
    out: PathBuf,
}

/// Writes all labels, then all pictures.
pub(super) fn run(arguments: &Arguments) -> Result<(), CliError> {
    let digits = Digits::read(&arguments.data, "t10k")?;
    if digits.len() < arguments.count {
        return Err(CliError::Argument(format!("there are only {} test digits", digits.len())));
    }
    let mut bytes = digits.labels[..arguments.count].to_vec();
    bytes.extend_from_slice(&digits.pixels[..arguments.count * DIGIT_PIXELS]);
    write(&arguments.out, &bytes)
}
