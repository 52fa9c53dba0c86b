//! The weights of a 1x1 convolution as settings.

use super::matrix::{INPUTS, MixingMatrix, OUTPUTS, hundredths};
use crate::settings::{NumberSetting, Settings};

/// The link parameters of the weights. The last of a row is the bias.
const NAMES: [[&str; INPUTS + 1]; OUTPUTS] =
    [["w11", "w12", "w13", "w14", "b1"], ["w21", "w22", "w23", "w24", "b2"], ["w31", "w32", "w33", "w34", "b3"]];
/// The defaults: the first map, the mean of all, the first minus the second.
const DEFAULT: MixingMatrix = MixingMatrix([[100, 0, 0, 0, 0], [25, 25, 25, 25, 0], [100, -100, 0, 0, 0]]);

/// The settings of a matrix.
#[derive(Clone, Copy)]
pub(super) struct MatrixSettings(pub(super) [[NumberSetting; INPUTS + 1]; OUTPUTS]);

impl MatrixSettings {
    /// Adds all weights, with the link parameters in [`NAMES`].
    pub(super) fn new(settings: Settings) -> Self {
        let setting = |row: usize, column: usize| {
            settings.number(NAMES[row][column], DEFAULT.weight(row, column), [-1.0, 1.0], 0.01)
        };
        Self(std::array::from_fn(|row| std::array::from_fn(|column| setting(row, column))))
    }

    /// Returns the current matrix.
    pub(super) fn get(self) -> MixingMatrix {
        MixingMatrix(self.0.map(|row| row.map(|setting| hundredths(setting.get()))))
    }

    /// Sets all weights at once.
    pub(super) fn set(self, matrix: &MixingMatrix) {
        for (settings, cells) in self.0.iter().zip(&matrix.0) {
            settings.iter().zip(cells).for_each(|(setting, &cell)| setting.set(f64::from(cell) / 100.0));
        }
    }
}
