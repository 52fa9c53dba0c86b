//! The constants of local response normalization as settings.

use crate::settings::{NumberSetting, Settings};
use net::LocalResponseNorm;

/// The constants of the normalization. The setting of alpha is its power of ten.
#[derive(Clone, Copy)]
pub(super) struct NormConstants {
    pub(super) k: NumberSetting,
    pub(super) n: NumberSetting,
    pub(super) alpha: NumberSetting,
    pub(super) beta: NumberSetting,
}

impl NormConstants {
    /// Adds all constants. The defaults are the paper's.
    pub(super) fn new(settings: Settings) -> Self {
        Self {
            k: settings.number("k", 2.0, [0.5, 5.0], 0.5),
            n: settings.whole("n", 5, [1, 15]),
            alpha: settings.number("alpha", -4.0, [-5.0, 0.0], 0.5),
            beta: settings.number("beta", 0.75, [0.0, 1.5], 0.05),
        }
    }

    /// Returns the constants.
    pub(super) fn get(self) -> LocalResponseNorm {
        let alpha = 10f64.powf(self.alpha.get());
        LocalResponseNorm { size: self.n.whole(), alpha, beta: self.beta.get(), k: self.k.get() }
    }
}
