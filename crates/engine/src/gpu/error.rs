//! What can go wrong on the GPU, each with what to do.

/// A failure of the GPU engine.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum GpuError {
    /// No adapter answers.
    #[error("no GPU adapter answers ({reason}); update the browser or the graphics driver, or choose the CPU engine")]
    NoAdapter {
        /// What the system says.
        reason: String,
    },
    /// The page comes by plain http: `navigator.gpu` is `[SecureContext]` (WebGPU, `NavigatorGPU`).
    #[error(
        "browsers give WebGPU only to pages that come over https; open the page over https or from localhost, or \
         choose the CPU engine"
    )]
    Insecure,
    /// The adapter gives no device.
    #[error("the GPU adapter gives no device ({reason}); reload the page, or choose the CPU engine")]
    NoDevice {
        /// What the system says.
        reason: String,
    },
    /// The device is gone: driver reset, GPU unplugged, browser's decision, or destroyed on purpose.
    #[error("the GPU device was lost ({reason}); start the GPU engine anew, or choose the CPU engine")]
    Lost {
        /// What the system says.
        reason: String,
    },
    /// A buffer is larger than this adapter can bind.
    #[error(
        "{what} needs {needs} bytes in one piece, this GPU takes {has}; choose the CPU engine or a smaller network"
    )]
    TooLarge {
        /// The buffer.
        what: String,
        /// Its bytes.
        needs: u64,
        /// The adapter's limit in bytes.
        has: u64,
    },
    /// The GPU's memory is full.
    #[error(
        "the GPU's memory is full{}; close other pages that use it, or choose the CPU engine or a smaller network",
        needed(*.needs)
    )]
    OutOfMemory {
        /// Bytes of all that is asked for; 0 where that is not known.
        needs: u64,
    },
    /// Something is to be cut where not every output is kept.
    #[error("parts can be cut where every output is kept alone; build the network so")]
    Cut,
    /// A tensor cannot be had.
    #[error("the tensor {name} cannot be had ({reason}); choose other weights")]
    Tensor {
        /// Its name.
        name: String,
        /// Why.
        reason: String,
    },
    /// A command was refused: a fault of ours.
    #[error("the GPU refused a command ({reason}); please report this, and choose the CPU engine meanwhile")]
    Validation {
        /// What the system says.
        reason: String,
    },
    /// Results could not be read back.
    #[error("the GPU's results could not be read back ({reason}); try again, or choose the CPU engine")]
    Readback {
        /// What the system says.
        reason: String,
    },
    /// A canvas cannot show what the GPU draws.
    #[error("this canvas cannot show what the GPU draws ({reason}); the picture is drawn in two dimensions instead")]
    Screen {
        /// What the system says.
        reason: String,
    },
    /// The input is not as long as the network's.
    #[error("the input has {got} values, the network takes {expected}; give it a picture of its size")]
    Input {
        /// What the network takes.
        expected: usize,
        /// What was given.
        got: usize,
    },
    /// A slice reaches past its node's output.
    #[error("{node} has {has} values, {start}..{end} were asked for; ask for fewer")]
    Slice {
        /// The node's name.
        node: String,
        /// Its values.
        has: usize,
        /// The first value asked for.
        start: usize,
        /// The one past the last.
        end: usize,
    },
}

/// How much is needed, as the end of a clause.
fn needed(bytes: u64) -> String {
    match bytes {
        0 => String::new(),
        _ => format!(" (this network needs {:.0} MiB of it)", bytes as f64 / f64::from(1 << 20)),
    }
}

impl GpuError {
    /// The same error, which now knows how many bytes were asked for.
    #[must_use]
    pub(super) fn needing(self, bytes: u64) -> Self {
        match self {
            Self::OutOfMemory { .. } => Self::OutOfMemory { needs: bytes },
            other => other,
        }
    }
}

impl From<wgpu::Error> for GpuError {
    fn from(error: wgpu::Error) -> Self {
        match error {
            wgpu::Error::OutOfMemory { .. } => Self::OutOfMemory { needs: 0 },
            other => Self::Validation { reason: other.to_string() },
        }
    }
}
