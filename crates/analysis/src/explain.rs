//! The messages of the errors of this crate.

use messages::{Explain, Message, display_in_english, message};

use super::compare::chart::ChartError;
use super::evidence::OcclusionError;
use super::lesson::{CurveError, MiniNetworkError, TrainingError};

display_in_english!(ChartError, OcclusionError, CurveError, MiniNetworkError, TrainingError);

impl Explain for ChartError {
    fn message(&self) -> Message {
        let Self::Draw(reason) = self;
        message!("chart.draw", reason)
    }
}

impl Explain for OcclusionError {
    fn message(&self) -> Message {
        match self {
            Self::Patch { patch, most } => message!("occlusion.patch", patch, most),
            Self::Stride { stride, most } => message!("occlusion.stride", stride, most),
        }
    }
}

impl Explain for CurveError {
    fn message(&self) -> Message {
        match self {
            Self::Column(name) => message!("curve.column", name),
            Self::Line(line) => message!("curve.line", line),
            Self::Empty => message!("curve.empty"),
        }
    }
}

impl Explain for MiniNetworkError {
    fn message(&self) -> Message {
        match self {
            Self::Net(error) => error.message(),
            Self::Weights(error) => error.message(),
            Self::Cpu(error) => error.message(),
        }
    }
}

impl Explain for TrainingError {
    fn message(&self) -> Message {
        match self {
            Self::Pictures => message!("training.pictures"),
            Self::Net(error) => error.message(),
            Self::Cpu(error) => error.message(),
            Self::Candle(error) => message!("training.candle", reason = error.to_string()),
        }
    }
}
