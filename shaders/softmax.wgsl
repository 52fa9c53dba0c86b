// Softmax: p_i = exp(scale x_i) / sum_j exp(scale x_j), over all values.
//
// Layout: input and output have the same shape, which may be any. One workgroup computes everything: each invocation
// takes every 64th value.

struct Params {
    count: u32,
    scale: f32,
    // The index of the first value of input and output in their buffers.
    in_first: u32,
    out_first: u32,
}

@group(0) @binding(0) var<uniform> params: Params;
@group(0) @binding(1) var<storage, read> input: array<f32>;
@group(0) @binding(2) var<storage, read_write> output: array<f32>;

const LEAST: f32 = -0x1.fffffep+127f;

var<workgroup> greatest_of: array<f32, WORKGROUP>;
var<workgroup> sum_of: array<f32, WORKGROUP>;

@compute @workgroup_size(64)
fn main(@builtin(local_invocation_index) local: u32) {
    var greatest = LEAST;
    for (var i = local; i < params.count; i += WORKGROUP) {
        greatest = greater(greatest, params.scale * input[params.in_first + i]);
    }
    greatest_of[local] = greatest;
    workgroupBarrier();
    for (var k = 0u; k < WORKGROUP; k++) {
        greatest = greater(greatest, greatest_of[k]);
    }

    // After subtracting the greatest value, all exponents are at most 0: none overflows, and the sum is at least 1.
    var sum = 0.0;
    for (var i = local; i < params.count; i += WORKGROUP) {
        sum += exp(params.scale * input[params.in_first + i] - greatest);
    }
    sum_of[local] = sum;
    workgroupBarrier();
    var total = 0.0;
    for (var k = 0u; k < WORKGROUP; k++) {
        total += sum_of[k];
    }

    for (var i = local; i < params.count; i += WORKGROUP) {
        // One NaN among the scores makes all probabilities NaN. exp may make a number of it.
        if (is_nan(greatest)) {
            output[params.out_first + i] = greatest;
            continue;
        }
        output[params.out_first + i] = exp(params.scale * input[params.in_first + i] - greatest) / total;
    }
}
