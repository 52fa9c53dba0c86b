// Average pooling: the mean of each window. Windows lie at a fixed stride, or are spread over the map so that the
// output has a given size (adaptive pooling).
//
// Layout: input and output [channels, height, width]. An invocation computes one output pixel.

struct Params {
    channels: u32,
    in_height: u32,
    in_width: u32,
    out_height: u32,
    out_width: u32,
    // The side of the window, or 0 for adaptive pooling.
    kernel: u32,
    stride: u32,
    // The index of the first value of input and output in their buffers.
    in_first: u32,
    out_first: u32,
}

@group(0) @binding(0) var<uniform> params: Params;
@group(0) @binding(1) var<storage, read> input: array<f32>;
@group(0) @binding(2) var<storage, read_write> output: array<f32>;

// Returns the first pixel of window `i` along a side, and the pixel after its last. Adaptive windows reach from floor(i
// n / count) to ceil((i + 1) n / count).
fn window_range(i: u32, n: u32, count: u32) -> vec2u {
    if (params.kernel > 0u) {
        return vec2u(i * params.stride, i * params.stride + params.kernel);
    }
    return vec2u(i * n / count, ((i + 1u) * n + count - 1u) / count);
}

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
    let rows = window_range(index % area / params.out_width, params.in_height, params.out_height);
    let columns = window_range(index % params.out_width, params.in_width, params.out_width);
    let map_first = params.in_first + channel * params.in_height * params.in_width;
    var sum = 0.0;
    for (var y = rows.x; y < rows.y; y++) {
        for (var x = columns.x; x < columns.y; x++) {
            sum += input[map_first + y * params.in_width + x];
        }
    }
    output[params.out_first + index] = sum / f32((rows.y - rows.x) * (columns.y - columns.x));
}
