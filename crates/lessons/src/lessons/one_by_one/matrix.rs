//! The weights of a 1x1 convolution from four maps to three.
//!
//! Nothing here needs a browser.

use analysis::lesson::mixing::{MixingWeights, weight_between};
use weights::Array;

/// The numbers of input and output maps.
pub(super) const INPUTS: usize = 4;
pub(super) const OUTPUTS: usize = 3;

/// The weights of each output, and its bias as the last of the row, in hundredths.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct MixingMatrix(pub(super) [[i32; INPUTS + 1]; OUTPUTS]);

/// Rounds to hundredths.
pub(super) fn hundredths(value: f64) -> i32 {
    (value * 100.0).round() as i32
}

impl MixingMatrix {
    /// Creates the weights of an example, without biases.
    pub(super) fn mixture(mixture: MixingWeights) -> Self {
        Self(std::array::from_fn(|output| {
            std::array::from_fn(
                |input| if input < INPUTS { hundredths(mixture.weight(output, input, INPUTS)) } else { 0 },
            )
        }))
    }

    /// Reads the weights between the maps `read` and `given` of a trained convolution, rounded to hundredths.
    pub(super) fn trained(
        weight: &Array,
        bias: &Array,
        given: &[usize; OUTPUTS],
        read: &[usize; INPUTS],
    ) -> Option<Self> {
        let mut matrix = Self([[0; INPUTS + 1]; OUTPUTS]);
        for (row, &output) in matrix.0.iter_mut().zip(given) {
            for (cell, &input) in row.iter_mut().zip(read) {
                *cell = hundredths(f64::from(weight_between(weight, output, input)?));
            }
            row[INPUTS] = hundredths(f64::from(*bias.values.get(output)?));
        }
        Some(matrix)
    }

    /// Returns the weight from map `input` to map `output`.
    pub(super) fn weight(&self, output: usize, input: usize) -> f64 {
        f64::from(self.0[output][input]) / 100.0
    }

    /// Returns the bias of map `output`.
    pub(super) fn bias(&self, output: usize) -> f64 {
        self.weight(output, INPUTS)
    }

    /// Returns the weights, `[output, input]`.
    pub(super) fn weights(&self) -> Vec<f32> {
        self.0.iter().flat_map(|row| row[..INPUTS].iter().map(|&cell| cell as f32 / 100.0)).collect()
    }

    /// Returns the biases.
    pub(super) fn biases(&self) -> Vec<f32> {
        self.0.iter().map(|row| row[INPUTS] as f32 / 100.0).collect()
    }
}
