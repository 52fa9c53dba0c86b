//! What is kept of one file: its parts, and a record of what they are.

use serde::{Deserialize, Serialize};
use wasm_bindgen::JsValue;
use web_sys::Blob;

use super::StoreError;
use super::digest;
use super::js::{storage, stored};
use super::shelf::Shelf;

/// The end of a record's name.
pub(super) const SUFFIX: &str = ".json";

/// By what a server tells two versions of a file apart.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, Default)]
pub(super) struct Version {
    /// Its ETag, where it is a strong one.
    pub(super) etag: Option<String>,
    /// When it was last changed.
    pub(super) modified: Option<String>,
}

impl Version {
    /// Whether there is anything to tell it by.
    pub(super) fn is_known(&self) -> bool {
        self.etag.is_some() || self.modified.is_some()
    }

    /// Whether `other`, of a later answer, may be the same version: what both name is the same, and both name something.
    pub(super) fn is(&self, other: &Self) -> bool {
        let same = |a: &Option<String>, b: &Option<String>| a.as_ref().zip(b.as_ref()).map(|(a, b)| a == b);
        let (etag, modified) = (same(&self.etag, &other.etag), same(&self.modified, &other.modified));
        etag.or(modified) == Some(true)
    }
}

/// What the parts are.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Record {
    /// Where the file is.
    pub(super) url: String,
    /// Its bytes, where the server says so.
    pub(super) total: Option<u64>,
    /// Which version of it.
    pub(super) version: Version,
    /// Its SHA-256, once it is whole.
    pub(super) sha256: Option<String>,
    /// Whether all of it is here and right.
    pub(super) whole: bool,
}

/// What is kept of one file.
#[derive(Debug)]
pub(super) struct Entry {
    pub(super) record: Record,
    /// The parts in their order.
    pub(super) parts: Vec<Blob>,
}

/// The name under which a URL's parts are kept.
pub(super) fn key(url: &str) -> String {
    digest::of_text(url)[..24].to_owned()
}

/// The name of a part.
pub(super) fn part(key: &str, index: usize) -> String {
    format!("{key}.{index:05}")
}

impl Entry {
    /// What is kept under `key`; what cannot be understood, or is said to be whole and is not, is deleted.
    pub(super) async fn open(shelf: &Shelf, key: &str) -> Result<Option<Self>, StoreError> {
        let Some(blob) = shelf.get(&format!("{key}{SUFFIX}")).await? else { return Ok(None) };
        let text: js_sys::JsString = stored(blob.text()).await?;
        let Ok(record) = serde_json::from_str::<Record>(&String::from(text)) else {
            remove(shelf, key).await?;
            return Ok(None);
        };
        let mut parts = Vec::new();
        while let Some(blob) = shelf.get(&part(key, parts.len())).await? {
            if blob.size() == 0.0 {
                break;
            }
            parts.push(blob);
        }
        let entry = Self { record, parts };
        if entry.record.whole && entry.record.total != Some(entry.received()) {
            remove(shelf, key).await?;
            return Ok(None);
        }
        Ok(Some(entry))
    }

    /// Bytes that are here.
    pub(super) fn received(&self) -> u64 {
        self.parts.iter().map(|part| part.size() as u64).sum()
    }

    /// All parts as one file; nothing is copied.
    pub(super) fn blob(&self) -> Result<Blob, StoreError> {
        let parts: js_sys::Array = self.parts.iter().collect();
        Blob::new_with_blob_sequence(&parts).map_err(|error| storage(&error))
    }
}

impl Record {
    /// Keeps it.
    pub(super) async fn save(&self, shelf: &Shelf, key: &str) -> Result<(), StoreError> {
        let text = serde_json::to_string(self).map_err(|e| StoreError::Storage { reason: e.to_string() })?;
        let blob = Blob::new_with_str_sequence(&js_sys::Array::of1(&JsValue::from_str(&text)));
        shelf.put(&format!("{key}{SUFFIX}"), &blob.map_err(|error| storage(&error))?).await
    }
}

/// Deletes the record and the parts of `key`, the record first; says whether there were any.
pub(super) async fn remove(shelf: &Shelf, key: &str) -> Result<bool, StoreError> {
    let mut names: Vec<String> = shelf.names().await?.into_iter().filter(|name| name.starts_with(key)).collect();
    names.sort_by_key(|name| !name.ends_with(SUFFIX));
    for name in &names {
        shelf.remove(name).await?;
    }
    Ok(!names.is_empty())
}
