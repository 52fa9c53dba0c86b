// Convolution for few output pixels and many input channels: divides the input channels among the invocations of a
// workgroup.
//
// Layout: see conv2d_common.wgsl and conv2d_maps.wgsl. A workgroup computes seven pixels of a row for eight channels,
// half a block. An invocation sums over every 64th input channel, and the partial sums are added up in workgroup
// memory.

const PIXELS: u32 = 7u;

// The partial sums of all invocations, each value for four channels of one pixel.
var<workgroup> parts: array<vec4f, 14u * WORKGROUP>;

@compute @workgroup_size(64)
fn main(
    @builtin(workgroup_id) workgroup: vec3u,
    @builtin(num_workgroups) workgroups: vec3u,
    @builtin(local_invocation_index) local: u32,
) {
    let index = flat_workgroup(workgroup, workgroups);
    let segments = (params.out_width + PIXELS - 1u) / PIXELS;
    let of_half = segments * params.out_height;
    let place = index / (of_half * 2u);
    if (place >= params.blocks) {
        return;
    }
    let first_quad = index / of_half % 2u * 2u;
    let row = index % of_half / segments;
    let column = index % segments * PIXELS;
    let block = params.block_first + place;
    let channels = channels_of(block);
    let in_group = params.in_channels / params.groups;
    let step = params.stride;
    let width = params.in_width;
    let taps = params.kernel * params.kernel * 4u;

    var a0 = vec4f(); var a1 = vec4f(); var a2 = vec4f(); var a3 = vec4f(); var a4 = vec4f(); var a5 = vec4f(); var a6 = vec4f();
    var b0 = vec4f(); var b1 = vec4f(); var b2 = vec4f(); var b3 = vec4f(); var b4 = vec4f(); var b5 = vec4f(); var b6 = vec4f();
    for (var i = local; i < in_group; i += WORKGROUP) {
        let map_first = params.in_first + (channels.group * in_group + i) * params.in_height * width;
        var tap = (place * in_group + i) * taps + first_quad;
        for (var ky = 0u; ky < params.kernel; ky++) {
            // Above the map this wraps around to a huge number, so a single comparison detects the padding on both
            // sides.
            let y = row * step + ky - params.padding;
            let line = map_first + y * width;
            let inside = y < params.in_height;
            for (var kx = 0u; kx < params.kernel; kx++) {
                let x0 = column * step + kx - params.padding;
                let x1 = x0 + step;
                let x2 = x1 + step;
                let x3 = x2 + step;
                let x4 = x3 + step;
                let x5 = x4 + step;
                let x6 = x5 + step;
                let v0 = select(0.0, input[line + x0], inside && x0 < width);
                let v1 = select(0.0, input[line + x1], inside && x1 < width);
                let v2 = select(0.0, input[line + x2], inside && x2 < width);
                let v3 = select(0.0, input[line + x3], inside && x3 < width);
                let v4 = select(0.0, input[line + x4], inside && x4 < width);
                let v5 = select(0.0, input[line + x5], inside && x5 < width);
                let v6 = select(0.0, input[line + x6], inside && x6 < width);
                let w0 = weight[tap];
                let w1 = weight[tap + 1u];
                a0 += w0 * v0;
                a1 += w0 * v1;
                a2 += w0 * v2;
                a3 += w0 * v3;
                a4 += w0 * v4;
                a5 += w0 * v5;
                a6 += w0 * v6;
                b0 += w1 * v0;
                b1 += w1 * v1;
                b2 += w1 * v2;
                b3 += w1 * v3;
                b4 += w1 * v4;
                b5 += w1 * v5;
                b6 += w1 * v6;
                tap += 4u;
            }
        }
    }
    parts[0u * WORKGROUP + local] = a0;
    parts[1u * WORKGROUP + local] = a1;
    parts[2u * WORKGROUP + local] = a2;
    parts[3u * WORKGROUP + local] = a3;
    parts[4u * WORKGROUP + local] = a4;
    parts[5u * WORKGROUP + local] = a5;
    parts[6u * WORKGROUP + local] = a6;
    parts[7u * WORKGROUP + local] = b0;
    parts[8u * WORKGROUP + local] = b1;
    parts[9u * WORKGROUP + local] = b2;
    parts[10u * WORKGROUP + local] = b3;
    parts[11u * WORKGROUP + local] = b4;
    parts[12u * WORKGROUP + local] = b5;
    parts[13u * WORKGROUP + local] = b6;
    workgroupBarrier();

    // Fourteen invocations add up the partial sums of four channels of one pixel each.
    let quad = first_quad + local / PIXELS;
    let p = local % PIXELS;
    if (local < 2u * PIXELS && quad * 4u < channels.count && column + p < params.out_width) {
        var sum = vec4f();
        for (var k = 0u; k < WORKGROUP; k++) {
            sum += parts[local * WORKGROUP + k];
        }
        write_output(block, channels, quad, row * params.out_width + column + p, sum);
    }
}
