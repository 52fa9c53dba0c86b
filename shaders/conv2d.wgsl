// Convolution (cross-correlation) with square kernels, bias and activation.
//
// Layout: input CHW; weight in blocks of four output channels of one group, [block, I, kernel, kernel] of vec4
// (a component a channel, zero past the group's last); bias [block] of vec4; output CHW.
// An invocation holds one pixel of the four channels of a block: each input value is fetched once for all four.

struct Params {
    in_channels: u32,
    in_height: u32,
    in_width: u32,
    out_channels: u32,
    out_height: u32,
    out_width: u32,
    kernel: u32,
    stride: u32,
    padding: u32,
    groups: u32,
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
    let index = flat_index(workgroup, workgroups, local);
    let in_group = params.in_channels / params.groups;
    let out_group = params.out_channels / params.groups;
    let blocks = (out_group + 3u) / 4u;
    let area = params.out_height * params.out_width;
    let block = index / area;
    if (block >= blocks * params.groups) {
        return;
    }
    let pixel = index % area;
    let group = block / blocks;
    let top = (pixel / params.out_width) * params.stride;
    let left = (pixel % params.out_width) * params.stride;

    var sum = vec4f();
    var tap = block * in_group * params.kernel * params.kernel;
    for (var i = 0u; i < in_group; i++) {
        let plane = (group * in_group + i) * params.in_height * params.in_width;
        for (var ky = 0u; ky < params.kernel; ky++) {
            // Above the map this wraps round to a huge number, so that one comparison finds both sides' padding.
            let y = top + ky - params.padding;
            for (var kx = 0u; kx < params.kernel; kx++) {
                let x = left + kx - params.padding;
                if (y < params.in_height && x < params.in_width) {
                    sum += input[plane + y * params.in_width + x] * weight[tap];
                }
                tap++;
            }
        }
    }
    sum += bias[block];

    let first = group * out_group + (block % blocks) * 4u;
    let count = min(4u, (group + 1u) * out_group - first);
    for (var k = 0u; k < count; k++) {
        output[(first + k) * area + pixel] = activate(params.activation, sum[k]);
    }
}
