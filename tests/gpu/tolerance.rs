//! Every tolerance and comparator of the GPU tests, each with a case that must fail.

/// GPU engine against the reference's float64 values, in standard deviations of the output.
pub const REFERENCE: f64 = 1e-3;
/// Fragment shader against rasteriser, per channel of eight bits.
pub const COLOUR: u8 = 1;
/// What a driver's tanh may be off by (WGSL leaves it open; Vulkan's are built from exp).
pub const TANH: f32 = 1e-5;
/// What WGSL allows exp to be off by, in units in the last place: 3 + 2 |x|.
pub fn exp_ulps(x: f32) -> f32 {
    3.0 + 2.0 * x.abs()
}

/// How far two f32 sums of `terms` products may be apart, whatever their order: each is off by at most
/// `terms * 2^-24 * sum |product|` (Higham 2002, section 4.2), `magnitude` being that last sum.
pub fn sum_bound(terms: usize, magnitude: f32) -> f32 {
    (terms + 2) as f32 * f32::EPSILON * magnitude
}

/// Whether both are alike bit for bit (zeros of either sign are alike).
pub fn exact(got: &[f32], want: &[f32]) -> Result<(), String> {
    within(got, want, |_| 0.0)
}

/// Whether each value is within its bound. NaN never is.
pub fn within(got: &[f32], want: &[f32], bound: impl Fn(usize) -> f32) -> Result<(), String> {
    if got.len() != want.len() {
        return Err(format!("{} values, wanted {}", got.len(), want.len()));
    }
    for (i, (got, want)) in got.iter().zip(want).enumerate() {
        let off = (got - want).abs();
        let bound = bound(i);
        // The comparison is false for NaN.
        let agrees = off <= bound;
        if !agrees {
            return Err(format!("value {i} is {got}, wanted {want}: off by {off}, at most {bound}"));
        }
    }
    Ok(())
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
