//! The messages of [`WorkerError`].

use messages::{Explain, Message, display_in_english, message};

use super::error::WorkerError;

display_in_english!(WorkerError);

impl Explain for WorkerError {
    fn message(&self) -> Message {
        match self {
            Self::NoStart { reason } => message!("worker.no_start", reason),
            Self::Died { reason } => message!("worker.died", reason),
            Self::Failed { reason } => Message::Verbatim(reason.clone()),
            Self::Cancelled => message!("worker.cancelled"),
        }
    }
}
