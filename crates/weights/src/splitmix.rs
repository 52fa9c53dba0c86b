//! SplitMix64 (Steele, Lea and Flood 2014): pseudorandom numbers from a seed and an index.

/// The increment between two states of the generator: 2^64 divided by the golden ratio, as an odd integer.
pub const GOLDEN: u64 = 0x9E37_79B9_7F4A_7C15;

/// Returns pseudorandom number `i` for `seed`.
pub fn random_u64(seed: u64, i: u64) -> u64 {
    let mut z = seed.wrapping_add(i.wrapping_add(1).wrapping_mul(GOLDEN));
    z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
    z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
    z ^ (z >> 31)
}

/// Returns pseudorandom number `i` for `seed` as a multiple of 2^-24 in [0, 1).
pub fn uniform(seed: u64, i: u64) -> f64 {
    (random_u64(seed, i) >> 40) as f64 / f64::from(1u32 << 24)
}
