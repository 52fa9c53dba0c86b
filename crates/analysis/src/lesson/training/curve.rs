//! How far a training has come, and how much sooner one was than another.

/// The training error that figure 1 looks at (Krizhevsky et al. 2012).
pub const TARGET: f64 = 0.25;

/// The epochs after which a training ends by itself.
pub const MOST_EPOCHS: usize = 60;

/// The training error of each epoch that is over.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Curve {
    /// Shares of one; the first belongs to epoch 1.
    pub errors: Vec<f64>,
}

impl Curve {
    /// The first epoch whose error is at most [`TARGET`]; `None` until there is one.
    pub fn reached(&self) -> Option<usize> {
        self.errors.iter().position(|&error| error <= TARGET).map(|place| place + 1)
    }

    /// How many times as many epochs this one took to [`TARGET`] as `other` did; `None` until both are there.
    pub fn times(&self, other: &Self) -> Option<f64> {
        Some(self.reached()? as f64 / other.reached()? as f64)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_first_epoch_at_the_line_counts() {
        let slow = Curve { errors: vec![0.9, 0.5, 0.3, 0.26, 0.251, 0.25, 0.3] };
        let quick = Curve { errors: vec![0.8, 0.2] };
        assert_eq!((slow.reached(), quick.reached(), Curve::default().reached()), (Some(6), Some(2), None));
        assert_eq!((slow.times(&quick), quick.times(&Curve::default())), (Some(3.0), None));
    }
}
