// Max pooling: the greatest value of each window. Padding never wins, and NaN always does.
//
// Layout: input and output [channels, height, width]. An invocation computes one output pixel.

struct Params {
    channels: u32,
    in_height: u32,
    in_width: u32,
    out_height: u32,
    out_width: u32,
    kernel: u32,
    stride: u32,
    padding: u32,
    // The index of the first value of input and output in their buffers.
    in_first: u32,
    out_first: u32,
}

@group(0) @binding(0) var<uniform> params: Params;
@group(0) @binding(1) var<storage, read> input: array<f32>;
@group(0) @binding(2) var<storage, read_write> output: array<f32>;

// The least finite f32: every finite value of the map wins over it.
const LEAST: f32 = -0x1.fffffep+127f;

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
    let top = ((index % area) / params.out_width) * params.stride;
    let left = (index % params.out_width) * params.stride;

    let map_first = params.in_first + channel * params.in_height * params.in_width;
    var greatest = LEAST;
    for (var ky = 0u; ky < params.kernel; ky++) {
        // Above the map this wraps around to a huge number, so a single comparison detects the padding on both sides.
        let y = top + ky - params.padding;
        for (var kx = 0u; kx < params.kernel; kx++) {
            let x = left + kx - params.padding;
            if (y < params.in_height && x < params.in_width) {
                greatest = greater(greatest, input[map_first + y * params.in_width + x]);
            }
        }
    }
    output[params.out_first + index] = greatest;
}
