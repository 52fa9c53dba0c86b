//! The errors of photos and drawings, and what a person can do about them.

use leptos_i18n::td_string;
use words::i18n::Locale;

use crate::app::photo::{Lack, PhotoError};
use input::{InputError, MAX_BYTES, MAX_PIXELS, MAX_RATIO};

/// Returns a sentence that says why there is no photo.
pub(in crate::app) fn photo_fault(locale: Locale, error: &PhotoError) -> String {
    match error {
        PhotoError::Input(error) => input_fault(locale, error),
        PhotoError::Unread { name, reason } => td_string!(locale, photo.fault.unread, name = name, reason = reason),
        PhotoError::Undecoded { name } => td_string!(locale, photo.fault.undecoded, name = name),
        PhotoError::Canvas(lack) => {
            let reason = match lack {
                Lack::Canvas => td_string!(locale, photo.fault.no_canvas),
                Lack::Pixels => td_string!(locale, photo.fault.no_pixels),
                Lack::Said(reason) => reason,
            };
            td_string!(locale, photo.fault.canvas, reason = reason)
        }
        PhotoError::Unloaded { name, reason } => td_string!(locale, photo.fault.unloaded, name = name, reason = reason),
        PhotoError::NoPictures { reason } => td_string!(locale, photo.fault.no_pictures, reason = reason),
        PhotoError::NotInFile { name } => td_string!(locale, photo.fault.not_in_file, name = name),
        PhotoError::NoSample { name, known } => {
            td_string!(locale, photo.fault.no_sample, name = format!("{name:?}"), known = known)
        }
        PhotoError::NoFile => td_string!(locale, photo.fault.no_file).to_owned(),
        PhotoError::NoCameras => td_string!(locale, photo.fault.no_cameras).to_owned(),
        PhotoError::CameraRefused => td_string!(locale, photo.fault.refused).to_owned(),
        PhotoError::CameraMissing => td_string!(locale, photo.fault.missing).to_owned(),
        PhotoError::CameraTaken => td_string!(locale, photo.fault.taken).to_owned(),
        PhotoError::CameraFailed { reason } => td_string!(locale, photo.fault.failed, reason = reason),
        PhotoError::CameraGone => td_string!(locale, photo.fault.gone).to_owned(),
    }
}

/// Returns a sentence on the error of a drawing, a picture or a file of pictures. [`InputError`] says the same in
/// English, for the command line.
pub(in crate::app) fn input_fault(locale: Locale, error: &InputError) -> String {
    match error {
        InputError::Drawing { reason } => td_string!(locale, photo.input.drawing, reason = *reason),
        InputError::Resize { reason } => td_string!(locale, photo.input.resize, reason = reason),
        InputError::Pack { reason } => td_string!(locale, photo.input.pack, reason = *reason),
        InputError::Pictures { reason } => td_string!(locale, photo.input.pictures, reason = *reason),
        InputError::NotAnImage { name } => td_string!(locale, photo.input.not_an_image, name = name),
        InputError::Damaged { name, format } => {
            td_string!(locale, photo.input.damaged, name = name, format = *format)
        }
        InputError::NoPixels { name, width, height } => {
            td_string!(locale, photo.input.no_pixels, name = name, width = width, height = height)
        }
        InputError::TooManyPixels { name, width, height } => {
            let most = MAX_PIXELS / 1_000_000;
            td_string!(locale, photo.input.too_many_pixels, name = name, width = width, height = height, most = most)
        }
        InputError::TooNarrow { name, width, height } => {
            td_string!(locale, photo.input.too_narrow, name = name, width = width, height = height, most = MAX_RATIO)
        }
        InputError::TooLong { name, megabytes } => {
            td_string!(locale, photo.input.too_long, name = name, megabytes = megabytes, most = MAX_BYTES >> 20)
        }
    }
}
