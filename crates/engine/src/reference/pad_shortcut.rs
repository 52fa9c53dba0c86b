/// The reference of `pad_shortcut.wgsl`. `from` and `to` are the (channels, height, width) of `input` and `output`.
pub fn pad_shortcut(
    from: (usize, usize, usize),
    to: (usize, usize, usize),
    stride: usize,
    input: &[f32],
    output: &mut [f32],
) {
    let (c_in, h_in, w_in) = from;
    let (c_out, h_out, w_out) = to;
    for c in 0..c_out {
        for y in 0..h_out {
            for x in 0..w_out {
                let value = if c < c_in { input[(c * h_in + y * stride) * w_in + x * stride] } else { 0.0 };
                output[(c * h_out + y) * w_out + x] = value;
            }
        }
    }
}
