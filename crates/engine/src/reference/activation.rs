use net::Activation;

/// The reference of `activation.wgsl`. `input` and `output` have the same length.
pub fn activation(function: Activation, input: &[f32], output: &mut [f32]) {
    for i in 0..output.len() {
        output[i] = function.apply(input[i]);
    }
}
