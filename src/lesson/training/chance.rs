//! Chance that a seed decides: the same numbers natively and in the page.

/// The golden ratio's bits: the step of SplitMix64 (Steele, Lea and Flood 2014).
const GOLDEN: u64 = 0x9E37_79B9_7F4A_7C15;

/// SplitMix64: one number after another from a seed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Chance(u64);

impl Chance {
    /// The numbers of `seed`; those of another `stream` have nothing to do with them.
    pub(super) fn new(seed: u64, stream: u64) -> Self {
        let mut mixed = Self(seed.wrapping_mul(GOLDEN) ^ stream);
        let start = mixed.next();
        Self(start)
    }

    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(GOLDEN);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        z ^ (z >> 31)
    }

    /// A multiple of 2^-24 in [0, 1).
    pub(super) fn uniform(&mut self) -> f64 {
        (self.next() >> 40) as f64 / f64::from(1u32 << 24)
    }

    /// Puts `items` into another order (Fisher and Yates).
    pub(super) fn shuffle(&mut self, items: &mut [usize]) {
        for last in (1..items.len()).rev() {
            let other = (self.uniform() * (last + 1) as f64) as usize;
            items.swap(last, other);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_seed_decides_all() {
        let numbers = |seed, stream| {
            let mut chance = Chance::new(seed, stream);
            std::array::from_fn::<f64, 8, _>(|_| chance.uniform())
        };
        assert_eq!(numbers(1, 0), numbers(1, 0));
        assert_ne!(numbers(1, 0), numbers(2, 0));
        assert_ne!(numbers(1, 0), numbers(1, 1));
        assert!(numbers(3, 0).iter().all(|u| (0.0..1.0).contains(u)));
    }

    #[test]
    fn shuffling_loses_nothing() {
        let mut items: Vec<usize> = (0..50).collect();
        Chance::new(1, 0).shuffle(&mut items);
        assert_ne!(items, (0..50).collect::<Vec<_>>());
        items.sort_unstable();
        assert_eq!(items, (0..50).collect::<Vec<_>>());
    }
}
