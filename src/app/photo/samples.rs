//! The photos that ship with the page (`static/photos/README.md`).

use super::decode::decode;
use super::error::PhotoError;
use super::pictures::{cropped_photo_of, picture_number, pictures};
use crate::app::browser::fetch::{fetch_blob, site_url};
use input::CroppedPhoto;
use leptos_i18n::td_string;
use words::i18n::Locale;

/// A sample photo.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct SamplePhoto {
    /// The name in links and scripts: the name of the file without its extension.
    pub(super) name: &'static str,
    /// The author and the licence.
    pub(super) credit: &'static str,
}

/// All samples, in the order of their buttons.
pub(super) const SAMPLES: [SamplePhoto; 5] = [
    SamplePhoto { name: "cat", credit: "Stefan van der Walt, CC0" },
    SamplePhoto { name: "coffee", credit: "Rachel Michetti, Pikolo Espresso Bar, CC0" },
    SamplePhoto { name: "astronaut", credit: "NASA, public domain" },
    SamplePhoto { name: "rocket", credit: "SpaceX, public domain" },
    SamplePhoto { name: "galaxies", credit: "NASA/ESA, public domain" },
];

/// Returns the content of a sample in words.
pub(super) fn content(locale: Locale, sample: &SamplePhoto) -> &'static str {
    match sample.name {
        "cat" => td_string!(locale, photo.shows.cat),
        "coffee" => td_string!(locale, photo.shows.coffee),
        "astronaut" => td_string!(locale, photo.shows.astronaut),
        "rocket" => td_string!(locale, photo.shows.rocket),
        "galaxies" => td_string!(locale, photo.shows.galaxies),
        other => other,
    }
}

/// Returns the sample called `name`.
pub(super) fn sample(name: &str) -> Option<&'static SamplePhoto> {
    SAMPLES.iter().find(|sample| sample.name == name)
}

/// Returns the path of a sample on the site.
fn path(sample: &SamplePhoto) -> String {
    format!("photos/{}.png", sample.name)
}

/// Returns the URL of a sample.
pub(super) fn url(sample: &SamplePhoto) -> String {
    site_url(&path(sample))
}

/// Returns whether a photo called `name` ships with the page.
pub(in crate::app) fn is_shipped(name: &str) -> bool {
    sample(name).is_some() || picture_number(name).is_some()
}

/// Loads a photo that ships with the page: `astronaut`, `cat`, `coffee`, `galaxies`, `rocket`, or a test picture of
/// CIFAR-10, `cifar10-0` to `cifar10-299`.
///
/// # Errors
/// [`PhotoError`] if there is no such photo, or it does not arrive or cannot be decoded.
pub(in crate::app) async fn open_sample(name: &str) -> Result<CroppedPhoto, PhotoError> {
    if let Some(index) = picture_number(name) {
        return cropped_photo_of(&*pictures().await?, index)
            .ok_or_else(|| PhotoError::NotInFile { name: name.to_owned() });
    }
    let sample = sample(name).ok_or_else(|| PhotoError::NoSample {
        name: name.to_owned(),
        known: SAMPLES.map(|sample| sample.name).join(", "),
    })?;
    let unloaded = |reason: String| PhotoError::Unloaded { name: name.to_owned(), reason };
    let blob = fetch_blob(&path(sample)).await.map_err(unloaded)?;
    Ok(CroppedPhoto::new(decode(&blob, name).await?.photo, name))
}
