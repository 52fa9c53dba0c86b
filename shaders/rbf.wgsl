// Euclidean radial basis function units: y_i = sum_j (x_j - w_ij)^2 (LeCun et al. 1998, section II.B).
//
// Layout: input [values]; weight [units, values]; output [units]. An invocation computes one unit.

struct Params {
    inputs: u32,
    units: u32,
    // The index of the first value of input and output in their buffers.
    in_first: u32,
    out_first: u32,
}

@group(0) @binding(0) var<uniform> params: Params;
@group(0) @binding(1) var<storage, read> input: array<f32>;
@group(0) @binding(2) var<storage, read> weight: array<f32>;
@group(0) @binding(3) var<storage, read_write> output: array<f32>;

@compute @workgroup_size(64)
fn main(
    @builtin(workgroup_id) workgroup: vec3u,
    @builtin(num_workgroups) workgroups: vec3u,
    @builtin(local_invocation_index) local: u32,
) {
    let unit = flat_index(workgroup, workgroups, local);
    if (unit >= params.units) {
        return;
    }
    var sum = 0.0;
    for (var i = 0u; i < params.inputs; i++) {
        let gap = input[params.in_first + i] - weight[unit * params.inputs + i];
        sum += gap * gap;
    }
    output[params.out_first + unit] = sum;
}
