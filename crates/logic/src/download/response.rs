//! The status and the headers of an HTTP response.

use super::version::FileVersion;

/// The status and the headers of a response.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ResponseHead {
    /// The HTTP status.
    pub status: u16,
    /// The bytes of the body, if the server has announced them.
    pub length: Option<u64>,
    /// The first byte of the body and the bytes of the complete file, if the page may read them.
    pub range: Option<(u64, u64)>,
    /// The version of the file.
    pub version: FileVersion,
}

impl ResponseHead {
    /// Reads a response of `status`. `header` returns the header of a name.
    pub fn new(status: u16, header: impl Fn(&str) -> Option<String>) -> Self {
        // A compressed body has another length once it is decompressed.
        let is_compressed = header("content-encoding").is_some_and(|name| name != "identity");
        let length = header("content-length").filter(|_| !is_compressed).and_then(|text| text.parse().ok());
        let range = header("content-range").and_then(|text| {
            let (bytes, total) = text.strip_prefix("bytes ")?.split_once('/')?;
            Some((bytes.split_once('-')?.0.parse().ok()?, total.parse().ok()?))
        });
        // Two bodies with the same weak ETag may differ in their bytes.
        let etag = header("etag").filter(|etag| !etag.starts_with("W/"));
        Self { status, length, range, version: FileVersion { etag, modified: header("last-modified") } }
    }

    /// Returns whether the body continues a file of `total` bytes after its first `offset` bytes.
    pub fn continues(&self, offset: u64, total: Option<u64>) -> bool {
        let range_fits =
            self.range.is_none_or(|(start, all)| start == offset && total.is_none_or(|total| total == all));
        // Other origins seldom let pages read Content-Range; the length of the rest is as good.
        let length_fits =
            self.length.zip(total).is_none_or(|(length, total)| length.checked_add(offset) == Some(total));
        let is_certain = self.range.is_some() || self.length.is_some() && total.is_some();
        self.status == 206 && is_certain && range_fits && length_fits
    }
}
