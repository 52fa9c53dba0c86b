use net::LocalResponseNorm;

/// The reference of `lrn.wgsl`. `shape` is the (channels, height, width) of both `input` and `output`.
pub fn lrn(op: LocalResponseNorm, shape: (usize, usize, usize), input: &[f32], output: &mut [f32]) {
    let (channels, height, width) = shape;
    let area = height * width;
    for c in 0..channels {
        for pixel in 0..area {
            let mut sum = 0.0;
            for other in op.neighbours(c, channels) {
                sum += input[other * area + pixel].powi(2);
            }
            let base = op.k as f32 + op.alpha as f32 * sum;
            output[c * area + pixel] = input[c * area + pixel] * base.powf(-(op.beta as f32));
        }
    }
}
