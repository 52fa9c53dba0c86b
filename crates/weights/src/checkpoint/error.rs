//! The errors of checkpoint files.

use super::other_format::OtherFormat;

/// The reason why a checkpoint is refused.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum CheckpointError {
    /// The bytes cannot be read.
    Read {
        /// The first byte asked for.
        start: u64,
        /// The byte after the last.
        end: u64,
        /// The error of the system or the browser.
        reason: String,
    },
    /// The file has none of the supported formats.
    OtherFormat {
        /// Its format.
        format: OtherFormat,
    },
    /// There are no tensors at the place asked for.
    NoPlace {
        /// The place, with characters that do not print escaped.
        path: String,
        /// The places with tensors, with commas between them.
        has: String,
    },
    /// The file ends before a part of it does.
    CutOff {
        /// The part that is incomplete.
        what: &'static str,
    },
    /// A number in the file is greater than in any checkpoint of these networks.
    TooMuch {
        /// A name for the things that are counted.
        what: &'static str,
        /// The number that the file gives.
        got: u64,
        /// The limit.
        most: u64,
    },
    /// A part does not follow its format.
    Malformed {
        /// The part.
        what: &'static str,
        /// The fault.
        reason: String,
    },
    /// A pickle asks for something that this reader does not know.
    Refused {
        /// The operation or name that it asks for.
        what: String,
    },
    /// The strides are not those of a tensor with memory of its own.
    Layout {
        /// The tensor.
        name: String,
        /// The fault.
        reason: String,
    },
    /// The values differ from those that were saved.
    Damaged {
        /// The tensor during whose reading this was found.
        name: String,
    },
    /// There is no such tensor.
    NoTensor {
        /// The name asked for.
        name: String,
    },
    /// The values are not floating-point numbers of at most 64 bits.
    NoFloats {
        /// The tensor.
        name: String,
        /// Its type.
        dtype: &'static str,
    },
    /// Rows beyond the last were asked for.
    NoRows {
        /// The tensor.
        name: String,
        /// Its number of rows, which is its leading dimension.
        has: usize,
        /// The first row asked for.
        start: usize,
        /// The row after the last.
        end: usize,
    },
}

impl CheckpointError {
    /// Returns the error for a part that does not follow its format.
    pub(super) fn malformed(what: &'static str, reason: impl Into<String>) -> Self {
        Self::Malformed { what, reason: reason.into() }
    }
}

/// Fails if `got` is greater than `most`.
pub(super) fn at_most(what: &'static str, got: u64, most: u64) -> Result<(), CheckpointError> {
    if got > most { Err(CheckpointError::TooMuch { what, got, most }) } else { Ok(()) }
}
