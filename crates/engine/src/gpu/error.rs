//! Errors of the GPU engine. Each message says what to do.

/// An error of the GPU engine.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum GpuError {
    /// There is no adapter.
    NoAdapter {
        /// The reason that the system gives.
        reason: String,
    },
    /// The page was loaded over plain http, where `navigator.gpu` is missing: it is `[SecureContext]` (WebGPU,
    /// `NavigatorGPU`).
    Insecure,
    /// The adapter refuses to open a device.
    NoDevice {
        /// The reason that the system gives.
        reason: String,
    },
    /// The device is lost: the driver was reset, the GPU unplugged, or the device closed by the browser or by us.
    Lost {
        /// The reason that the system gives.
        reason: String,
    },
    /// A buffer is larger than the adapter can bind.
    TooLarge {
        /// The name of the buffer or tensor.
        what: String,
        /// Its size in bytes.
        needs: u64,
        /// The adapter's limit in bytes.
        has: u64,
    },
    /// The GPU is out of memory.
    OutOfMemory {
        /// The number of bytes requested in all, or 0 if it is not known.
        needs: u64,
    },
    /// An ablation needs a network that keeps every output.
    NotAblatable,
    /// A tensor cannot be loaded.
    Tensor {
        /// The name of the tensor.
        name: String,
        /// The reason.
        reason: String,
    },
    /// The GPU refused a command. This is a bug of ours.
    Validation {
        /// The reason that the system gives.
        reason: String,
    },
    /// Results could not be read back.
    Readback {
        /// The reason that the system gives.
        reason: String,
    },
    /// A canvas cannot show what the GPU draws.
    Screen {
        /// The reason that the system gives.
        reason: String,
    },
    /// The input does not have the network's size.
    Input {
        /// The number of values that the network takes.
        expected: usize,
        /// The number of values given.
        got: usize,
    },
    /// A requested slice reaches beyond the output of its node.
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
