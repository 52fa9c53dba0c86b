// Multiplication in place: maps, or kernels, that a cut scales.
//
// Layout: any; the values are so many, the same step apart. An invocation gives one value.

struct Params {
    count: u32,
    first: u32,
    // From one value to the next.
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
    // What is switched off is nothing, whatever it was: infinity times 0 would be no number.
    if (params.factor == 0.0) {
        values[place] = 0.0;
    } else {
        values[place] = params.factor * values[place];
    }
}
