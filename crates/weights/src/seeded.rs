//! Weights from a formula, so that a test and its reference can use the same weights without a file.

use std::ops::Range;

use super::splitmix::{GOLDEN, uniform};
use net::{SeedRule, TensorSpec};

/// Computes the 64-bit FNV-1a hash.
fn fnv1a64(bytes: &[u8]) -> u64 {
    bytes.iter().fold(0xCBF2_9CE4_8422_2325, |hash, &byte| (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01B3))
}

/// Generates the values of the tensor `name` for `seed` at the indices `places`, row-major, with SplitMix64. They are
/// computed in f64 and rounded to f32.
pub(super) fn fill(name: &str, spec: &TensorSpec, seed: u64, places: Range<usize>) -> Vec<f32> {
    let start = fnv1a64(name.as_bytes()) ^ seed.wrapping_mul(GOLDEN);
    let fan_in: usize = spec.dims.iter().skip(1).product();
    let bound = (6.0 / fan_in.max(1) as f64).sqrt();
    (places.start as u64..places.end as u64)
        .map(|i| {
            let u = uniform(start, i);
            let value = match spec.seed {
                SeedRule::Signs if u >= 0.5 => 1.0,
                SeedRule::Signs => -1.0,
                SeedRule::Range { low, span } => low + span * u,
                SeedRule::FanIn => (2.0 * u - 1.0) * bound,
                SeedRule::Small => (2.0 * u - 1.0) * 0.1,
            };
            value as f32
        })
        .collect()
}
