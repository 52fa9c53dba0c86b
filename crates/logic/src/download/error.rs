//! Errors of downloads and of the storage.

/// The reason why a file of weights is not available.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum StoreError {
    /// The text is not an address.
    Address {
        /// The given text.
        text: String,
    },
    /// The text is not a SHA-256.
    NoDigest {
        /// The given text.
        text: String,
    },
    /// The browser is offline.
    Offline {
        /// The file.
        name: String,
    },
    /// The server does not answer.
    Unreachable {
        /// The server.
        host: String,
        /// The browser's message.
        reason: String,
    },
    /// The site of the page does not answer.
    SiteUnreachable {
        /// The browser's message.
        reason: String,
    },
    /// The server does not allow pages of other sites to read the file.
    Cors {
        /// The server.
        host: String,
        /// The file.
        name: String,
    },
    /// The server answered with another status than 200 or 206.
    Status {
        /// The file.
        name: String,
        /// The HTTP status.
        status: u16,
    },
    /// The connection broke more often than it is retried.
    Broken {
        /// The file.
        name: String,
        /// Received bytes.
        received: u64,
        /// The browser's message.
        reason: String,
    },
    /// The page or its user cancelled the download.
    Cancelled {
        /// The file.
        name: String,
    },
    /// The file has another length than the server announced.
    Length {
        /// The file.
        name: String,
        /// Received bytes.
        received: u64,
        /// Announced bytes.
        total: u64,
    },
    /// The file has another SHA-256 than expected.
    Hash {
        /// The file.
        name: String,
        /// The expected SHA-256 or its first digits.
        expected: String,
        /// The SHA-256 of the file.
        got: String,
    },
    /// The storage has no room for the file.
    Full {
        /// The file.
        name: String,
        /// The bytes of the file, if known.
        needs: Option<u64>,
        /// The bytes that the browser grants, if known.
        free: Option<u64>,
    },
    /// Another tab is downloading the file.
    Busy {
        /// The file.
        name: String,
    },
    /// The browser's storage failed.
    Storage {
        /// The browser's message.
        reason: String,
    },
}
