//! The messages of [`PhotoError`].

use messages::{Explain, Message, message};

use super::error::{CanvasError, PhotoError};

impl Explain for PhotoError {
    fn message(&self) -> Message {
        match self {
            Self::Input(error) => error.message(),
            Self::Unread { name, reason } => message!("photo.unread", name, reason),
            Self::Undecoded { name } => message!("photo.undecoded", name),
            Self::Canvas(reason) => message!("photo.canvas", reason),
            Self::Unloaded { name, reason } => message!("photo.unloaded", name, reason),
            Self::NoPictures { reason } => message!("photo.no_pictures", reason),
            Self::NotInFile { name } => message!("photo.not_in_file", name),
            Self::NoSample { name, known } => message!("photo.no_sample", name = format!("{name:?}"), known),
            Self::NoFile => message!("photo.no_file"),
            Self::NoCameras => message!("photo.no_cameras"),
            Self::CameraRefused => message!("photo.refused"),
            Self::CameraMissing => message!("photo.missing"),
            Self::CameraTaken => message!("photo.taken"),
            Self::CameraFailed { reason } => message!("photo.failed", reason),
            Self::CameraGone => message!("photo.gone"),
        }
    }
}

/// Each message is a part of a sentence.
impl Explain for CanvasError {
    fn message(&self) -> Message {
        match self {
            Self::Canvas => message!("photo.no_canvas"),
            Self::Pixels => message!("photo.no_pixels"),
            Self::Browser(reason) => Message::from(reason),
        }
    }
}
