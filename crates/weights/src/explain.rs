//! The messages of the errors of this crate.

use messages::{Explain, Message, display_in_english, message};

use crate::checkpoint::CheckpointError;
use crate::error::WeightsError;
use crate::mismatch::{TensorMismatch, TensorMismatches};
use crate::seed::SeedError;

display_in_english!(SeedError, WeightsError, TensorMismatch, TensorMismatches, CheckpointError);

impl Explain for SeedError {
    fn message(&self) -> Message {
        let Self { text } = self;
        message!("weights.seed", text)
    }
}

impl Explain for WeightsError {
    fn message(&self) -> Message {
        match self {
            Self::Checkpoint(reason) => message!("weights.checkpoint", reason),
            Self::Unfit { network, faults } => message!("weights.unfit", network, faults),
            Self::NoNetworkFits { nearest, faults } => message!("weights.of_none", nearest, faults),
            Self::NotBundled { network } => message!("weights.not_bundled", network),
            Self::Unwritable { reason } => message!("weights.unwritable", reason),
        }
    }
}

impl Explain for TensorMismatch {
    fn message(&self) -> Message {
        match self {
            Self::Missing { name } => message!("misfit.missing", name),
            Self::Extra { name } => message!("misfit.extra", name),
            Self::Twice { name } => message!("misfit.twice", name),
            Self::Type { name, dtype } => message!("misfit.dtype", name, dtype),
            Self::Shape { name, got, wanted } => {
                message!("misfit.shape", name, got = format!("{got:?}"), wanted = format!("{wanted:?}"))
            }
        }
    }
}

impl Explain for TensorMismatches {
    fn message(&self) -> Message {
        let listed = Message::list(&self.listed, message!("misfit.comma"));
        match self.more {
            0 => listed,
            more => message!("misfit.more", told = listed, more = more),
        }
    }
}

impl Explain for CheckpointError {
    fn message(&self) -> Message {
        match self {
            Self::Read { start, end, reason } => message!("file.read", start, end, reason),
            Self::Unknown => message!("file.unknown"),
            Self::CutOff { what } => message!("file.cut_off", what),
            Self::TooMuch { what, got, most } => message!("file.too_much", what, got, most),
            Self::Malformed { what, reason } => message!("file.malformed", what, reason),
            Self::Refused { what } => message!("file.refused", what),
            Self::Layout { name, reason } => message!("file.layout", name, reason),
            Self::Damaged { name } => message!("file.damaged", name),
            Self::NoTensor { name } => message!("file.no_tensor", name),
            Self::NoFloats { name, dtype } => message!("file.no_floats", name, dtype),
            Self::NoRows { name, has, start, end } => message!("file.no_rows", name, has, start, end),
        }
    }
}
