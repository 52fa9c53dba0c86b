// Full connection with bias and activation.
//
// Layout: input N (maps flattened in CHW order); weight in blocks of four units, [N, block] of vec4 (a component
// a unit, zero past the last), so that neighbouring invocations fetch neighbouring blocks; bias [block] of vec4;
// output units. An invocation gives the four units of a block.

struct Params {
    inputs: u32,
    units: u32,
    activation: u32,
}

@group(0) @binding(0) var<uniform> params: Params;
@group(0) @binding(1) var<storage, read> input: array<f32>;
@group(0) @binding(2) var<storage, read> weight: array<vec4f>;
@group(0) @binding(3) var<storage, read> bias: array<vec4f>;
@group(0) @binding(4) var<storage, read_write> output: array<f32>;

@compute @workgroup_size(64)
fn main(
    @builtin(workgroup_id) workgroup: vec3u,
    @builtin(num_workgroups) workgroups: vec3u,
    @builtin(local_invocation_index) local: u32,
) {
    let block = flat_index(workgroup, workgroups, local);
    let blocks = (params.units + 3u) / 4u;
    if (block >= blocks) {
        return;
    }

    var sum = vec4f();
    for (var i = 0u; i < params.inputs; i++) {
        sum += input[i] * weight[i * blocks + block];
    }
    sum += bias[block];

    let count = min(4u, params.units - block * 4u);
    for (var k = 0u; k < count; k++) {
        output[block * 4u + k] = activate(params.activation, sum[k]);
    }
}
