//! SHA-256 digests as text.

use std::fmt::Write as _;

use super::error::StoreError;

/// The first 8 to 64 digits of a SHA-256, in lower-case hexadecimal.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Digest(String);

impl Digest {
    /// Reads a digest that a person or a script has given.
    ///
    /// # Errors
    /// [`StoreError::NoDigest`] if `text` is not 8 to 64 hexadecimal digits.
    pub fn parse(text: &str) -> Result<Self, StoreError> {
        let digits = text.trim().to_lowercase();
        let is_digest = (8..=64).contains(&digits.len()) && digits.bytes().all(|byte| byte.is_ascii_hexdigit());
        if is_digest { Ok(Self(digits)) } else { Err(StoreError::NoDigest { text: text.to_owned() }) }
    }

    /// Returns whether `sha256`, of 64 digits, begins with this digest.
    pub fn matches(&self, sha256: &str) -> bool {
        sha256.starts_with(&self.0)
    }

    /// Checks that `sha256`, of 64 digits, of the file `name` begins with this digest.
    ///
    /// # Errors
    /// [`StoreError::Hash`] if it does not.
    pub fn check(&self, name: &str, sha256: &str) -> Result<(), StoreError> {
        if self.matches(sha256) {
            return Ok(());
        }
        Err(StoreError::Hash { name: name.to_owned(), expected: self.0.clone(), got: sha256.to_owned() })
    }
}

/// Returns `bytes` in lower-case hexadecimal.
pub fn to_hex(bytes: &[u8]) -> String {
    bytes.iter().fold(String::with_capacity(2 * bytes.len()), |mut text, byte| {
        // Writing to a String does not fail.
        let _ = write!(text, "{byte:02x}");
        text
    })
}
