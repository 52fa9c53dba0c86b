//! Saturation (Krizhevsky et al. 2012, section 3.1): activation functions, their derivatives, and the gradient that
//! remains after many layers.

/// An activation function.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum LessonActivation {
    /// `1 / (1 + e^-x)`.
    Sigmoid,
    /// `(e^x - e^-x) / (e^x + e^-x)`.
    Tanh,
    /// `max(0, x)`.
    Relu,
}

impl LessonActivation {
    /// All functions that are compared.
    pub const ALL: [Self; 3] = [Self::Sigmoid, Self::Tanh, Self::Relu];

    /// Returns the value at `x`.
    pub fn value(self, x: f64) -> f64 {
        match self {
            Self::Sigmoid => 1.0 / (1.0 + (-x).exp()),
            Self::Tanh => x.tanh(),
            Self::Relu => x.max(0.0),
        }
    }

    /// Returns the derivative at `x`. For ReLU at 0 it is 0, as in the frameworks.
    pub fn derivative(self, x: f64) -> f64 {
        match self {
            // The derivative is s(x) (1 - s(x)). The second factor is computed as s(-x), because 1 - s(x) would lose
            // digits.
            Self::Sigmoid => self.value(x) * self.value(-x),
            // 1 / cosh^2 instead of 1 - tanh^2, for the same reason.
            Self::Tanh => x.cosh().powi(-2),
            Self::Relu => f64::from(u8::from(x > 0.0)),
        }
    }

    /// Returns the product of `layers` derivatives at the same `x`. It is the gradient that remains of 1 after so many
    /// neurons whose sums are all `x`, without their weights.
    pub fn product(self, x: f64, layers: usize) -> f64 {
        (0..layers).map(|_| self.derivative(x)).product()
    }

    /// Returns the derivative of f(f(...f(x))) with `layers` applications: the product of the derivatives if the sum of
    /// each neuron is the value of the one before it.
    pub fn chained(self, x: f64, layers: usize) -> f64 {
        let sums = std::iter::successors(Some(x), |&sum| Some(self.value(sum)));
        sums.take(layers).map(|sum| self.derivative(sum)).product()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Returns the central difference (f(x + h) - f(x - h)) / 2h.
    fn slope(f: impl Fn(f64) -> f64, x: f64) -> f64 {
        (f(x + 1e-5) - f(x - 1e-5)) / 2e-5
    }

    #[test]
    fn derivatives_agree_with_central_differences() {
        for one in LessonActivation::ALL {
            for x in [-6.0, -1.5, -0.1, 0.3, 2.0, 6.0] {
                let (exact, seen) = (one.derivative(x), slope(|x| one.value(x), x));
                assert!((exact - seen).abs() < 1e-9, "{one:?} at {x}: {exact} and {seen}");
            }
        }
    }

    #[test]
    fn the_steepest_slopes_are_known() {
        assert_eq!(LessonActivation::Sigmoid.derivative(0.0), 0.25);
        assert_eq!(LessonActivation::Tanh.derivative(0.0), 1.0);
        assert_eq!([-0.1, 0.0, 0.1].map(|x| LessonActivation::Relu.derivative(x)), [0.0, 0.0, 1.0]);
    }

    #[test]
    fn products_vanish_except_for_active_relus() {
        assert_eq!(LessonActivation::Sigmoid.product(0.0, 10), 0.25f64.powi(10));
        assert_eq!(LessonActivation::Relu.product(5.0, 20), 1.0);
        assert_eq!(LessonActivation::Relu.product(-5.0, 1), 0.0);
        assert!(
            (LessonActivation::Tanh.product(2.0, 3) - LessonActivation::Tanh.derivative(2.0).powi(3)).abs() < 1e-12
        );
    }

    #[test]
    fn a_chain_has_the_derivative_of_the_composition() {
        for one in LessonActivation::ALL {
            for x in [-2.0, 0.5, 3.0] {
                let whole = |x: f64| (0..4).fold(x, |sum, _| one.value(sum));
                let (exact, seen) = (one.chained(x, 4), slope(whole, x));
                assert!((exact - seen).abs() < 1e-9, "{one:?} at {x}: {exact} and {seen}");
            }
            assert_eq!(one.chained(1.0, 1), one.product(1.0, 1));
        }
    }
}
