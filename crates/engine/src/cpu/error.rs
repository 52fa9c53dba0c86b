//! The error of the CPU engine.

/// An error of the CPU engine.
#[derive(Debug, thiserror::Error)]
pub enum CpuError {
    /// The input does not have the network's size.
    Input {
        /// The number of values of one picture.
        expected: usize,
        /// The number of values given.
        got: usize,
    },
    /// candle refused an operation.
    Candle(#[from] candle_core::Error),
}
