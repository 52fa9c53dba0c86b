//! The error of the CPU engine.

/// An error of the CPU engine.
#[derive(Debug, thiserror::Error)]
pub enum CpuError {
    /// The input does not have the network's size.
    #[error("the input has {got} values, and the network takes {expected}")]
    Input {
        /// The number of values of one picture.
        expected: usize,
        /// The number of values given.
        got: usize,
    },
    /// candle refused an operation.
    #[error("the CPU engine could not compute this ({0})")]
    Candle(#[from] candle_core::Error),
}
