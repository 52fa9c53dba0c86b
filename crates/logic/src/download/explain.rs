//! The messages of [`StoreError`].

use messages::{Explain, Message, display_in_english, message};

use super::error::StoreError;

display_in_english!(StoreError);

impl Explain for StoreError {
    fn message(&self) -> Message {
        match self {
            Self::Address { text } => message!("store.address", text),
            Self::NoDigest { text } => message!("store.no_digest", text),
            Self::Offline { name } => message!("store.offline", name),
            Self::Unreachable { host, reason } => message!("store.unreachable", host, reason),
            Self::SiteUnreachable { reason } => {
                message!("store.unreachable", host = message!("store.this_site"), reason)
            }
            Self::Cors { host, name } => message!("store.cors", host, name),
            Self::Status { name, status } => match status {
                401 | 403 => message!("store.status.permission", status, name),
                404 | 410 => message!("store.status.gone", status, name),
                429 | 500..=599 => message!("store.status.later", status, name),
                _ => message!("store.status.other", status, name),
            },
            Self::Broken { name, received, reason } => message!("store.broken", name, received, reason),
            Self::Cancelled { name } => message!("store.cancelled", name),
            Self::Length { name, received, total } => message!("store.length", name, received, total),
            Self::Hash { name, expected, got } => message!("store.hash", name, expected, got),
            Self::Full { name, needs, free } => {
                let mb = |bytes: u64| bytes.div_ceil(1_000_000);
                match (*needs, *free) {
                    (Some(needs), Some(free)) => {
                        message!("store.full_free", name, needs = mb(needs), free = mb(free))
                    }
                    (Some(needs), None) => message!("store.full_needs", name, needs = mb(needs)),
                    (None, _) => message!("store.full", name),
                }
            }
            Self::Busy { name } => message!("store.busy", name),
            Self::Storage { reason } => message!("store.storage", reason),
        }
    }
}
