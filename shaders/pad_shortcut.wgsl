// The shortcut without parameters: every stride-th pixel of each map, followed by maps of zeros (He et al. 2015,
// section 3.3, option A).
//
// Layout: input and output [channels, height, width]. An invocation computes one output pixel.

struct Params {
    in_channels: u32,
    in_height: u32,
    in_width: u32,
    out_channels: u32,
    out_height: u32,
    out_width: u32,
    stride: u32,
    // The index of the first value of input and output in their buffers.
    in_first: u32,
    out_first: u32,
}

@group(0) @binding(0) var<uniform> params: Params;
@group(0) @binding(1) var<storage, read> input: array<f32>;
@group(0) @binding(2) var<storage, read_write> output: array<f32>;

@compute @workgroup_size(64)
fn main(
    @builtin(workgroup_id) workgroup: vec3u,
    @builtin(num_workgroups) workgroups: vec3u,
    @builtin(local_invocation_index) local: u32,
) {
    let index = flat_index(workgroup, workgroups, local);
    let area = params.out_height * params.out_width;
    let channel = index / area;
    if (channel >= params.out_channels) {
        return;
    }
    let y = index % area / params.out_width * params.stride;
    let x = index % params.out_width * params.stride;
    var value = 0.0;
    if (channel < params.in_channels) {
        value = input[params.in_first + (channel * params.in_height + y) * params.in_width + x];
    }
    output[params.out_first + index] = value;
}
