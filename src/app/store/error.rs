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

fn advice(status: u16) -> &'static str {
    match status {
        401 | 403 => {
            "it asks for a permission that this page does not have: download the file yourself and open it here"
        }
        404 | 410 => "the file is not there: check the address",
        429 | 500..=599 => "wait a moment and load it again",
        _ => "check the address",
    }
}

fn room(needs: Option<u64>, free: Option<u64>) -> String {
    let mb = |bytes: u64| bytes.div_ceil(1_000_000);
    match (needs, free) {
        (Some(needs), Some(free)) => format!(" (it has {} MB, and the browser grants {} MB)", mb(needs), mb(free)),
        (Some(needs), None) => format!(" (it has {} MB)", mb(needs)),
        _ => String::new(),
    }
}
