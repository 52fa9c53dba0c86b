use net::Activation;

/// Twin of `batch_norm.wgsl`. Input CHW; affine, a factor and a term C; output CHW.
pub fn batch_norm(function: Activation, input: &[f32], affine: &[(f32, f32)], output: &mut [f32]) {
    let area = output.len() / affine.len();
    for i in 0..output.len() {
        let (factor, term) = affine[i / area];
        output[i] = function.apply(input[i] * factor + term);
    }
}
