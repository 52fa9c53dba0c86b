// Declarations that all kernels share. They are appended to each kernel's source, so that line numbers in errors are
// those of the kernel's own file.

// The codes of `Activation`, as in crates/engine/src/gpu/params.rs.
const SCALED_TANH: u32 = 1u;
const RELU: u32 = 2u;
const SIGMOID: u32 = 3u;

// f(a) = A tanh(S a) (LeCun et al. 1998, appendix A).
const TANH_AMPLITUDE: f32 = 1.7159;
const TANH_SLOPE: f32 = 0.6666667;
// Some drivers compute tanh from exp, which overflows to NaN beyond 44. From 9.1 on, tanh is 1 in f32 anyway.
const TANH_REACH: f32 = 15.0;
// exp overflows beyond 88. The sigmoid is 0 or 1 in f32 long before that.
const SIGMOID_REACH: f32 = 80.0;

const WORKGROUP: u32 = 64u;

fn activate(code: u32, a: f32) -> f32 {
    // max and clamp may make a number of a NaN: a broken network would then look healthy.
    if (is_nan(a)) {
        return a;
    }
    if (code == SCALED_TANH) {
        return TANH_AMPLITUDE * tanh(clamp(TANH_SLOPE * a, -TANH_REACH, TANH_REACH));
    }
    if (code == RELU) {
        return max(a, 0.0);
    }
    if (code == SIGMOID) {
        return 1.0 / (1.0 + exp(clamp(-a, -SIGMOID_REACH, SIGMOID_REACH)));
    }
    return a;
}

// Returns the index of a workgroup in a grid of two dimensions. One dimension holds at most 65,535 workgroups.
fn flat_workgroup(workgroup: vec3u, workgroups: vec3u) -> u32 {
    return workgroup.y * workgroups.x + workgroup.x;
}

// Returns the index of an invocation in a grid of two dimensions.
fn flat_index(workgroup: vec3u, workgroups: vec3u, local: u32) -> u32 {
    return flat_workgroup(workgroup, workgroups) * WORKGROUP + local;
}

// WGSL lets a compiler assume that there are no NaNs and infinities, so test the bits and not the number.
fn is_nan(value: f32) -> bool {
    return (bitcast<u32>(value) & 0x7fffffffu) > 0x7f800000u;
}

fn is_finite(value: f32) -> bool {
    return (bitcast<u32>(value) & 0x7f800000u) != 0x7f800000u;
}

// Returns the greater of two numbers, or the NaN if one of them is none.
fn greater(a: f32, b: f32) -> f32 {
    if (is_nan(a)) {
        return a;
    }
    if (is_nan(b)) {
        return b;
    }
    return max(a, b);
}
