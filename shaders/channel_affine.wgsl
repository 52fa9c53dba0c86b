// A fixed scale and shift of each channel of a picture, with the constants of the operation
// (torchvision/models/googlenet.py, _transform_input).
//
// Layout: input and output [3, height, width]. An invocation computes one value.

struct Params {
    count: u32,
    area: u32,
    // The index of the first value of input and output in their buffers.
    in_first: u32,
    out_first: u32,
    scale_red: f32,
    scale_green: f32,
    scale_blue: f32,
    shift_red: f32,
    shift_green: f32,
    shift_blue: f32,
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
    if (index >= params.count) {
        return;
    }
    let channel = index / params.area;
    var scale = params.scale_red;
    var shift = params.shift_red;
    if (channel == 1u) {
        scale = params.scale_green;
        shift = params.shift_green;
    } else if (channel == 2u) {
        scale = params.scale_blue;
        shift = params.shift_blue;
    }
    output[params.out_first + index] = input[params.in_first + index] * scale + shift;
}
