//! Errors of downloads and of the storage.

/// The reason why a file of weights is not available.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum StoreError {
    /// The text is not an address.
    #[error("'{text}' is no address of weights; give an http or https URL, or a path on this site")]
    Address {
        /// The given text.
        text: String,
    },
    /// The text is not a SHA-256.
    #[error("'{text}' is no SHA-256; give 8 to 64 hexadecimal digits, or leave it out")]
    NoDigest {
        /// The given text.
        text: String,
    },
    /// The browser is offline.
    #[error("{name} cannot be fetched while this browser is offline; connect and load it again, or open a file")]
    Offline {
        /// The file.
        name: String,
    },
    /// The server does not answer.
    #[error("{host} does not answer ({reason}); check the address and the connection, and load it again")]
    Unreachable {
        /// The server.
        host: String,
        /// The browser's message.
        reason: String,
    },
    /// The server does not allow pages of other sites to read the file.
    #[error(
        "{host} does not let other sites read {name} (no CORS header); download it yourself and open the file here"
    )]
    Cors {
        /// The server.
        host: String,
        /// The file.
        name: String,
    },
    /// The server answered with another status than 200 or 206.
    #[error("the server answered {status} for {name}; {}", advice(*status))]
    Status {
        /// The file.
        name: String,
        /// The HTTP status.
        status: u16,
    },
    /// The connection broke more often than it is retried.
    #[error("the download of {name} broke off at {received} bytes ({reason}); load it again to go on from there")]
    Broken {
        /// The file.
        name: String,
        /// Received bytes.
        received: u64,
        /// The browser's message.
        reason: String,
    },
    /// The page or its user cancelled the download.
    #[error("loading {name} was cancelled; what has arrived is kept: load it again to go on, or forget it")]
    Cancelled {
        /// The file.
        name: String,
    },
    /// The file has another length than the server announced.
    #[error("{name} has {received} bytes and the server promised {total}; it was deleted: load it again")]
    Length {
        /// The file.
        name: String,
        /// Received bytes.
        received: u64,
        /// Announced bytes.
        total: u64,
    },
    /// The file has another SHA-256 than expected.
    #[error(
        "{name} is not the file it should be (its SHA-256 is {got}, not {expected}); it was not used: check where it comes from"
    )]
    Hash {
        /// The file.
        name: String,
        /// The expected SHA-256 or its first digits.
        expected: String,
        /// The SHA-256 of the file.
        got: String,
    },
    /// The storage has no room for the file.
    #[error("there is no room for {name}{}; forget other weights or free space on the disk, and load it again", room(*needs, *free))]
    Full {
        /// The file.
        name: String,
        /// The bytes of the file, if known.
        needs: Option<u64>,
        /// The bytes that the browser grants, if known.
        free: Option<u64>,
    },
    /// Another tab is downloading the file.
    #[error("{name} is being downloaded in another tab; wait until it is done there")]
    Busy {
        /// The file.
        name: String,
    },
    /// The browser's storage failed.
    #[error("the browser's storage cannot be used ({reason}); allow this site to store data, or open a file")]
    Storage {
        /// The browser's message.
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
