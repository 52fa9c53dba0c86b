// Addition of two outputs, or of one to what is there already, each times its factor, with activation.
//
// Layout: a, b and output alike, any shape. An invocation gives one value.

struct Params {
    count: u32,
    activation: u32,
    // Whether the output's own values are added to a, instead of b.
    onto: u32,
    a_first: u32,
    b_first: u32,
    out_first: u32,
    // 1, but where a cut scales a summand.
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
