//! The last stage of a layer: scales and shifts its sums, adds a second summand, and applies the activation function.

/// An activation function.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum ActivationFunction {
    /// Returns the value unchanged.
    Identity,
    /// ReLU: `max(0, a)`.
    Relu,
    /// The logistic sigmoid: `1 / (1 + exp(-a))`.
    Sigmoid,
    /// The scaled hyperbolic tangent: `amplitude * tanh(slope * a)`.
    Tanh {
        /// The factor of the result.
        amplitude: f32,
        /// The factor of the argument.
        slope: f32,
    },
}

/// Approximates tanh by a ratio of two polynomials, the minimax fit of Eigen's `generic_fast_tanh_float`.
///
/// The absolute error is at most 5e-7. The code has no table and no branch, so the compiler computes four values at
/// once, whereas `f32::tanh` computes one.
#[inline]
pub fn tanh(x: f32) -> f32 {
    // Beyond this argument tanh rounds to 1 in f32.
    const END: f32 = 7.905_311;
    let x = x.clamp(-END, END);
    let s = x * x;
    let above = [-2.760_768_5e-16, 2.000_188e-13, -8.604_672e-11, 5.122_297e-8, 1.485_722_4e-5, 6.372_619_5e-4];
    let below = [1.198_258_4e-6, 1.185_347e-4, 2.268_434_6e-3];
    let p = above.iter().fold(0.0, |sum, a: &f32| sum * s + a) * s + 4.893_525e-3;
    let q = below.iter().fold(0.0, |sum, b: &f32| sum * s + b) * s + 4.893_525e-3;
    x * p / q
}

/// Replaces every value of `row` by `function(value * scale + shift + summand)`. Without a `summand` nothing is added.
pub fn apply_epilogue(
    row: &mut [f32],
    (scale, shift): (f32, f32),
    summand: Option<&[f32]>,
    function: ActivationFunction,
) {
    match function {
        ActivationFunction::Identity => each(row, scale, shift, summand, |a| a),
        ActivationFunction::Relu => each(row, scale, shift, summand, |a| if a < 0.0 { 0.0 } else { a }),
        ActivationFunction::Sigmoid => each(row, scale, shift, summand, |a| 1.0 / (1.0 + (-a).exp())),
        ActivationFunction::Tanh { amplitude, slope } => {
            each(row, scale, shift, summand, |a| amplitude * tanh(slope * a));
        }
    }
}

/// Does the work of [`apply_epilogue`]. Generic over the function, so that it is chosen once per row and not per value.
#[inline(always)]
fn each(row: &mut [f32], scale: f32, shift: f32, summand: Option<&[f32]>, function: impl Fn(f32) -> f32) {
    match summand {
        Some(summand) => {
            let pairs = row.iter_mut().zip(summand);
            pairs.for_each(|(value, other)| *value = function(*value * scale + shift + other));
        }
        None => row.iter_mut().for_each(|value| *value = function(*value * scale + shift)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tanh_is_close_everywhere() {
        for i in -100_000..=100_000 {
            let x = i as f32 * 1e-4;
            let error = (f64::from(tanh(x)) - f64::from(x).tanh()).abs();
            assert!(error <= 5e-7, "tanh({x}) is off by {error}");
        }
        assert!(tanh(f32::NAN).is_nan());
    }

    /// ReLU must not turn NaN into zero: a broken network would then look healthy.
    #[test]
    fn nan_stays_nan() {
        for function in [
            ActivationFunction::Identity,
            ActivationFunction::Relu,
            ActivationFunction::Sigmoid,
            ActivationFunction::Tanh { amplitude: 1.0, slope: 1.0 },
        ] {
            let mut row = [f32::NAN; 5];
            apply_epilogue(&mut row, (1.0, 0.0), None, function);
            assert!(row.iter().all(|value| value.is_nan()), "{function:?}");
        }
    }
}
