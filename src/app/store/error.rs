//! What can go wrong while weights are fetched and kept.

/// Why there are no weights.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub(in crate::app) enum StoreError {
    /// No address.
    #[error("'{text}' is no address of weights; give an http or https URL, or a path on this site")]
    Address {
        /// What was given.
        text: String,
    },
    /// No hash.
    #[error("'{text}' is no SHA-256; give 8 to 64 hexadecimal digits, or leave it out")]
    NoDigest {
        /// What was given.
        text: String,
    },
    /// There is no network at all.
    #[error("{name} cannot be fetched while this browser is offline; connect and load it again, or open a file")]
    Offline {
        /// The file.
        name: String,
    },
    /// Nobody answers.
    #[error("{host} does not answer ({reason}); check the address and the connection, and load it again")]
    Unreachable {
        /// The server.
        host: String,
        /// What the browser says.
        reason: String,
    },
    /// The server answers, but not to pages of other sites.
    #[error(
        "{host} does not let other sites read {name} (no CORS header); download it yourself and open the file here"
    )]
    Cors {
        /// The server.
        host: String,
        /// The file.
        name: String,
    },
    /// The server answers with something else.
    #[error("the server answered {status} for {name}; {}", advice(*status))]
    Status {
        /// The file.
        name: String,
        /// The HTTP status.
        status: u16,
    },
    /// The connection broke, again and again.
    #[error("the download of {name} broke off at {received} bytes ({reason}); load it again to go on from there")]
    Broken {
        /// The file.
        name: String,
        /// Bytes that are here.
        received: u64,
        /// What the browser says.
        reason: String,
    },
    /// The page or its visitor stopped it.
    #[error("loading {name} was cancelled; what has arrived is kept: load it again to go on, or forget it")]
    Cancelled {
        /// The file.
        name: String,
    },
    /// Another length than the server promised.
    #[error("{name} has {received} bytes and the server promised {total}; it was deleted: load it again")]
    Length {
        /// The file.
        name: String,
        /// Bytes that came.
        received: u64,
        /// Bytes that were promised.
        total: u64,
    },
    /// Another file than the one that was asked for.
    #[error(
        "{name} is not the file it should be (its SHA-256 is {got}, not {expected}); it was not used: check where it comes from"
    )]
    Hash {
        /// The file.
        name: String,
        /// What its SHA-256 begins with.
        expected: String,
        /// Its SHA-256.
        got: String,
    },
    /// No room for it.
    #[error("there is no room for {name}{}; forget other weights or free space on the disk, and load it again", room(*needs, *free))]
    Full {
        /// The file.
        name: String,
        /// Bytes it has, where known.
        needs: Option<u64>,
        /// Bytes that the browser grants, where it says so.
        free: Option<u64>,
    },
    /// It is being downloaded already.
    #[error("{name} is being downloaded in another tab; wait until it is done there")]
    Busy {
        /// The file.
        name: String,
    },
    /// The browser's storage fails.
    #[error("the browser's storage cannot be used ({reason}); allow this site to store data, or open a file")]
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
