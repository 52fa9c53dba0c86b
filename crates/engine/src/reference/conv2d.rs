use net::{Activation, Window};

/// The sizes of a convolution.
#[derive(Debug, Clone, Copy)]
pub struct Conv2dSizes {
    /// Input (channels, height, width).
    pub input: (usize, usize, usize),
    /// Output (channels, height, width).
    pub output: (usize, usize, usize),
    /// Kernel, stride and padding.
    pub window: Window,
    /// Groups of channels.
    pub groups: usize,
}

/// The reference of all kernels of convolution, `conv2d.wgsl` and `conv2d_*.wgsl`.
///
/// `input` and `output` are `[channels, height, width]`. `weight` is
/// `[out channels, in channels of a group, kernel, kernel]`, as in the checkpoint. `affine` has a factor and a term per
/// output channel. `residual` is as long as the output, or empty.
pub fn conv2d(
    sizes: Conv2dSizes,
    function: Activation,
    input: &[f32],
    weight: &[f32],
    affine: &[(f32, f32)],
    residual: &[f32],
    output: &mut [f32],
) {
    let Conv2dSizes { input: (c_in, h_in, w_in), output: (c_out, h_out, w_out), window, groups } = sizes;
    let (in_group, out_group, k) = (c_in / groups, c_out / groups, window.kernel);
    for o in 0..c_out {
        for y in 0..h_out {
            for x in 0..w_out {
                let mut sum = 0.0;
                for i in 0..in_group {
                    let channel = o / out_group * in_group + i;
                    for ky in 0..k {
                        for kx in 0..k {
                            let (row, column) = (y * window.stride + ky, x * window.stride + kx);
                            let inside = |at: usize, side: usize| at >= window.padding && at - window.padding < side;
                            // Padding is multiplied, too: 0 times a weight that is NaN or infinite is NaN.
                            let value = if inside(row, h_in) && inside(column, w_in) {
                                input[(channel * h_in + row - window.padding) * w_in + column - window.padding]
                            } else {
                                0.0
                            };
                            sum += value * weight[((o * in_group + i) * k + ky) * k + kx];
                        }
                    }
                }
                let at = (o * h_out + y) * w_out + x;
                let (factor, term) = affine[o];
                output[at] = function.apply(sum * factor + term + residual.get(at).copied().unwrap_or(0.0));
            }
        }
    }
}
