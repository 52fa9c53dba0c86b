// The bindings of the maps, [channels, height, width], for kernels of convolution that read and write single values.

@group(0) @binding(1) var<storage, read> input: array<f32>;
@group(0) @binding(4) var<storage, read> residual: array<f32>;
@group(0) @binding(5) var<storage, read_write> output: array<f32>;

// Writes one pixel of four channels of a block, from channel `quad * 4` on.
fn write_output(block: u32, channels: Channels, quad: u32, pixel: u32, sum: vec4f) {
    let area = params.out_height * params.out_width;
    let values = normalise(block, quad, sum);
    for (var k = 0u; k < 4u; k++) {
        let channel = quad * 4u + k;
        if (channel < channels.count) {
            let at = (channels.first + channel) * area + pixel;
            var value = values[k];
            if (params.residual == 1u) {
                value += residual[params.residual_first + at];
            }
            output[params.out_first + at] = activate(params.activation, value);
        }
    }
}
