//! Downloads of weights: in parts, resumable, checked, and stored completely or not at all.
//!
//! A file is stored as parts of [`DownloadHost::PART_BYTES`] bytes next to a [`Record`] that describes them. A part is
//! written completely or not at all. A download that is interrupted, cancelled or ended with its tab therefore resumes
//! where the last part ends. The record says whether the file is complete; incomplete files are never opened.
//!
//! [`download`] holds the rules. The network, the storage and the clock belong to its [`DownloadHost`].

mod digest;
mod error;
mod explain;
mod file;
mod host;
mod progress;
mod record;
mod response;
mod run;
mod version;

#[cfg(test)]
mod tests;

pub use digest::{Digest, to_hex};
pub use error::StoreError;
pub use file::{RemoteFile, StoredFile, file_name};
pub use host::{BlobStorage, DownloadHost};
pub use progress::{Phase, Progress};
pub use record::{Entry, RECORD_SUFFIX, Record, key, remove};
pub use response::ResponseHead;
pub use run::download;
pub use version::FileVersion;
