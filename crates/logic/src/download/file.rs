//! Files on servers and in storage.

use super::digest::Digest;

/// A file to download.
#[derive(Debug, Clone)]
pub struct RemoteFile {
    /// The absolute URL.
    pub url: String,
    /// The SHA-256 or its first digits, if known.
    pub sha256: Option<Digest>,
}

/// A completely stored file.
#[derive(Debug)]
pub struct StoredFile<Blob> {
    /// The bytes, outside of the memory of the WebAssembly.
    pub blob: Blob,
    /// The SHA-256, in 64 hexadecimal digits.
    pub sha256: String,
    /// True if the file was stored already and nothing was fetched.
    pub was_stored: bool,
}

/// Returns the last segment of the path of `url`, which names the file in messages.
pub fn file_name(url: &str) -> String {
    let path = url.split(['?', '#']).next().unwrap_or(url);
    let name = path.rsplit('/').find(|segment| !segment.is_empty()).unwrap_or(path);
    percent_decoded(name).unwrap_or_else(|| name.to_owned())
}

/// Returns `text` with its percent escapes decoded; none if an escape is malformed or the bytes are not UTF-8.
fn percent_decoded(text: &str) -> Option<String> {
    let (mut decoded, mut rest) = (Vec::with_capacity(text.len()), text.as_bytes());
    while let Some((&first, after)) = rest.split_first() {
        rest = after;
        if first != b'%' {
            decoded.push(first);
            continue;
        }
        let (digits, after) = rest.split_at_checked(2)?;
        let digits = std::str::from_utf8(digits).ok().filter(|digits| digits.bytes().all(|b| b.is_ascii_hexdigit()))?;
        decoded.push(u8::from_str_radix(digits, 16).ok()?);
        rest = after;
    }
    String::from_utf8(decoded).ok()
}
