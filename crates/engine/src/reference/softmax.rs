/// The reference of `softmax.wgsl`. `input` and `output` have the same length.
pub fn softmax(scale: f32, input: &[f32], output: &mut [f32]) {
    let greatest = input.iter().map(|&x| scale * x).fold(f32::MIN, f32::max);
    let sum: f32 = input.iter().map(|&x| (scale * x - greatest).exp()).sum();
    for i in 0..output.len() {
        output[i] = (scale * input[i] - greatest).exp() / sum;
    }
}
