//! What people give a network: a drawing, a shipped digit or a photo, turned into what the network was trained on.

mod digit;
mod drawing;
mod ink;
mod labelled;
mod pack;
mod photo;
mod pictures;
mod probe;
mod shot;

pub use digit::{DIGIT_SIDE, FIELD_SIDE, centre_digit, to_field};
pub use drawing::{Drawing, Point, Stroke};
pub use ink::{INK_SIDE, PEN_WIDTH, rasterise, smooth};
pub use pack::DigitPack;
pub use photo::Photo;
pub use pictures::PicturePack;
pub use probe::{HEAD_BYTES, MOST_BYTES, MOST_PIXELS, MOST_RATIO, Probe, check_size, probe};
pub use shot::{Crop, MOST_ZOOM, Shot};

/// What can be wrong with what is given.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum InputError {
    /// A link's drawing cannot be read.
    #[error("the drawing in this link is damaged ({reason}); draw anew, or ask for the link again")]
    Drawing {
        /// What the reader found.
        reason: &'static str,
    },
    /// A picture cannot be brought to another size.
    #[error("this picture cannot be brought to the network's size ({reason}); choose another")]
    Resize {
        /// What the resampler found.
        reason: String,
    },
    /// The file of shipped digits is not what it should be.
    #[error("the digits that ship with the page cannot be read ({reason}); reload the page")]
    Pack {
        /// What the reader found.
        reason: &'static str,
    },
    /// A pack of pictures is not what it should be.
    #[error("this pack of pictures cannot be read ({reason}); reload the page, or make the file again")]
    Pictures {
        /// What the reader found.
        reason: &'static str,
    },
    /// A file is no picture that the page knows.
    #[error("{name} is not an image that this page knows; choose a JPEG, PNG, WebP, GIF, AVIF, HEIC, BMP or ICO file")]
    NotAnImage {
        /// The file.
        name: String,
    },
    /// A file begins as a picture does and goes on as none.
    #[error("{name} begins as a {format} image, but does not say how large it is: it is damaged; choose another file")]
    Damaged {
        /// The file.
        name: String,
        /// What it begins as.
        format: &'static str,
    },
    /// A picture without pixels.
    #[error("{name} is an image of {width} × {height} pixels, in which there is nothing to see; choose another")]
    NoPixels {
        /// The file.
        name: String,
        /// Columns.
        width: usize,
        /// Rows.
        height: usize,
    },
    /// A picture with more pixels than a browser can be trusted to hold.
    #[error(
        "{name} is an image of {width} × {height} pixels, and more than {most} million are too many here; make it smaller, or choose another",
        most = probe::MOST_PIXELS / 1_000_000
    )]
    TooManyPixels {
        /// The file.
        name: String,
        /// Columns.
        width: usize,
        /// Rows.
        height: usize,
    },
    /// A picture of which a square shows next to nothing.
    #[error(
        "{name} is an image of {width} × {height} pixels, and networks see a square of it; choose one that is at most {most} times as long as it is wide",
        most = probe::MOST_RATIO
    )]
    TooNarrow {
        /// The file.
        name: String,
        /// Columns.
        width: usize,
        /// Rows.
        height: usize,
    },
    /// A file that is too long to be taken into memory.
    #[error(
        "{name} has {megabytes} MB, and more than {most} are too many here; make it smaller, or choose another",
        most = probe::MOST_BYTES >> 20
    )]
    TooLong {
        /// The file.
        name: String,
        /// Its length in MiB, rounded up.
        megabytes: u64,
    },
}
