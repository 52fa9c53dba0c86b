use net::Activation;

/// The reference of `linear.wgsl`. `weight` is `[outputs, inputs]`, as in the checkpoint; `bias` has one value per
/// output.
pub fn linear(function: Activation, input: &[f32], weight: &[f32], bias: &[f32], output: &mut [f32]) {
    for o in 0..output.len() {
        let mut sum = 0.0;
        for i in 0..input.len() {
            sum += input[i] * weight[o * input.len() + i];
        }
        output[o] = function.apply(sum + bias[o]);
    }
}
