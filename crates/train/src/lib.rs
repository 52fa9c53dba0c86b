//! Training in candle: distorted digits from IDX files pass through differentiable layers (`engine::cpu`).
//!
//! A training is determined by its [`Recipe`] and its digits: random numbers come from the seed, and the gradient of a
//! batch is summed in a fixed order on any number of threads. It writes a checkpoint after each epoch and can resume
//! from it. `docs/training.md` describes the command. The networks for CIFAR-10 are trained in PyTorch (`training/`).

mod checkpoint;
mod distort;
mod evaluate;
mod idx;
mod optimizer;
mod step;
mod trainer;

pub use distort::{Distortion, FIELD_PIXELS, FIELD_SIDE, write_centred, write_distorted};
pub use evaluate::{count_errors, normalize_ink};
pub use idx::{DIGIT_PIXELS, DIGIT_SIDE, Digits, IdxError, is_emnist, read_images, read_labels};
pub use trainer::{EpochReport, StepReport, Trainer};

use engine::cpu::CpuError;
use weights::WeightsError;

/// Errors of training.
#[derive(Debug, thiserror::Error)]
pub enum TrainError {
    /// The digits cannot be used.
    #[error(transparent)]
    Data(#[from] IdxError),
    /// There are fewer digits than one batch needs.
    #[error("{digits} digits do not fill a batch of {batch}; choose a smaller --batch")]
    TooFewDigits {
        /// Number of digits.
        digits: usize,
        /// Digits per step.
        batch: usize,
    },
    /// The recipe cannot be used.
    #[error("{0}")]
    Recipe(String),
    /// The engine failed.
    #[error(transparent)]
    Engine(#[from] CpuError),
    /// The weights cannot be made or written.
    #[error(transparent)]
    Weights(#[from] WeightsError),
    /// A file cannot be written.
    #[error("{path} cannot be written ({reason})")]
    Unwritable {
        /// Path of the file.
        path: String,
        /// Reason for the failure.
        reason: std::io::Error,
    },
    /// Training cannot resume from the checkpoint.
    #[error("{path} cannot be resumed ({reason}); train without --resume, or into another directory")]
    UnusableCheckpoint {
        /// Path of the file.
        path: String,
        /// Reason for the failure.
        reason: String,
    },
    /// The loss is not a finite number.
    #[error("the loss is not a number any more at step {step}; choose a lower --lr")]
    Diverged {
        /// The step at which it was found.
        step: u64,
    },
}

impl From<candle_core::Error> for TrainError {
    fn from(error: candle_core::Error) -> Self {
        Self::Engine(CpuError::Candle(error))
    }
}

/// All settings of a training. Together with the digits, they determine the resulting weights.
#[derive(Debug, Clone, PartialEq, serde::Serialize, serde::Deserialize)]
pub struct Recipe {
    /// Name of the network.
    pub network: String,
    /// Seed of all random numbers.
    pub seed: u64,
    /// Passes over the digits.
    pub epochs: usize,
    /// Digits per step.
    pub batch: usize,
    /// Peak of the one-cycle learning rate.
    pub rate: f64,
    /// Weight decay of AdamW.
    pub decay: f64,
    /// Share of the averaged weights that is kept at each step.
    pub average: f64,
    /// For outputs that are distances: the distance of an additional class, which stands for no digit (j in LeCun et
    /// al. 1998, equation 9).
    ///
    /// The right class must have a smaller distance than that. Without it, only the differences of distances would
    /// count, and training would not draw F6 as near to the bitmaps of the digits.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub rubbish: Option<f64>,
    /// Limits of the random distortions.
    pub distortion: Distortion,
    /// Fraction of the training after which distortions become weaker.
    pub calm_from: f32,
    /// Fraction of the distortions that is left at the end.
    pub calm_to: f32,
}

impl Recipe {
    /// Returns the recipe as one line of JSON.
    pub fn json(&self) -> String {
        serde_json::to_string(self).expect("should be plain numbers and names")
    }

    /// Returns the distortion of one epoch. It is at full strength first and then becomes weaker, so that the last
    /// digits of the training are similar to the test digits.
    fn distortion_at(&self, epoch: usize) -> Distortion {
        let at = epoch as f32 / (self.epochs.max(2) - 1) as f32;
        let calm = ((at - self.calm_from) / (1.0 - self.calm_from).max(1e-6)).clamp(0.0, 1.0);
        self.distortion.scaled(1.0 - calm * (1.0 - self.calm_to))
    }
}
