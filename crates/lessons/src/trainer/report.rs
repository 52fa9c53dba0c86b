//! The report of a trainer.

use serde::{Deserialize, Serialize};

use super::messages::TrainingStepFields;
use analysis::lesson::TrainingStep;

/// The progress of a training.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub(crate) struct TrainingReport {
    /// The number of the training, from the command that began it.
    pub(crate) run: u32,
    /// The last step.
    #[serde(with = "TrainingStepFields")]
    pub(crate) step: TrainingStep,
    /// Milliseconds that the steps of this epoch have taken so far.
    pub(crate) milliseconds: f64,
}
