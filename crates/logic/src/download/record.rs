//! The stored parts of a file, and the record that describes them.

use serde::{Deserialize, Serialize};
use sha2::{Digest as _, Sha256};

use super::digest::to_hex;
use super::error::StoreError;
use super::host::BlobStorage;
use super::version::FileVersion;

/// The end of a record's name.
pub const RECORD_SUFFIX: &str = ".json";

/// The characters of a key.
const KEY_LEN: usize = 24;

/// The description of the parts of a file. It is stored as JSON.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Record {
    /// The URL of the file.
    pub url: String,
    /// The bytes of the complete file, if the server has announced them.
    pub total: Option<u64>,
    /// The version that the parts belong to.
    pub version: FileVersion,
    /// The SHA-256 of the complete file.
    pub sha256: Option<String>,
    /// True if all bytes are stored and checked.
    #[serde(rename = "whole")]
    pub is_complete: bool,
}

/// A stored file, complete or in part.
#[derive(Debug)]
pub struct Entry<Blob> {
    /// The record.
    pub record: Record,
    /// The parts, in order.
    pub parts: Vec<Blob>,
}

/// Returns the key under which the parts of the file at `url` are stored.
pub fn key(url: &str) -> String {
    let mut digits = to_hex(&Sha256::digest(url.as_bytes()));
    digits.truncate(KEY_LEN);
    digits
}

/// Returns the name of the part number `index` of `key`.
pub(super) fn part_name(key: &str, index: usize) -> String {
    format!("{key}.{index:05}")
}

impl<Blob: Clone> Entry<Blob> {
    /// Loads the entry of `key`. An entry that cannot be read, or claims to be complete and is not, is deleted.
    ///
    /// # Errors
    /// [`StoreError::Storage`] if the storage fails.
    pub async fn load<Storage: BlobStorage<Blob = Blob>>(
        storage: &Storage,
        key: &str,
    ) -> Result<Option<Self>, StoreError> {
        let Some(blob) = storage.get(&format!("{key}{RECORD_SUFFIX}")).await? else { return Ok(None) };
        let text = storage.read_text(&blob).await?;
        let Ok(record) = serde_json::from_str::<Record>(&text) else {
            remove(storage, key).await?;
            return Ok(None);
        };
        let mut parts = Vec::new();
        while let Some(part) = storage.get(&part_name(key, parts.len())).await? {
            if storage.size(&part) == 0 {
                break;
            }
            parts.push(part);
        }
        let entry = Self { record, parts };
        if entry.record.is_complete && entry.record.total != Some(entry.received(storage)) {
            remove(storage, key).await?;
            return Ok(None);
        }
        Ok(Some(entry))
    }

    /// Returns the bytes of all parts.
    pub fn received<Storage: BlobStorage<Blob = Blob>>(&self, storage: &Storage) -> u64 {
        self.parts.iter().map(|part| storage.size(part)).sum()
    }
}

impl Record {
    /// Stores the record under `key`.
    ///
    /// # Errors
    /// [`StoreError::Full`] or [`StoreError::Storage`] if the storage does not take it.
    pub async fn save<Storage: BlobStorage>(&self, storage: &Storage, key: &str) -> Result<(), StoreError> {
        let text = serde_json::to_string(self).map_err(|error| StoreError::Storage { reason: error.to_string() })?;
        storage.put(&format!("{key}{RECORD_SUFFIX}"), &storage.blob_of_text(&text)?).await
    }
}

/// Deletes the record and the parts of `key`, the record first. Returns whether there were any.
///
/// # Errors
/// [`StoreError::Storage`] if the storage fails.
pub async fn remove<Storage: BlobStorage>(storage: &Storage, key: &str) -> Result<bool, StoreError> {
    let mut names: Vec<String> = storage.names().await?.into_iter().filter(|name| name.starts_with(key)).collect();
    net::order::sort_by_key(&mut names, |name| !name.ends_with(RECORD_SUFFIX));
    for name in &names {
        storage.remove(name).await?;
    }
    Ok(!names.is_empty())
}
