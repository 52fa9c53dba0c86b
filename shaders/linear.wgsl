// A fully connected layer with bias and activation. Loading the matrix limits its speed.
//
// Layout: input [values] (maps flattened in [channels, height, width] order); weight [units, values / 4] of vec4, with
// the checkpoint's rows padded by zeros to a multiple of four values; bias and output [units]. A dispatch computes a
// run of units, and its weight begins with the first of them. A workgroup computes eight units: neighbouring
// invocations load neighbouring vec4 of a row, four inputs serve eight rows, and the partial sums are added up in
// workgroup memory.

struct Params {
    inputs: u32,
    unit_first: u32,
    units: u32,
    activation: u32,
    // The index of the first value of input and output in their buffers.
    in_first: u32,
    out_first: u32,
}

@group(0) @binding(0) var<uniform> params: Params;
@group(0) @binding(1) var<storage, read> input: array<f32>;
@group(0) @binding(2) var<storage, read> weight: array<vec4f>;
@group(0) @binding(3) var<storage, read> bias: array<f32>;
@group(0) @binding(4) var<storage, read_write> output: array<f32>;

const ROWS: u32 = 8u;

// The partial sums of all invocations, each value for four rows.
var<workgroup> parts: array<vec4f, 2u * WORKGROUP>;

// Returns four inputs, with zeros after the last: beyond it the buffer may hold any values.
fn load_four(place: u32) -> vec4f {
    let at = params.in_first + place * 4u;
    let left = params.inputs - place * 4u;
    return vec4f(
        input[at],
        select(0.0, input[at + 1u], left > 1u),
        select(0.0, input[at + 2u], left > 2u),
        select(0.0, input[at + 3u], left > 3u),
    );
}

@compute @workgroup_size(64)
fn main(
    @builtin(workgroup_id) workgroup: vec3u,
    @builtin(num_workgroups) workgroups: vec3u,
    @builtin(local_invocation_index) local: u32,
) {
    let unit = flat_workgroup(workgroup, workgroups) * ROWS;
    if (unit >= params.units) {
        return;
    }
    let length = (params.inputs + 3u) / 4u;
    // Rows beyond the last one load the last one again.
    let last = params.units - 1u;
    let row0 = unit * length;
    let row1 = min(unit + 1u, last) * length;
    let row2 = min(unit + 2u, last) * length;
    let row3 = min(unit + 3u, last) * length;
    let row4 = min(unit + 4u, last) * length;
    let row5 = min(unit + 5u, last) * length;
    let row6 = min(unit + 6u, last) * length;
    let row7 = min(unit + 7u, last) * length;

    var low = vec4f();
    var high = vec4f();
    for (var i = local; i < length; i += WORKGROUP) {
        let x = load_four(i);
        low += vec4f(
            dot(x, weight[row0 + i]),
            dot(x, weight[row1 + i]),
            dot(x, weight[row2 + i]),
            dot(x, weight[row3 + i]),
        );
        high += vec4f(
            dot(x, weight[row4 + i]),
            dot(x, weight[row5 + i]),
            dot(x, weight[row6 + i]),
            dot(x, weight[row7 + i]),
        );
    }
    parts[local] = low;
    parts[WORKGROUP + local] = high;
    workgroupBarrier();

    if (local < 2u) {
        var sum = vec4f();
        for (var k = 0u; k < WORKGROUP; k++) {
            sum += parts[local * WORKGROUP + k];
        }
        let first = unit + local * 4u;
        for (var k = 0u; k < 4u && first + k < params.units; k++) {
            let at = params.unit_first + first + k;
            output[params.out_first + at] = activate(params.activation, sum[k] + bias[at]);
        }
    }
}
