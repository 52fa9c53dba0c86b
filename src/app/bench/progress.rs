//! The progress of a measurement.

use engine::EngineKind;

use std::fmt;

/// The measurement in progress.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct TimingProgress {
    /// The network.
    pub(crate) network: String,
    /// The engine.
    pub(crate) engine: EngineKind,
    /// The step of the measurement.
    pub(crate) step: TimingStep,
}

/// A step in timing a network.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum TimingStep {
    /// The network is being loaded.
    Loading,
    /// A warm-up pass: its number, and the most there will be.
    WarmUp(usize, usize),
    /// A timed pass: its number, and the most there will be.
    Pass(usize, usize),
    /// Each layer is being timed.
    Layers,
}

/// In English, for scripts.
impl fmt::Display for TimingProgress {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} on the {}: ", self.network, self.engine.name().to_uppercase())?;
        match self.step {
            TimingStep::Loading => f.write_str("loading"),
            TimingStep::WarmUp(pass, most) => write!(f, "warming up, pass {pass} of {most}"),
            TimingStep::Pass(pass, most) => write!(f, "pass {pass} of {most}"),
            TimingStep::Layers => f.write_str("timing each layer"),
        }
    }
}
