// Batch normalisation with the statistics of training (Ioffe and Szegedy 2015, algorithm 2), with activation.
//
// Layout: input and output [channels, height, width]; affine in blocks of sixteen channels, [block, 2, 4] of vec4: the
// factors, then the terms. An invocation computes one value.

struct Params {
    count: u32,
    area: u32,
    activation: u32,
    // The index of the first value of input and output in their buffers.
    in_first: u32,
    out_first: u32,
}

@group(0) @binding(0) var<uniform> params: Params;
@group(0) @binding(1) var<storage, read> input: array<f32>;
@group(0) @binding(2) var<storage, read> affine: array<vec4f>;
@group(0) @binding(3) var<storage, read_write> output: array<f32>;

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
    let at = channel / 16u * 8u + channel / 4u % 4u;
    let factor = affine[at][channel % 4u];
    let term = affine[at + 4u][channel % 4u];
    let value = input[params.in_first + index] * factor + term;
    output[params.out_first + index] = activate(params.activation, value);
}
