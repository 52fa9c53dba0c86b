//! Errors of the GPU engine. Each message says what to do.

/// An error of the GPU engine.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum GpuError {
    /// There is no adapter.
    #[error("no GPU adapter answers ({reason}); update the browser or the graphics driver, or choose the CPU engine")]
    NoAdapter {
        /// The reason that the system gives.
        reason: String,
    },
    /// The page was loaded over plain http, where `navigator.gpu` is missing: it is `[SecureContext]` (WebGPU,
    /// `NavigatorGPU`).
    #[error(
        "browsers provide WebGPU only to pages that come over https; open the page over https or from localhost, or \
         choose the CPU engine"
    )]
    Insecure,
    /// The adapter refuses to open a device.
    #[error("the GPU adapter provides no device ({reason}); reload the page, or choose the CPU engine")]
    NoDevice {
        /// The reason that the system gives.
        reason: String,
    },
    /// The device is lost: the driver was reset, the GPU unplugged, or the device closed by the browser or by us.
    #[error("the GPU device was lost ({reason}); start the GPU engine again, or choose the CPU engine")]
    Lost {
        /// The reason that the system gives.
        reason: String,
    },
    /// A buffer is larger than the adapter can bind.
    #[error(
        "{what} needs {needs} bytes in one piece, but this GPU takes at most {has}; choose the CPU engine or a smaller network"
    )]
    TooLarge {
        /// The name of the buffer or tensor.
        what: String,
        /// Its size in bytes.
        needs: u64,
        /// The adapter's limit in bytes.
        has: u64,
    },
    /// The GPU is out of memory.
    #[error(
        "the GPU's memory is full{}; close other pages that use it, or choose the CPU engine or a smaller network",
        needed(*.needs)
    )]
    OutOfMemory {
        /// The number of bytes requested in all, or 0 if it is not known.
        needs: u64,
    },
    /// An ablation needs a network that keeps every output.
    #[error("parts can be switched off only in a network that keeps every output; build it with all outputs kept")]
    NotAblatable,
    /// A tensor cannot be loaded.
    #[error("the tensor {name} cannot be read ({reason}); choose other weights")]
    Tensor {
        /// The name of the tensor.
        name: String,
        /// The reason.
        reason: String,
    },
    /// The GPU refused a command. This is a bug of ours.
    #[error("the GPU refused a command ({reason}); please report this, and choose the CPU engine meanwhile")]
    Validation {
        /// The reason that the system gives.
        reason: String,
    },
    /// Results could not be read back.
    #[error("the GPU's results could not be read back ({reason}); try again, or choose the CPU engine")]
    Readback {
        /// The reason that the system gives.
        reason: String,
    },
    /// A canvas cannot show what the GPU draws.
    #[error("this canvas cannot show what the GPU draws ({reason}); the picture is drawn on a 2D canvas instead")]
    Screen {
        /// The reason that the system gives.
        reason: String,
    },
    /// The input does not have the network's size.
    #[error("the input has {got} values, the network takes {expected}; give it a picture of its size")]
    Input {
        /// The number of values that the network takes.
        expected: usize,
        /// The number of values given.
        got: usize,
    },
    /// A requested slice reaches beyond the output of its node.
    #[error("{node} has {has} values, {start}..{end} were asked for; ask for fewer")]
    Slice {
        /// The name of the node.
        node: String,
        /// The number of values it has.
        has: usize,
        /// The index of the first value requested.
        start: usize,
        /// The index after the last value requested.
        end: usize,
    },
}

/// Formats the memory needed as the end of a clause.
fn needed(bytes: u64) -> String {
    match bytes {
        0 => String::new(),
        _ => format!(" (this network needs {:.0} MiB of it)", bytes as f64 / f64::from(1 << 20)),
    }
}

impl GpuError {
    /// Adds the number of bytes requested to an out-of-memory error.
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
