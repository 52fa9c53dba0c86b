//! Every tolerance and comparison of the GPU tests, each with a case that must fail.

use net::{Activation, LocalResponseNorm, TANH_AMPLITUDE, TANH_SLOPE};

/// The GPU engine against the fixture's float64 values, in standard deviations of the output.
pub const FIXTURE_TOLERANCE: f64 = 1e-3;
/// A network against the same network with other kernels, other fusion, or on the CPU, as a part of the output's
/// greatest magnitude. It allows for F32 sums in another order over a few dozen layers.
pub const REORDERED: f32 = 2e-5;
/// The fragment shader against the rasteriser, per channel of eight bits.
pub const COLOUR: u8 = 1;
/// The error allowed for a driver's tanh. WGSL does not specify it; Vulkan drivers build it from exp.
pub const TANH: f32 = 1e-5;
/// The error that WGSL allows for exp, in units in the last place: 3 + 2 |x|.
pub fn exp_ulps(x: f32) -> f32 {
    3.0 + 2.0 * x.abs()
}

/// Returns a bound on the difference of two f32 sums of `terms` products in any order.
///
/// `magnitude` is the sum of the products' magnitudes. Each sum is off by at most `terms * 2^-24 * magnitude` (Higham
/// 2002, section 4.2).
pub fn sum_bound(terms: usize, magnitude: f32) -> f32 {
    (terms + 2) as f32 * f32::EPSILON * magnitude
}

/// Returns a bound on the difference of two quotients of the same numbers: WGSL allows 2.5 units in the last place.
pub fn quotient_bound(quotient: f32) -> f32 {
    2.5 * f32::EPSILON * quotient.abs()
}

/// Returns a bound on the result of an activation from a bound on its argument.
pub fn activated(function: Activation, bound: f32) -> f32 {
    match function {
        Activation::ScaledTanh => (TANH_AMPLITUDE * TANH_SLOPE) as f32 * bound + TANH_AMPLITUDE as f32 * TANH,
        // The sigmoid's slope is at most a quarter; exp and the division are off by a few units in the last place.
        Activation::Sigmoid => 0.25 * bound + 1e-6,
        Activation::Identity | Activation::Relu => bound,
    }
}

/// Returns a bound on the difference of two results of local response normalisation.
///
/// `squares` is the sum of squares in the divisor of `value`, one of the results.
///
/// The base is off by the error of its sum. The power follows: exp2 of beta times log2 (off by 2^-21 near 1, by three
/// units in the last place elsewhere), or square roots and their inverse, which WGSL bounds more tightly.
pub fn lrn_bound(op: LocalResponseNorm, squares: f32, value: f32) -> f32 {
    let (alpha, beta, k) = (op.alpha as f32, op.beta as f32, op.k as f32);
    let base = k + alpha * squares;
    let off_base = sum_bound(op.size + 2, base) / base;
    let exponent = beta * base.log2();
    let off_exponent = beta * 2.0_f32.powi(-21).max(3.0 * f32::EPSILON * base.log2().abs());
    let power = off_exponent + (exp_ulps(exponent) + 2.0) * f32::EPSILON;
    (beta * off_base + power) * value.abs()
}

/// Checks that all values agree bit for bit. Zeros of either sign are equal.
pub fn exact(got: &[f32], want: &[f32]) -> Result<(), String> {
    within(got, want, |_| 0.0)
}

/// Checks that each value is within its bound. NaN never is.
pub fn within(got: &[f32], want: &[f32], bound: impl Fn(usize) -> f32) -> Result<(), String> {
    if got.len() != want.len() {
        return Err(format!("{} values, wanted {}", got.len(), want.len()));
    }
    for (i, (got, want)) in got.iter().zip(want).enumerate() {
        let off = (got - want).abs();
        let bound = bound(i);
        // This comparison is false for NaN.
        let agrees = off <= bound;
        if !agrees {
            return Err(format!("value {i} is {got}, wanted {want}: off by {off}, at most {bound}"));
        }
    }
    Ok(())
}

/// Checks that each value is off by at most `part` of the greatest magnitude wanted. NaN never passes.
pub fn close(got: &[f32], want: &[f32], part: f32) -> Result<(), String> {
    let greatest = want.iter().fold(0.0_f32, |greatest, value| greatest.max(value.abs()));
    within(got, want, |_| part * greatest)
}

#[test]
fn a_value_off_by_a_ten_thousandth_is_not_close() {
    assert!(close(&[10.0001, -0.0001], &[10.0, 0.0], REORDERED).is_ok());
    assert!(close(&[10.0, -0.001], &[10.0, 0.0], REORDERED).is_err());
    assert!(close(&[f32::NAN, 0.0], &[10.0, 0.0], REORDERED).is_err());
    assert!(close(&[10.0, 0.0], &[f32::NAN, 0.0], REORDERED).is_err());
    assert!(close(&[0.0], &[0.0, 0.0], REORDERED).is_err());
}

#[test]
fn a_unit_in_the_last_place_is_not_exact() {
    assert!(exact(&[1.0, 2.0], &[1.0, 2.0]).is_ok());
    assert!(exact(&[1.0, f32::from_bits(2.0_f32.to_bits() + 1)], &[1.0, 2.0]).is_err());
}

#[test]
fn nan_and_missing_values_never_pass() {
    assert!(exact(&[f32::NAN], &[f32::NAN]).is_err());
    assert!(within(&[f32::NAN], &[0.0], |_| f32::MAX).is_err());
    assert!(within(&[0.0], &[0.0], |_| f32::NAN).is_err());
    assert!(exact(&[], &[1.0]).is_err());
}

#[test]
fn the_bound_of_a_sum_is_narrow() {
    let want = [1000.0];
    assert!(within(&[1000.001], &want, |_| sum_bound(25, 1000.0)).is_ok());
    assert!(within(&[1000.01], &want, |_| sum_bound(25, 1000.0)).is_err());
}

#[test]
fn the_bound_of_a_normalisation_is_narrow() {
    let op = LocalResponseNorm { size: 5, alpha: 1e-4, beta: 0.75, k: 2.0 };
    let want = [10.0];
    assert!(within(&[10.00001], &want, |_| lrn_bound(op, 5000.0, 10.0)).is_ok());
    // A missing or additional neighbour, or another exponent, makes a larger difference.
    assert!(within(&[10.0002], &want, |_| lrn_bound(op, 5000.0, 10.0)).is_err());
    assert!(within(&[f32::NAN], &want, |_| lrn_bound(op, 5000.0, 10.0)).is_err());
}

#[test]
fn the_bound_of_an_activation_is_narrow() {
    for (function, near, far) in [(Activation::ScaledTanh, 1e-5, 1e-4), (Activation::Sigmoid, 5e-7, 1e-5)] {
        assert!(within(&[0.5 + near], &[0.5], |_| activated(function, 0.0)).is_ok());
        assert!(within(&[0.5 + far], &[0.5], |_| activated(function, 0.0)).is_err());
    }
    assert!(within(&[0.333_333_4], &[1.0 / 3.0], |_| quotient_bound(1.0 / 3.0)).is_ok());
    assert!(within(&[0.333_334], &[1.0 / 3.0], |_| quotient_bound(1.0 / 3.0)).is_err());
}
