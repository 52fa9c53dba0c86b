//! Values from a formula, so that a test and its reference need no file between them.

use std::ops::Range;

use crate::net::{SeedRule, TensorSpec};

/// The golden ratio's bits: the step of SplitMix64 (Steele, Lea and Flood 2014).
const GOLDEN: u64 = 0x9E37_79B9_7F4A_7C15;

/// FNV-1a of 64 bits.
fn fnv1a64(bytes: &[u8]) -> u64 {
    bytes.iter().fold(0xCBF2_9CE4_8422_2325, |hash, &byte| (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01B3))
}

/// Value `i` of the tensor `name` under `seed`: a multiple of 2^-24 in [0, 1), by SplitMix64.
fn uniform(start: u64, i: u64) -> f64 {
    let mut z = start.wrapping_add((i + 1).wrapping_mul(GOLDEN));
    z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
    z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
    z ^= z >> 31;
    (z >> 40) as f64 / f64::from(1u32 << 24)
}

/// The values of a tensor at `places`, row-major: computed in f64, stored as f32.
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
