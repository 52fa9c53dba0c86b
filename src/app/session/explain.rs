//! The messages of what can go wrong while a script loads and runs networks.

use messages::{Explain, Message, display_in_english, message};

use super::error::{EngineNote, GpuUnused, SessionError};

display_in_english!(EngineNote, GpuUnused, SessionError);

impl Explain for SessionError {
    fn message(&self) -> Message {
        match self {
            Self::Net(error) => error.message(),
            Self::Store(error) => error.message(),
            Self::Weights(error) => error.message(),
            Self::Cpu(error) => error.message(),
            Self::Gpu(error) => error.message(),
            Self::NotLoaded => message!("session.not_loaded"),
            Self::Option { option, expected } => message!("session.option", option, expected),
            Self::Input { expected, shape, got } => message!("session.input", expected, shape, got),
            Self::EngineUnused(reason) => message!("session.not_served", reason),
            Self::Cancelled => message!("session.cancelled"),
        }
    }
}

impl Explain for EngineNote {
    fn message(&self) -> Message {
        match self {
            Self::CpuInstead(reason) => message!("session.served", reason),
            Self::Repeated { reason } => message!("session.repeated", reason),
        }
    }
}

/// Each message is the middle of a sentence.
impl Explain for GpuUnused {
    fn message(&self) -> Message {
        match self {
            Self::Failed(error) => error.message(),
            Self::Software { adapter } => message!("session.software", adapter),
            Self::LostAgain => message!("session.lost_again"),
        }
    }
}
