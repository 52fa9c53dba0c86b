use net::Activation;

/// Twin of `activation.wgsl`. Input and output alike.
pub fn activation(function: Activation, input: &[f32], output: &mut [f32]) {
    for i in 0..output.len() {
        output[i] = function.apply(input[i]);
    }
}
