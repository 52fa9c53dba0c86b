//! The photos that ship with the page (`static/photos/README.md`).

use leptos::prelude::*;
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;
use web_sys::{Blob, Response};

use super::decode::decode;
use super::error::PhotoError;
use crate::app::store::message;
use crate::input::Shot;

/// One of them.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::app) struct Sample {
    /// By which links and scripts ask for it; the file's name without its ending.
    pub(super) name: &'static str,
    /// What it shows.
    pub(super) shows: &'static str,
    /// Whose it is, and on what terms.
    pub(super) credit: &'static str,
}

/// All of them, in the order in which they are offered.
pub(super) const SAMPLES: [Sample; 5] = [
    Sample { name: "cat", shows: "The cat Chelsea", credit: "Stefan van der Walt, CC0" },
    Sample { name: "coffee", shows: "A cup of coffee", credit: "Rachel Michetti, Pikolo Espresso Bar, CC0" },
    Sample { name: "astronaut", shows: "The astronaut Eileen Collins", credit: "NASA, public domain" },
    Sample { name: "rocket", shows: "A rocket at its start", credit: "SpaceX, public domain" },
    Sample { name: "galaxies", shows: "The Hubble deep field", credit: "NASA/ESA, public domain" },
];

/// The sample called `name`.
pub(in crate::app) fn sample(name: &str) -> Option<&'static Sample> {
    SAMPLES.iter().find(|sample| sample.name == name)
}

/// Where a sample lies.
pub(super) fn address(sample: &Sample) -> String {
    format!("photos/{}.png", sample.name)
}

/// Loads a sample.
///
/// # Errors
/// [`PhotoError::NoSample`], [`PhotoError::Unloaded`] and those of [`decode`].
pub(super) async fn load(name: &str) -> Result<Shot, PhotoError> {
    let sample = sample(name).ok_or_else(|| PhotoError::NoSample {
        name: name.to_owned(),
        known: SAMPLES.map(|sample| sample.name).join(", "),
    })?;
    let unloaded = |reason: String| PhotoError::Unloaded { name: name.to_owned(), reason };
    let blob = fetch(&address(sample)).await.map_err(unloaded)?;
    Ok(Shot::new(decode(&blob, name).await?.photo, name))
}

async fn fetch(path: &str) -> Result<Blob, String> {
    let said = |error: JsValue| message(&error);
    let response = JsFuture::from(window().fetch_with_str(path)).await.map_err(said)?;
    let response: Response = response.dyn_into().map_err(said)?;
    if !response.ok() {
        return Err(format!("the server answered {}", response.status()));
    }
    JsFuture::from(response.blob().map_err(said)?).await.map_err(said)?.dyn_into().map_err(said)
}
