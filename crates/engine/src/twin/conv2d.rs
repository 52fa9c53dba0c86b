use net::{Activation, Window};

/// The sizes of a convolution.
#[derive(Debug, Clone, Copy)]
pub struct Conv2dSizes {
    /// Input channels, height and width.
    pub input: (usize, usize, usize),
    /// Output channels, height and width.
    pub output: (usize, usize, usize),
    /// Kernel, stride and padding.
    pub window: Window,
    /// Groups of channels.
    pub groups: usize,
}

/// Twin of `conv2d.wgsl` and of the kernels that give the same by other ways (`conv2d_*.wgsl`). Input CHW; weight OIHW
/// (I being the channels of a group), as the checkpoint has it; affine, a factor and a term O; residual CHW as the
/// output, or empty; output CHW.
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
                            if inside(row, h_in) && inside(column, w_in) {
                                let at = (channel * h_in + row - window.padding) * w_in + column - window.padding;
                                sum += input[at] * weight[((o * in_group + i) * k + ky) * k + kx];
                            }
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
