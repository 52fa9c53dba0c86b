//! The yardstick: activations of a network that another framework computed in float64, and what it means to agree.

use std::path::Path;

use serde::Deserialize;

/// What is known of one output: its shape, its moments, and some of its values.
#[derive(Debug, Clone, Deserialize)]
pub struct Activation {
    /// The node, the block, or `logits`.
    pub name: String,
    /// Dimensions, NCHW or NC.
    pub shape: Vec<usize>,
    /// The mean of all values.
    pub mean: f64,
    /// Their standard deviation (of the population).
    pub std: f64,
    /// Places, row-major, and the values there.
    pub samples: Vec<(usize, f64)>,
    /// The largest error of the other framework's own run in float32.
    pub pytorch_f32_max_abs_err: f64,
}

/// All that is known of one network's pass.
#[derive(Debug, Clone, Deserialize)]
pub struct Reference {
    /// N of the weights `seed:N`.
    pub seed: u64,
    /// Trainable parameters.
    pub parameters: u64,
    /// The outputs, in the order in which they were computed.
    pub activations: Vec<Activation>,
}

/// What can be wrong with a reference.
#[derive(Debug, thiserror::Error)]
pub enum ReferenceError {
    /// The file cannot be read.
    #[error("{path} cannot be read ({reason}); name a folder that holds NETWORK.json")]
    Read {
        /// Which file.
        path: String,
        /// Why.
        reason: std::io::Error,
    },
    /// The file is no reference.
    #[error("{path} is no reference ({reason}); make it anew")]
    Damaged {
        /// Which file.
        path: String,
        /// What the reader found.
        reason: serde_json::Error,
    },
}

impl Reference {
    /// Reads `folder/network.json`.
    ///
    /// # Errors
    /// [`ReferenceError`] where it is not there or not whole.
    pub fn read(folder: &Path, network: &str) -> Result<Self, ReferenceError> {
        let file = folder.join(format!("{network}.json"));
        let path = || file.display().to_string();
        let text = std::fs::read_to_string(&file).map_err(|reason| ReferenceError::Read { path: path(), reason })?;
        serde_json::from_str(&text).map_err(|reason| ReferenceError::Damaged { path: path(), reason })
    }
}

impl Activation {
    /// The largest error of the samples, the mean and the standard deviation, in standard deviations; infinite where a
    /// value is missing or no number.
    pub fn error(&self, values: &[f32]) -> f64 {
        self.differences(values).fold(0.0, |worst, off| if off.is_nan() { f64::INFINITY } else { off.max(worst) })
            / (self.std + 1e-12)
    }

    /// Whether each of them is within `tolerance * std + 1e-6`. NaN never is.
    pub fn agrees(&self, values: &[f32], tolerance: f64) -> bool {
        self.differences(values).all(|off| off <= tolerance * self.std + 1e-6)
    }

    /// How far the samples, the mean and the standard deviation are off.
    fn differences(&self, values: &[f32]) -> impl Iterator<Item = f64> {
        let count = values.len() as f64;
        let mean = values.iter().map(|&v| f64::from(v)).sum::<f64>() / count;
        let variance = values.iter().map(|&v| (f64::from(v) - mean).powi(2)).sum::<f64>() / count;
        let sampled = self.samples.iter().map(|&(i, want)| (values.get(i).map_or(f64::NAN, |&v| f64::from(v)), want));
        sampled.chain([(mean, self.mean), (variance.sqrt(), self.std)]).map(|(got, want)| (got - want).abs())
    }
}
