use net::ChannelAffine;

/// The reference of `channel_affine.wgsl`. `input` and `output` are `[3, height, width]`.
pub fn channel_affine(op: ChannelAffine, input: &[f32], output: &mut [f32]) {
    let area = output.len() / 3;
    for i in 0..output.len() {
        output[i] = input[i] * op.scale[i / area] + op.shift[i / area];
    }
}
