//! The progress of a training, and the ratio of two trainings' epochs.

/// The training error, as a fraction, at which figure 1 of Krizhevsky et al. 2012 compares networks.
pub const TARGET: f64 = 0.25;

/// The number of epochs after which a training ends.
pub const MAX_EPOCHS: usize = 60;

/// The training error of each completed epoch.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct TrainingCurve {
    /// Errors as fractions of one. The first belongs to epoch 1.
    pub errors: Vec<f64>,
}

impl TrainingCurve {
    /// Returns the first epoch whose error is at most [`TARGET`], or `None` if there is none yet.
    pub fn reached(&self) -> Option<usize> {
        self.errors.iter().position(|&error| error <= TARGET).map(|place| place + 1)
    }

    /// Returns the number of epochs to reach [`TARGET`], divided by that of `other`. `None` until both have reached it.
    pub fn times(&self, other: &Self) -> Option<f64> {
        Some(self.reached()? as f64 / other.reached()? as f64)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_first_epoch_at_the_target_counts() {
        let slow = TrainingCurve { errors: vec![0.9, 0.5, 0.3, 0.26, 0.251, 0.25, 0.3] };
        let quick = TrainingCurve { errors: vec![0.8, 0.2] };
        assert_eq!((slow.reached(), quick.reached(), TrainingCurve::default().reached()), (Some(6), Some(2), None));
        assert_eq!((slow.times(&quick), quick.times(&TrainingCurve::default())), (Some(3.0), None));
    }
}
