//! The messages of the errors of this crate.

use std::fmt;

use messages::{Explain, Message, display_in_english, message};

use super::any_engine::PassError;
use super::cpu::CpuError;
use super::gpu::GpuError;
use super::local_engine::EngineError;

display_in_english!(CpuError, GpuError, EngineError);

impl<C: Explain> fmt::Display for PassError<C> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.write_in_english(f)
    }
}

impl<C: Explain> Explain for PassError<C> {
    fn message(&self) -> Message {
        match self {
            Self::Cpu(error) => error.message(),
            Self::Gpu(error) => error.message(),
        }
    }
}

impl Explain for EngineError {
    fn message(&self) -> Message {
        match self {
            Self::Cpu(error) => error.message(),
            Self::Gpu(error) => error.message(),
            Self::Weights(error) => error.message(),
        }
    }
}

impl Explain for CpuError {
    fn message(&self) -> Message {
        match self {
            Self::Input { expected, got } => message!("cpu.input", got, expected),
            Self::Candle(error) => message!("cpu.candle", reason = error.to_string()),
        }
    }
}

impl Explain for GpuError {
    fn message(&self) -> Message {
        match self {
            Self::NoAdapter { reason } => message!("gpu.no_adapter", reason),
            Self::Insecure => message!("gpu.insecure"),
            Self::NoDevice { reason } => message!("gpu.no_device", reason),
            Self::Lost { reason } => message!("gpu.lost", reason),
            Self::TooLarge { what, needs, has } => message!("gpu.too_large", what, needs, has),
            Self::OutOfMemory { needs: 0 } => message!("gpu.full"),
            Self::OutOfMemory { needs } => {
                message!("gpu.full_needs", needs = format!("{:.0}", *needs as f64 / f64::from(1 << 20)))
            }
            Self::NotAblatable => message!("gpu.not_ablatable"),
            Self::Tensor { name, reason } => message!("gpu.tensor", name, reason),
            Self::Validation { reason } => message!("gpu.validation", reason),
            Self::Readback { reason } => message!("gpu.readback", reason),
            Self::Screen { reason } => message!("gpu.screen", reason),
            Self::Input { expected, got } => message!("gpu.input", got, expected),
            Self::Slice { node, has, start, end } => message!("gpu.slice", node, has, start, end),
        }
    }
}
