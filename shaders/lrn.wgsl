// Local response normalisation: x / (k + alpha * sum of the squares of neighbouring channels)^beta (Krizhevsky et al.
// 2012, section 3.3).
//
// Layout: input and output [channels, height, width]. An invocation computes one value.

struct Params {
    channels: u32,
    area: u32,
    // The number of channels in the sum, with the channel itself in the middle.
    size: u32,
    alpha: f32,
    beta: f32,
    k: f32,
    // The index of the first value of input and output in their buffers.
    in_first: u32,
    out_first: u32,
}

@group(0) @binding(0) var<uniform> params: Params;
@group(0) @binding(1) var<storage, read> input: array<f32>;
@group(0) @binding(2) var<storage, read_write> output: array<f32>;

// Returns base^-beta. WGSL allows pow an error that grows with the exponent. The papers' beta of 0.75 needs square
// roots only, which are more exact.
fn inverse_power(base: f32) -> f32 {
    if (params.beta == 0.75) {
        let root = inverseSqrt(base);
        return root * sqrt(root);
    }
    return pow(base, -params.beta);
}

@compute @workgroup_size(64)
fn main(
    @builtin(workgroup_id) workgroup: vec3u,
    @builtin(num_workgroups) workgroups: vec3u,
    @builtin(local_invocation_index) local: u32,
) {
    let index = flat_index(workgroup, workgroups, local);
    let channel = index / params.area;
    if (channel >= params.channels) {
        return;
    }
    let pixel = params.in_first + index % params.area;
    let before = min(channel, params.size / 2u);
    let end = min(channel + (params.size + 1u) / 2u, params.channels);
    var sum = 0.0;
    for (var c = channel - before; c < end; c++) {
        let value = input[pixel + c * params.area];
        sum += value * value;
    }
    let value = input[params.in_first + index];
    // inverseSqrt and pow may make a number of a NaN.
    if (is_nan(sum)) {
        output[params.out_first + index] = sum;
        return;
    }
    output[params.out_first + index] = value * inverse_power(params.k + params.alpha * sum);
}
