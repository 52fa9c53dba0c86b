//! Conversion of values to pixels with plotters' linear and logarithmic ranges.

use std::ops::Range;

use plotters::coord::ranged1d::{BoldPoints, Ranged};
use plotters::coord::types::RangedCoordf64;
use plotters::prelude::{IntoLogRange, LogCoord};

/// The kind of a scale.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Scaling {
    /// Linear, from zero: equal distances stand for equal differences.
    #[default]
    Linear,
    /// Logarithmic: equal distances stand for equal ratios.
    Log,
}

impl Scaling {
    /// Returns its name in links.
    pub fn name(self) -> &'static str {
        match self {
            Self::Linear => "linear",
            Self::Log => "log",
        }
    }
}

/// A range of values that is mapped to a range of pixels.
pub(super) enum AxisScale {
    Linear(RangedCoordf64, (i32, i32)),
    Log(LogCoord<f64>, (i32, i32)),
}

impl AxisScale {
    /// Creates a scale that contains all `values`, and zero if it is linear. `pixels` are the coordinates of its ends.
    pub(super) fn of(scaling: Scaling, values: impl Iterator<Item = f64>, pixels: (i32, i32)) -> Self {
        let positive = values.filter(|value| *value > 0.0 && value.is_finite());
        let (least, most) = positive.fold((f64::INFINITY, 0.0_f64), |(a, b), value| (a.min(value), b.max(value)));
        if most <= 0.0 {
            return Self::Linear((0.0..1.0).into(), pixels);
        }
        match scaling {
            Scaling::Linear => Self::Linear((0.0..most).into(), pixels),
            Scaling::Log => {
                // The scale spans whole powers of ten and begins below the least value, so that the least value has a
                // visible length.
                let low = 10_f64.powf((least.log10() - 0.05).floor());
                let high = 10_f64.powf(most.log10().ceil()).max(low * 10.0);
                Self::Log((low..high).log_scale().into(), pixels)
            }
        }
    }

    /// Returns the pixel of a value. A value that a logarithmic scale cannot show is placed at its beginning.
    pub(super) fn place(&self, value: f64) -> i32 {
        match self {
            Self::Linear(range, pixels) => range.map(&value, *pixels),
            Self::Log(_, pixels) if value <= 0.0 => pixels.0,
            Self::Log(range, pixels) => range.map(&value, *pixels),
        }
    }

    /// Returns about `count` values for the labels of the axis.
    pub(super) fn ticks(&self, count: usize) -> Vec<f64> {
        match self {
            Self::Linear(range, _) => range.key_points(BoldPoints(count)),
            Self::Log(range, _) => {
                let Range { start, end } = range.range();
                let (low, high) = (start.log10().round() as i32, end.log10().round() as i32);
                let step = ((high - low) as usize).div_ceil(count.max(1)).max(1);
                (low..=high).step_by(step).map(|power| 10_f64.powi(power)).collect()
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_map_to_pixels() {
        let linear = AxisScale::of(Scaling::Linear, [50.0, 200.0].into_iter(), (0, 100));
        assert_eq!([0.0, 50.0, 200.0].map(|value| linear.place(value)), [0, 25, 100]);
        let log = AxisScale::of(Scaling::Log, [10.0, 1000.0].into_iter(), (0, 300));
        // The scale begins at 1, so that 10 has a visible length.
        assert_eq!([0.0, 1.0, 10.0, 100.0, 1000.0].map(|value| log.place(value)), [0, 0, 100, 200, 300]);
        assert_eq!(log.ticks(4), [1.0, 10.0, 100.0, 1000.0]);
        let flipped = AxisScale::of(Scaling::Linear, [10.0].into_iter(), (90, 10));
        assert_eq!([0.0, 10.0].map(|value| flipped.place(value)), [90, 10]);
    }

    #[test]
    fn a_scale_of_no_values_has_ticks() {
        let scale = AxisScale::of(Scaling::Log, std::iter::empty(), (0, 100));
        assert_eq!(scale.place(0.0), 0);
        assert!(!scale.ticks(3).is_empty());
    }
}
