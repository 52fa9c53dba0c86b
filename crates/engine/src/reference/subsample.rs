use net::Activation;

/// The reference of `subsample.wgsl`. `shape` is the (channels, height, width) of `output`; `weight` and `bias` have
/// one value per channel.
pub fn subsample(
    shape: (usize, usize, usize),
    kernel: usize,
    function: Activation,
    input: &[f32],
    weight: &[f32],
    bias: &[f32],
    output: &mut [f32],
) {
    let (channels, height, width) = shape;
    for c in 0..channels {
        for y in 0..height {
            for x in 0..width {
                let mut sum = 0.0;
                for ky in 0..kernel {
                    for kx in 0..kernel {
                        let row = (c * height + y) * kernel + ky;
                        sum += input[row * width * kernel + x * kernel + kx];
                    }
                }
                output[(c * height + y) * width + x] = function.apply(sum * weight[c] + bias[c]);
            }
        }
    }
}
