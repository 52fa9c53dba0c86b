use net::Activation;

/// Twin of `linear.wgsl`. Input N; weight OI, as the checkpoint has it; bias O; output O.
pub fn linear(function: Activation, input: &[f32], weight: &[f32], bias: &[f32], output: &mut [f32]) {
    for o in 0..output.len() {
        let mut sum = 0.0;
        for i in 0..input.len() {
            sum += input[i] * weight[o * input.len() + i];
        }
        output[o] = function.apply(sum + bias[o]);
    }
}
