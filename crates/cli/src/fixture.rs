//! References: activations of a network that another framework computed in float64, and the test of agreement with
//! them.

use std::path::Path;

use serde::Deserialize;

/// Recorded facts of one output: its shape, its moments, and some of its values.
#[derive(Debug, Clone, Deserialize)]
pub struct ReferenceOutput {
    /// Name of the node or block, or `logits`.
    pub name: String,
    /// Dimensions, `[batch, channels, height, width]` or `[batch, channels]`.
    pub shape: Vec<usize>,
    /// Mean of all values.
    pub mean: f64,
    /// Standard deviation of all values (of the population).
    pub std: f64,
    /// Sampled values with their row-major indices.
    pub samples: Vec<(usize, f64)>,
    /// Largest absolute error of the other framework's own pass in float32.
    pub pytorch_f32_max_abs_err: f64,
}

/// The recorded pass of one network.
#[derive(Debug, Clone, Deserialize)]
pub struct Reference {
    /// Seed of the weights: N of `seed:N`.
    pub seed: u64,
    /// Number of trainable parameters.
    pub parameters: u64,
    /// The outputs, in the order of their computation.
    pub activations: Vec<ReferenceOutput>,
}

/// Errors of reading a reference.
#[derive(Debug, thiserror::Error)]
pub enum ReferenceError {
    /// The file cannot be read.
    #[error("{path} cannot be read ({reason}); name a folder that holds NETWORK.json")]
    Read {
        /// Path of the file.
        path: String,
        /// Reason for the failure.
        reason: std::io::Error,
    },
    /// The file does not parse as a reference.
    #[error("{path} is no reference ({reason}); write it again")]
    Damaged {
        /// Path of the file.
        path: String,
        /// Error of the JSON parser.
        reason: serde_json::Error,
    },
}

impl Reference {
    /// Reads `folder/NETWORK.json`.
    ///
    /// # Errors
    /// Returns [`ReferenceError`] if the file cannot be read or does not parse.
    pub fn read(folder: &Path, network: &str) -> Result<Self, ReferenceError> {
        let file = folder.join(format!("{network}.json"));
        let path = || file.display().to_string();
        let text = std::fs::read_to_string(&file).map_err(|reason| ReferenceError::Read { path: path(), reason })?;
        serde_json::from_str(&text).map_err(|reason| ReferenceError::Damaged { path: path(), reason })
    }
}

impl ReferenceOutput {
    /// Returns the largest error of the samples, the mean and the standard deviation, in standard deviations of the
    /// reference. It is infinite if a value is missing or NaN.
    pub fn error(&self, values: &[f32]) -> f64 {
        self.absolute_errors(values).fold(0.0, |worst, off| if off.is_nan() { f64::INFINITY } else { off.max(worst) })
            / (self.std + 1e-12)
    }

    /// Returns whether every error is at most `tolerance * std + 1e-6`. NaN never agrees.
    pub fn agrees(&self, values: &[f32], tolerance: f64) -> bool {
        self.absolute_errors(values).all(|off| off <= tolerance * self.std + 1e-6)
    }

    /// Returns the absolute errors of the samples, the mean and the standard deviation.
    fn absolute_errors(&self, values: &[f32]) -> impl Iterator<Item = f64> {
        let count = values.len() as f64;
        let mean = values.iter().map(|&v| f64::from(v)).sum::<f64>() / count;
        let variance = values.iter().map(|&v| (f64::from(v) - mean).powi(2)).sum::<f64>() / count;
        let sampled = self.samples.iter().map(|&(i, want)| (values.get(i).map_or(f64::NAN, |&v| f64::from(v)), want));
        sampled.chain([(mean, self.mean), (variance.sqrt(), self.std)]).map(|(got, want)| (got - want).abs())
    }
}
