//! The messages of the errors of this crate.

use messages::{Explain, Message, display_in_english, message};

use crate::error::InputError;
use crate::limits::{MAX_BYTES, MAX_PIXELS, MAX_RATIO};

display_in_english!(InputError);

impl Explain for InputError {
    fn message(&self) -> Message {
        match self {
            Self::Drawing { reason } => message!("input.drawing", reason),
            Self::Resize { reason } => message!("input.resize", reason),
            Self::Pack { reason } => message!("input.pack", reason),
            Self::Pictures { reason } => message!("input.pictures", reason),
            Self::Empty { name } => message!("input.empty", name),
            Self::OtherFormat { name, format } => message!("input.other_format", name, format),
            Self::CutOff { name, format } => message!("input.cut_off", name, format),
            Self::NotAnImage { name } => message!("input.not_an_image", name),
            Self::Damaged { name, format } => message!("input.damaged", name, format),
            Self::NoPixels { name, width, height } => message!("input.no_pixels", name, width, height),
            Self::TooManyPixels { name, width, height } => {
                message!("input.too_many_pixels", name, width, height, most = MAX_PIXELS / 1_000_000)
            }
            Self::TooNarrow { name, width, height } => {
                message!("input.too_narrow", name, width, height, most = MAX_RATIO)
            }
            Self::TooLong { name, megabytes } => message!("input.too_long", name, megabytes, most = MAX_BYTES >> 20),
        }
    }
}
