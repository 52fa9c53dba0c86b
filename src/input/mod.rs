//! What people give a network: a drawing or a shipped digit, turned into what the network was trained on.

mod digit;
mod drawing;
mod ink;
mod pack;
mod photo;

pub use digit::{DIGIT_SIDE, FIELD_SIDE, centre_digit, to_field};
pub use drawing::{Drawing, Point, Stroke};
pub use ink::{INK_SIDE, PEN_WIDTH, rasterise, smooth};
pub use pack::DigitPack;
pub use photo::Photo;

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
}
