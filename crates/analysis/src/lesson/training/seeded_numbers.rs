//! Random numbers from a seed. They are the same natively and in the browser.

use weights::splitmix::{self, GOLDEN};

/// A SplitMix64 generator.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct SeededNumbers {
    start: u64,
    /// The number of numbers generated so far.
    given: u64,
}

impl SeededNumbers {
    /// Creates the generator of `seed`. Different values of `stream` give independent sequences.
    pub(super) fn new(seed: u64, stream: u64) -> Self {
        Self { start: splitmix::random_u64(seed.wrapping_mul(GOLDEN) ^ stream, 0), given: 0 }
    }

    /// Returns a multiple of 2^-24 in [0, 1).
    pub(super) fn uniform(&mut self) -> f64 {
        self.given += 1;
        splitmix::uniform(self.start, self.given - 1)
    }

    /// Shuffles `items` (Fisher and Yates).
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
    fn a_seed_determines_all_numbers() {
        let numbers = |seed, stream| {
            let mut chance = SeededNumbers::new(seed, stream);
            std::array::from_fn::<f64, 8, _>(|_| chance.uniform())
        };
        assert_eq!(numbers(1, 0), numbers(1, 0));
        assert_ne!(numbers(1, 0), numbers(2, 0));
        assert_ne!(numbers(1, 0), numbers(1, 1));
        assert!(numbers(3, 0).iter().all(|u| (0.0..1.0).contains(u)));
    }

    #[test]
    fn shuffling_permutes() {
        let mut items: Vec<usize> = (0..50).collect();
        SeededNumbers::new(1, 0).shuffle(&mut items);
        assert_ne!(items, (0..50).collect::<Vec<_>>());
        items.sort_unstable();
        assert_eq!(items, (0..50).collect::<Vec<_>>());
    }
}
