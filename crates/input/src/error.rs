//! The errors of this crate.

use super::limits::{MAX_BYTES, MAX_PIXELS, MAX_RATIO};

/// The reason why an input is refused.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum InputError {
    /// The drawing of a link cannot be read.
    #[error("the drawing in this link is damaged ({reason}); draw again, or ask for the link again")]
    Drawing {
        /// The finding of the decoder.
        reason: &'static str,
    },
    /// An image cannot be resampled.
    #[error("this picture cannot be resized for the network ({reason}); choose another")]
    Resize {
        /// The error of the resampler.
        reason: String,
    },
    /// The file of bundled digits is damaged.
    #[error("the digits that ship with the page cannot be read ({reason}); reload the page")]
    Pack {
        /// The finding of the reader.
        reason: &'static str,
    },
    /// A pack of images is damaged.
    #[error("this pack of pictures cannot be read ({reason}); reload the page, or make the file again")]
    Pictures {
        /// The finding of the reader.
        reason: &'static str,
    },
    /// A file is not an image in a format that the page knows.
    #[error("{name} is not an image that this page knows; choose a JPEG, PNG, WebP, GIF, AVIF, HEIC, BMP or ICO file")]
    NotAnImage {
        /// The name of the file.
        name: String,
    },
    /// A file begins as an image, but its size cannot be found.
    #[error("{name} begins as a {format} image, but does not say how large it is: it is damaged; choose another file")]
    Damaged {
        /// The name of the file.
        name: String,
        /// The format that it begins as.
        format: &'static str,
    },
    /// An image has no pixels.
    #[error("{name} is an image of {width} × {height} pixels, which shows nothing; choose another")]
    NoPixels {
        /// The name of the file.
        name: String,
        /// Columns, in pixels.
        width: usize,
        /// Rows, in pixels.
        height: usize,
    },
    /// An image has more pixels than a browser can be trusted to hold.
    #[error(
        "{name} is an image of {width} × {height} pixels, and more than {most} million are too many here; make it smaller, or choose another",
        most = MAX_PIXELS / 1_000_000
    )]
    TooManyPixels {
        /// The name of the file.
        name: String,
        /// Columns, in pixels.
        width: usize,
        /// Rows, in pixels.
        height: usize,
    },
    /// An image is so long and narrow that a square of it shows almost nothing.
    #[error(
        "{name} is an image of {width} × {height} pixels, and networks read a square of it; choose one whose longer side is at most {most} times the shorter",
        most = MAX_RATIO
    )]
    TooNarrow {
        /// The name of the file.
        name: String,
        /// Columns, in pixels.
        width: usize,
        /// Rows, in pixels.
        height: usize,
    },
    /// A file is too long to be read into memory.
    #[error(
        "{name} has {megabytes} MB, and more than {most} are too many here; make it smaller, or choose another",
        most = MAX_BYTES >> 20
    )]
    TooLong {
        /// The name of the file.
        name: String,
        /// Its length in MiB, rounded up.
        megabytes: u64,
    },
}
