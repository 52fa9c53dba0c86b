//! What can be wrong with a file of weights.

/// Why a checkpoint is refused.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum CheckpointError {
    /// The bytes are not to be had.
    #[error("its bytes {start} to {end} cannot be read ({reason}); try again")]
    Read {
        /// The first byte asked for.
        start: u64,
        /// The byte after the last.
        end: u64,
        /// What the system or the browser says.
        reason: String,
    },
    /// Neither format.
    #[error("it is no checkpoint: neither safetensors nor what torch.save writes; choose a .safetensors or .pth file")]
    Unknown,
    /// There is less than was promised.
    #[error("it is cut off in {what}; fetch it again")]
    CutOff {
        /// The part that is not all there.
        what: &'static str,
    },
    /// There is more than a checkpoint of these networks ever has.
    #[error("{what}: {got}, and at most {most} is read; choose another file")]
    TooMuch {
        /// What was counted.
        what: &'static str,
        /// What the file says.
        got: u64,
        /// The limit.
        most: u64,
    },
    /// A part that does not follow its format.
    #[error("{what} cannot be read ({reason}); fetch the file again, or choose another")]
    Malformed {
        /// The part.
        what: &'static str,
        /// What is wrong with it.
        reason: String,
    },
    /// A pickle that asks for more than tensors.
    #[error("its pickle asks for {what}, and only tensors are built; save the state_dict alone")]
    Refused {
        /// What it asks for.
        what: String,
    },
    /// Strides that no tensor of its own memory has.
    #[error("{name} does not lie in its storage as a tensor does ({reason}); save it with .contiguous()")]
    Layout {
        /// The tensor.
        name: String,
        /// What is wrong.
        reason: String,
    },
    /// Values that are not those that were saved.
    #[error("the values of {name} are damaged (their CRC-32 is another); fetch the file again")]
    Damaged {
        /// The tensor that was read last of the damaged part.
        name: String,
    },
    /// No such tensor.
    #[error("it has no tensor named {name}; ask for one that it has")]
    NoTensor {
        /// The name asked for.
        name: String,
    },
    /// Values that are no real numbers of at most 64 bits.
    #[error("{name} holds {dtype} and no F32, F16, BF16 or F64; choose another tensor")]
    NoFloats {
        /// The tensor.
        name: String,
        /// Its type.
        dtype: &'static str,
    },
    /// Rows past the last.
    #[error("{name} has {has} rows, and rows {start} to {end} were asked for; ask for those it has")]
    NoRows {
        /// The tensor.
        name: String,
        /// Its leading dimension.
        has: usize,
        /// The first row asked for.
        start: usize,
        /// The row after the last.
        end: usize,
    },
}

impl CheckpointError {
    /// A part that does not follow its format.
    pub(super) fn malformed(what: &'static str, reason: impl Into<String>) -> Self {
        Self::Malformed { what, reason: reason.into() }
    }
}

/// Fails where `got` passes `most`.
pub(super) fn at_most(what: &'static str, got: u64, most: u64) -> Result<(), CheckpointError> {
    if got > most { Err(CheckpointError::TooMuch { what, got, most }) } else { Ok(()) }
}
