// LeNet-5's subsampling (LeCun et al. 1998, section II.B): the sum of each window, times the map's coefficient, plus
// the map's bias, activated.
//
// Layout: input and output [channels, height, width]; weight and bias [channels]. Windows do not overlap. An invocation
// computes one output pixel.

struct Params {
    channels: u32,
    out_height: u32,
    out_width: u32,
    kernel: u32,
    activation: u32,
    // The index of the first value of input and output in their buffers.
    in_first: u32,
    out_first: u32,
}

@group(0) @binding(0) var<uniform> params: Params;
@group(0) @binding(1) var<storage, read> input: array<f32>;
@group(0) @binding(2) var<storage, read> weight: array<f32>;
@group(0) @binding(3) var<storage, read> bias: array<f32>;
@group(0) @binding(4) var<storage, read_write> output: array<f32>;

@compute @workgroup_size(64)
fn main(
    @builtin(workgroup_id) workgroup: vec3u,
    @builtin(num_workgroups) workgroups: vec3u,
    @builtin(local_invocation_index) local: u32,
) {
    let index = flat_index(workgroup, workgroups, local);
    let area = params.out_height * params.out_width;
    let channel = index / area;
    if (channel >= params.channels) {
        return;
    }
    let y = (index % area) / params.out_width;
    let x = index % params.out_width;
    let in_width = params.out_width * params.kernel;
    let corner = (channel * params.out_height + y) * params.kernel * in_width + x * params.kernel;

    var sum = 0.0;
    for (var ky = 0u; ky < params.kernel; ky++) {
        for (var kx = 0u; kx < params.kernel; kx++) {
            sum += input[params.in_first + corner + ky * in_width + kx];
        }
    }
    output[params.out_first + index] = activate(params.activation, sum * weight[channel] + bias[channel]);
}
