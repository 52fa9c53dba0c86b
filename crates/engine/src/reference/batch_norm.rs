use net::Activation;

/// The reference of `batch_norm.wgsl`. `input` and `output` are `[channels, height, width]`; `affine` has a factor and
/// a term per channel.
pub fn batch_norm(function: Activation, input: &[f32], affine: &[(f32, f32)], output: &mut [f32]) {
    let area = output.len() / affine.len();
    for i in 0..output.len() {
        let (factor, term) = affine[i / area];
        output[i] = function.apply(input[i] * factor + term);
    }
}
