/// The reference of `rbf.wgsl`. `weight` is `[outputs, inputs]`.
pub fn rbf(input: &[f32], weight: &[f32], output: &mut [f32]) {
    for o in 0..output.len() {
        let mut sum = 0.0;
        for i in 0..input.len() {
            let gap = input[i] - weight[o * input.len() + i];
            sum += gap * gap;
        }
        output[o] = sum;
    }
}
