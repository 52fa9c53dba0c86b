use net::Activation;

/// The reference of `add.wgsl`. `a`, `b` and `output` have the same length; each input is multiplied by its factor.
pub fn add(function: Activation, factors: [f32; 2], a: &[f32], b: &[f32], output: &mut [f32]) {
    for i in 0..output.len() {
        output[i] = function.apply(factors[0] * a[i] + factors[1] * b[i]);
    }
}
