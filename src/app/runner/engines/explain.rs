//! The messages of engines that do not run a network.

use messages::{Explain, Message, display_in_english, message};

use super::fault::EngineError;
use crate::app::state::NoGpu;

display_in_english!(EngineError);

impl Explain for EngineError {
    fn message(&self) -> Message {
        let Self::Cpu(reason) = self;
        message!("engine.cpu", reason)
    }
}

impl Explain for NoGpu {
    fn message(&self) -> Message {
        match self {
            Self::Fails(error) => error.message(),
            Self::Software(adapter) => message!("gpu.software", adapter),
            Self::Slower { gpu, cpu } => {
                message!("gpu.slower", gpu = format!("{gpu:.1}"), cpu = format!("{cpu:.1}"))
            }
        }
    }
}
