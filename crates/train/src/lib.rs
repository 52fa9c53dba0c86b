//! Training in candle: digits from IDX files, distorted, through layers that candle differentiates (`engine::cpu`).

mod checkpoint;
mod distort;
mod evaluate;
mod idx;
mod optimizer;
mod step;
mod trainer;

pub use distort::{Distortion, FIELD_PIXELS, FIELD_SIDE, centred, distorted};
pub use evaluate::{count_errors, picture};
pub use idx::{DIGIT_PIXELS, DIGIT_SIDE, Digits, IdxError, read_images, read_labels};
pub use trainer::{EpochReport, StepReport, Trainer};

use engine::cpu::CpuError;
use weights::WeightsError;

/// What can go wrong in training.
#[derive(Debug, thiserror::Error)]
pub enum TrainError {
    /// The digits cannot be used.
    #[error(transparent)]
    Data(#[from] IdxError),
    /// There are fewer digits than a batch has.
    #[error("{digits} digits do not fill a batch of {batch}; choose a smaller --batch")]
    TooFew {
        /// How many there are.
        digits: usize,
        /// How many a step takes.
        batch: usize,
    },
    /// A recipe that cannot be followed.
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
        /// Which file.
        path: String,
        /// Why.
        reason: std::io::Error,
    },
    /// A checkpoint cannot be gone on from.
    #[error("{path} cannot be resumed ({reason}); train without --resume, or into another directory")]
    Unusable {
        /// Which file.
        path: String,
        /// Why.
        reason: String,
    },
    /// The loss is no number any more.
    #[error("the loss is not a number any more at step {step}; choose a lower --lr")]
    Diverged {
        /// The step at which it was seen.
        step: u64,
    },
}

impl From<candle_core::Error> for TrainError {
    fn from(error: candle_core::Error) -> Self {
        Self::Engine(CpuError::Candle(error))
    }
}

/// Everything that decides what weights come out, the digits aside.
#[derive(Debug, Clone, PartialEq, serde::Serialize, serde::Deserialize)]
pub struct Recipe {
    /// The network's name.
    pub network: String,
    /// What all randomness begins with.
    pub seed: u64,
    /// Passes over the digits.
    pub epochs: usize,
    /// Digits a step.
    pub batch: usize,
    /// The peak of the one-cycle rate.
    pub rate: f64,
    /// AdamW's decay of weights.
    pub decay: f64,
    /// The part that the averaged weights keep of themselves at each step.
    pub average: f64,
    /// Where the output is distances: the distance of a further class, that of no digit, against which the right class
    /// must hold its own (j in LeCun et al. 1998, equation 9). Without it only differences of distances would count,
    /// and F6 is not drawn as near to the pictures of the digits.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub rubbish: Option<f64>,
    /// How far digits are distorted.
    pub distortion: Distortion,
    /// The part of the training after which distortions become smaller.
    pub calm_from: f32,
    /// What is left of the distortions at the end.
    pub calm_to: f32,
}

impl Recipe {
    /// It as one line.
    pub fn json(&self) -> String {
        serde_json::to_string(self).expect("should be plain numbers and names")
    }

    /// The distortions of one epoch: full first, then smaller and smaller, so that the last digits seen are nearly
    /// those of the test.
    fn distortion_at(&self, epoch: usize) -> Distortion {
        let at = epoch as f32 / (self.epochs.max(2) - 1) as f32;
        let calm = ((at - self.calm_from) / (1.0 - self.calm_from).max(1e-6)).clamp(0.0, 1.0);
        self.distortion.times(1.0 - calm * (1.0 - self.calm_to))
    }
}
