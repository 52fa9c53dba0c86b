//! One pass over a digit through the first layers of LeNet-5.

use crate::error::LessonError;
use crate::examples::{Example, example};
use crate::maps::extent;
use crate::network::TrainedNetwork;
use layerscope::app::components::picture::Cells;
use scene::paint::Ramp;
use weights::Array;

/// The network.
pub(super) const NETWORK: &str = "lenet5";
/// Sides in pixels: the input field, a kernel of C1, and the maps of C1, S2 and C3.
pub(super) const FIELD: usize = 32;
pub(super) const KERNEL: usize = 5;
pub(super) const C1: usize = FIELD - KERNEL + 1;
pub(super) const S2: usize = C1 / 2;
pub(super) const C3: usize = S2 - KERNEL + 1;

/// One pass over a digit, with the tensors of the first layers. Maps are `[channels, height, width]`.
pub(super) struct DigitPass {
    pub(super) example: Example,
    pub(super) c1: Vec<f32>,
    pub(super) s2: Vec<f32>,
    pub(super) c3: Vec<f32>,
    /// The distances to the ten digits.
    distances: Vec<f32>,
    /// The kernels and biases of C1.
    pub(super) kernels: Array,
    pub(super) biases: Array,
    /// The coefficients and biases of S2.
    pub(super) coefficients: Array,
    pub(super) shifts: Array,
}

impl DigitPass {
    /// Runs test digit `index` with the ablations `ablations`.
    ///
    /// # Errors
    /// [`LessonError`] if the network or the digit does not load.
    pub(super) async fn run(index: usize, ablations: String) -> Result<Self, LessonError> {
        let network = TrainedNetwork::open(NETWORK).await?;
        let example = example(&network.graph, index).await?;
        let outputs = network.pass(&example.input, &["C1", "S2", "C3", "output"], &ablations).await?;
        let unlike = |_| LessonError::Unlike { network: NETWORK };
        let [c1, s2, c3, distances] = outputs.try_into().map_err(unlike)?;
        let (kernels, biases) = (network.tensor("C1.weight").await?, network.tensor("C1.bias").await?);
        let (coefficients, shifts) = (network.tensor("S2.weight").await?, network.tensor("S2.bias").await?);
        Ok(Self { example, c1, s2, c3, distances, kernels, biases, coefficients, shifts })
    }

    /// Returns the digit with the least distance.
    pub(super) fn answer(&self) -> Option<usize> {
        let distances = self.distances.iter().enumerate();
        distances.min_by(|(_, a), (_, b)| a.total_cmp(b)).map(|(digit, _)| digit)
    }
}

/// Returns one of several maps of `side` x `side`, on the scale of all of them.
pub(super) fn map_cells(values: &[f32], side: usize, map: usize) -> Option<Cells> {
    let area = side * side;
    let one = values.get(map * area..(map + 1) * area)?.to_vec();
    Some(Cells { values: one, columns: side, ramp: Ramp::Signed, extent: extent(values) })
}
