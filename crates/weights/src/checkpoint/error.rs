//! The errors of checkpoint files.

/// The reason why a checkpoint is refused.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum CheckpointError {
    /// The bytes cannot be read.
    #[error("its bytes {start} to {end} cannot be read ({reason}); try again")]
    Read {
        /// The first byte asked for.
        start: u64,
        /// The byte after the last.
        end: u64,
        /// The error of the system or the browser.
        reason: String,
    },
    /// The file has none of the supported formats.
    #[error(
        "it is no checkpoint: neither a safetensors file nor one that torch.save writes; choose a .safetensors or .pth file"
    )]
    Unknown,
    /// The file ends before a part of it does.
    #[error("it is cut off in {what}; fetch it again")]
    CutOff {
        /// The part that is incomplete.
        what: &'static str,
    },
    /// A number in the file is greater than in any checkpoint of these networks.
    #[error("{what}: {got}, and at most {most} is read; choose another file")]
    TooMuch {
        /// A name for the things that are counted.
        what: &'static str,
        /// The number that the file gives.
        got: u64,
        /// The limit.
        most: u64,
    },
    /// A part does not follow its format.
    #[error("{what} cannot be read ({reason}); fetch the file again, or choose another")]
    Malformed {
        /// The part.
        what: &'static str,
        /// The fault.
        reason: String,
    },
    /// A pickle asks for something other than tensors.
    #[error("its pickle asks for {what}, and only tensors are built; save the state_dict alone")]
    Refused {
        /// The operation or name that it asks for.
        what: String,
    },
    /// The strides are not those of a tensor with memory of its own.
    #[error("{name} is not laid out in its storage as a tensor ({reason}); save it with .contiguous()")]
    Layout {
        /// The tensor.
        name: String,
        /// The fault.
        reason: String,
    },
    /// The values differ from those that were saved.
    #[error("the values of {name} are damaged (their CRC-32 does not match); fetch the file again")]
    Damaged {
        /// The tensor during whose reading this was found.
        name: String,
    },
    /// There is no such tensor.
    #[error("it has no tensor named {name}; ask for one that it has")]
    NoTensor {
        /// The name asked for.
        name: String,
    },
    /// The values are not floating-point numbers of at most 64 bits.
    #[error("{name} holds {dtype}, not F32, F16, BF16 or F64; choose another tensor")]
    NoFloats {
        /// The tensor.
        name: String,
        /// Its type.
        dtype: &'static str,
    },
    /// Rows beyond the last were asked for.
    #[error("{name} has {has} rows, and rows {start} to {end} were asked for; ask for those it has")]
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
