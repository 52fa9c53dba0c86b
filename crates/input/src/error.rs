//! The errors of this crate.

/// The reason why an input is refused.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum InputError {
    /// The drawing of a link cannot be read.
    Drawing {
        /// The finding of the decoder.
        reason: &'static str,
    },
    /// An image cannot be resampled.
    Resize {
        /// The error of the resampler.
        reason: String,
    },
    /// The file of bundled digits is damaged.
    Pack {
        /// The finding of the reader.
        reason: &'static str,
    },
    /// A pack of images is damaged.
    Pictures {
        /// The finding of the reader.
        reason: &'static str,
    },
    /// A file has no bytes.
    Empty {
        /// The name of the file.
        name: String,
    },
    /// A file is not an image in a known format.
    NotAnImage {
        /// The name of the file.
        name: String,
    },
    /// A file has a format that is known, but not read.
    OtherFormat {
        /// The name of the file.
        name: String,
        /// The name of the format.
        format: &'static str,
    },
    /// A file ends before its image does.
    CutOff {
        /// The name of the file.
        name: String,
        /// The format that it begins as.
        format: &'static str,
    },
    /// A file begins as an image, but its size cannot be found.
    Damaged {
        /// The name of the file.
        name: String,
        /// The format that it begins as.
        format: &'static str,
    },
    /// An image has no pixels.
    NoPixels {
        /// The name of the file.
        name: String,
        /// Columns, in pixels.
        width: usize,
        /// Rows, in pixels.
        height: usize,
    },
    /// An image has more pixels than a browser can be trusted to hold.
    TooManyPixels {
        /// The name of the file.
        name: String,
        /// Columns, in pixels.
        width: usize,
        /// Rows, in pixels.
        height: usize,
    },
    /// An image is so long and narrow that a square of it shows almost nothing.
    TooNarrow {
        /// The name of the file.
        name: String,
        /// Columns, in pixels.
        width: usize,
        /// Rows, in pixels.
        height: usize,
    },
    /// A file is too long to be read into memory.
    TooLong {
        /// The name of the file.
        name: String,
        /// Its length in MiB, rounded up.
        megabytes: u64,
    },
}
