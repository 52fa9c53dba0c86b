// Multiplies values in place: maps or kernels that an ablation scales.
//
// Layout: any; `count` values, `step` apart. An invocation computes one value.

struct Params {
    count: u32,
    first: u32,
    // The distance between neighbouring values.
    step: u32,
    factor: f32,
}

@group(0) @binding(0) var<uniform> params: Params;
@group(0) @binding(1) var<storage, read_write> values: array<f32>;

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
    let place = params.first + index * params.step;
    // A factor of 0 writes 0 whatever the value was: infinity times 0 would be NaN.
    if (params.factor == 0.0) {
        values[place] = 0.0;
    } else {
        values[place] = params.factor * values[place];
    }
}
