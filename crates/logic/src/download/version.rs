//! Versions of a file on its server.

use serde::{Deserialize, Serialize};

/// The headers by which a server tells two versions of a file apart.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, Default)]
pub struct FileVersion {
    /// The ETag, if it is a strong one.
    pub etag: Option<String>,
    /// The date of the last modification.
    pub modified: Option<String>,
}

impl FileVersion {
    /// Returns whether versions can be told apart.
    pub fn is_known(&self) -> bool {
        self.etag.is_some() || self.modified.is_some()
    }

    /// Returns whether `other`, of a later response, is the same version. The ETags decide if both have one, else the
    /// dates do.
    pub fn is_same(&self, other: &Self) -> bool {
        let same = |a: &Option<String>, b: &Option<String>| a.as_ref().zip(b.as_ref()).map(|(a, b)| a == b);
        let (etag, modified) = (same(&self.etag, &other.etag), same(&self.modified, &other.modified));
        etag.or(modified) == Some(true)
    }
}
