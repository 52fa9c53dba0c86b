//! The factor of an ablation, as a text.

use std::fmt;

/// The greatest factor that a text may give.
pub const MAX_SCALE: f32 = 4.0;

/// Reads a factor from 0 to [`MAX_SCALE`]. Returns `None` for any other text.
pub(super) fn read(text: &str) -> Option<f32> {
    text.parse().ok().filter(|scale| (0.0..=MAX_SCALE).contains(scale))
}

/// A scale that is written with two decimals at most.
pub(super) struct Rounded(pub(super) f32);

impl fmt::Display for Rounded {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", (self.0 * 100.0).round() / 100.0)
    }
}
