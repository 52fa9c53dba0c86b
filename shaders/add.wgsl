// Adds two outputs, or one output to the values already in place, each times its factor, and applies the activation.
//
// Layout: a, b and output have the same shape, which may be any. An invocation computes one value.

struct Params {
    count: u32,
    activation: u32,
    // 1 to add the output's own values to a, 0 to add b.
    onto: u32,
    // The index of the first value of a, b and output in their buffers.
    a_first: u32,
    b_first: u32,
    out_first: u32,
    // The factors of a and of the other summand: 1, unless an ablation scales a summand.
    a_factor: f32,
    b_factor: f32,
}

@group(0) @binding(0) var<uniform> params: Params;
@group(0) @binding(1) var<storage, read> a: array<f32>;
@group(0) @binding(2) var<storage, read> b: array<f32>;
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
    var other = b[params.b_first + index];
    if (params.onto == 1u) {
        other = output[params.out_first + index];
    }
    let sum = params.a_factor * a[params.a_first + index] + params.b_factor * other;
    output[params.out_first + index] = activate(params.activation, sum);
}
