//! The photos that ship with the page (`static/photos/README.md`).

use super::decode::decode;
use super::error::PhotoError;
use super::pictures::{picture_number, pictures, shot_of};
use crate::app::fetch::fetch_blob;
use input::CroppedPhoto;
use leptos_i18n::td_string;
use words::i18n::Locale;

/// One of them.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Sample {
    /// By which links and scripts ask for it; the file's name without its ending.
    pub(super) name: &'static str,
    /// Whose it is, and on what terms.
    pub(super) credit: &'static str,
}

/// All of them, in the order in which they are offered.
pub(super) const SAMPLES: [Sample; 5] = [
    Sample { name: "cat", credit: "Stefan van der Walt, CC0" },
    Sample { name: "coffee", credit: "Rachel Michetti, Pikolo Espresso Bar, CC0" },
    Sample { name: "astronaut", credit: "NASA, public domain" },
    Sample { name: "rocket", credit: "SpaceX, public domain" },
    Sample { name: "galaxies", credit: "NASA/ESA, public domain" },
];

/// What a sample shows.
pub(super) fn shows(locale: Locale, sample: &Sample) -> &'static str {
    match sample.name {
        "cat" => td_string!(locale, photo.shows.cat),
        "coffee" => td_string!(locale, photo.shows.coffee),
        "astronaut" => td_string!(locale, photo.shows.astronaut),
        "rocket" => td_string!(locale, photo.shows.rocket),
        "galaxies" => td_string!(locale, photo.shows.galaxies),
        other => other,
    }
}

/// The sample called `name`.
pub(super) fn sample(name: &str) -> Option<&'static Sample> {
    SAMPLES.iter().find(|sample| sample.name == name)
}

/// Where a sample lies.
pub(super) fn address(sample: &Sample) -> String {
    format!("photos/{}.png", sample.name)
}

/// Whether a photo of that name ships with the page.
pub(in crate::app) fn is_shipped(name: &str) -> bool {
    sample(name).is_some() || picture_number(name).is_some()
}

/// Loads a sample, or a test picture by its name.
///
/// # Errors
/// [`PhotoError::NoSample`], [`PhotoError::NoPictures`], [`PhotoError::Unloaded`] and those of [`decode`].
pub(super) async fn load(name: &str) -> Result<CroppedPhoto, PhotoError> {
    if let Some(index) = picture_number(name) {
        return shot_of(&*pictures().await?, index).ok_or_else(|| PhotoError::NotInFile { name: name.to_owned() });
    }
    let sample = sample(name).ok_or_else(|| PhotoError::NoSample {
        name: name.to_owned(),
        known: SAMPLES.map(|sample| sample.name).join(", "),
    })?;
    let unloaded = |reason: String| PhotoError::Unloaded { name: name.to_owned(), reason };
    let blob = fetch_blob(&address(sample)).await.map_err(unloaded)?;
    Ok(CroppedPhoto::new(decode(&blob, name).await?.photo, name))
}
