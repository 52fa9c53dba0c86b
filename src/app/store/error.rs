//! What can go wrong while weights are fetched and kept.

/// Why there are no weights.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub(in crate::app) enum StoreError {
    /// No address.
    Address {
        /// What was given.
        text: String,
    },
    /// No hash.
    NoDigest {
        /// What was given.
        text: String,
    },
    /// There is no network at all.
    Offline {
        /// The file.
        name: String,
    },
    /// Nobody answers.
    Unreachable {
        /// The server.
        host: String,
        /// What the browser says.
        reason: String,
    },
    /// This site does not answer.
    SiteUnreachable {
        /// What the browser says.
        reason: String,
    },
    /// The server answers, but not to pages of other sites.
    Cors {
        /// The server.
        host: String,
        /// The file.
        name: String,
    },
    /// The server answers with something else.
    Status {
        /// The file.
        name: String,
        /// The HTTP status.
        status: u16,
    },
    /// The connection broke, again and again.
    Broken {
        /// The file.
        name: String,
        /// Bytes that are here.
        received: u64,
        /// What the browser says.
        reason: String,
    },
    /// The page or its visitor stopped it.
    Cancelled {
        /// The file.
        name: String,
    },
    /// Another length than the server promised.
    Length {
        /// The file.
        name: String,
        /// Bytes that came.
        received: u64,
        /// Bytes that were promised.
        total: u64,
    },
    /// Another file than the one that was asked for.
    Hash {
        /// The file.
        name: String,
        /// What its SHA-256 begins with.
        expected: String,
        /// Its SHA-256.
        got: String,
    },
    /// No room for it.
    Full {
        /// The file.
        name: String,
        /// Bytes it has, where known.
        needs: Option<u64>,
        /// Bytes that the browser grants, where it says so.
        free: Option<u64>,
    },
    /// It is being downloaded already.
    Busy {
        /// The file.
        name: String,
    },
    /// The browser's storage fails.
    Storage {
        /// What the browser says.
        reason: String,
    },
}
