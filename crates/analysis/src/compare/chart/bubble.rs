//! The network that a circle of the chart of errors stands for.

/// A network with a published error.
#[derive(Debug, Clone, PartialEq)]
pub struct Bubble {
    /// Name of the network.
    pub network: String,
    /// Title of the network.
    pub title: String,
    /// MACs of one pass.
    pub macs: u64,
    /// Top-5 error, in percent.
    pub error: f64,
    /// Trainable parameters.
    pub parameters: u64,
    /// Index into the palette's series.
    pub colour: usize,
}
