// What several kernels share. Appended to each kernel's source, so that an error's line is the kernel's own.

// The codes of `Activation` (crates/engine/src/gpu/params.rs).
const SCALED_TANH: u32 = 1u;
const RELU: u32 = 2u;
const SIGMOID: u32 = 3u;

// f(a) = A tanh(S a) (LeCun et al. 1998, appendix A).
const TANH_AMPLITUDE: f32 = 1.7159;
const TANH_SLOPE: f32 = 0.6666667;
// Some drivers compute tanh from exp, which overflows to NaN past 44; from 9.1 on, tanh is 1 in f32 anyway.
const TANH_REACH: f32 = 15.0;
// exp overflows past 88; the sigmoid is 0 or 1 in f32 long before.
const SIGMOID_REACH: f32 = 80.0;

const WORKGROUP: u32 = 64u;

fn activate(code: u32, a: f32) -> f32 {
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

// The place of a workgroup in a grid of two dimensions: one dimension holds 65,535 workgroups at most.
fn flat_workgroup(workgroup: vec3u, workgroups: vec3u) -> u32 {
    return workgroup.y * workgroups.x + workgroup.x;
}

// The place of an invocation in such a grid.
fn flat_index(workgroup: vec3u, workgroups: vec3u, local: u32) -> u32 {
    return flat_workgroup(workgroup, workgroups) * WORKGROUP + local;
}

// WGSL lets a compiler assume that there are no NaNs and infinities, so the bits are asked, not the number.
fn is_finite(value: f32) -> bool {
    return (bitcast<u32>(value) & 0x7f800000u) != 0x7f800000u;
}
