// Convolution with 3x3 kernels at stride 1 that keeps its sums in registers and reuses loaded rows.
//
// Layout: see conv2d_common.wgsl and conv2d_maps.wgsl. An invocation computes seven pixels of two rows for eight
// channels, half a block. Per input channel it loads 4 rows of 9 values and 9 taps of 8 weights for 1008 products. Sums
// and values are separate variables because some compilers keep arrays in memory.

const PIXELS: u32 = 7u;

@compute @workgroup_size(64)
fn main(
    @builtin(workgroup_id) workgroup: vec3u,
    @builtin(num_workgroups) workgroups: vec3u,
    @builtin(local_invocation_index) local: u32,
) {
    let index = flat_index(workgroup, workgroups, local);
    let segments = (params.out_width + PIXELS - 1u) / PIXELS;
    let of_half = segments * ((params.out_height + 1u) / 2u);
    let place = index / (of_half * 2u);
    if (place >= params.blocks) {
        return;
    }
    let first_quad = index / of_half % 2u * 2u;
    let row = index % of_half / segments * 2u;
    let column = index % segments * PIXELS;
    let block = params.block_first + place;
    let channels = channels_of(block);
    if (first_quad * 4u >= channels.count) {
        return;
    }
    let in_group = params.in_channels / params.groups;
    let width = params.in_width;
    let height = params.in_height;

    // Left of the map this wraps around to a huge number, so a single comparison detects the padding on both sides.
    let x0 = column - params.padding;
    let x1 = x0 + 1u;
    let x2 = x0 + 2u;
    let x3 = x0 + 3u;
    let x4 = x0 + 4u;
    let x5 = x0 + 5u;
    let x6 = x0 + 6u;
    let x7 = x0 + 7u;
    let x8 = x0 + 8u;
    let in0 = x0 < width;
    let in1 = x1 < width;
    let in2 = x2 < width;
    let in3 = x3 < width;
    let in4 = x4 < width;
    let in5 = x5 < width;
    let in6 = x6 < width;
    let in7 = x7 < width;
    let in8 = x8 < width;
    // a and b hold the upper row, c and d the lower one; a and c hold the first four channels.
    var a0 = vec4f(); var a1 = vec4f(); var a2 = vec4f(); var a3 = vec4f(); var a4 = vec4f(); var a5 = vec4f(); var a6 = vec4f();
    var b0 = vec4f(); var b1 = vec4f(); var b2 = vec4f(); var b3 = vec4f(); var b4 = vec4f(); var b5 = vec4f(); var b6 = vec4f();
    var c0 = vec4f(); var c1 = vec4f(); var c2 = vec4f(); var c3 = vec4f(); var c4 = vec4f(); var c5 = vec4f(); var c6 = vec4f();
    var d0 = vec4f(); var d1 = vec4f(); var d2 = vec4f(); var d3 = vec4f(); var d4 = vec4f(); var d5 = vec4f(); var d6 = vec4f();
    var tap = place * in_group * 36u + first_quad;
    for (var i = 0u; i < in_group; i++) {
        let map_first = params.in_first + (channels.group * in_group + i) * height * width;
        let y = row - params.padding;
        var line = map_first + y * width;
        var inside = y < height;
        var u0 = select(0.0, input[line + x0], inside && in0);
        var u1 = select(0.0, input[line + x1], inside && in1);
        var u2 = select(0.0, input[line + x2], inside && in2);
        var u3 = select(0.0, input[line + x3], inside && in3);
        var u4 = select(0.0, input[line + x4], inside && in4);
        var u5 = select(0.0, input[line + x5], inside && in5);
        var u6 = select(0.0, input[line + x6], inside && in6);
        var u7 = select(0.0, input[line + x7], inside && in7);
        var u8 = select(0.0, input[line + x8], inside && in8);
        for (var ky = 1u; ky < 4u; ky++) {
            line += width;
            inside = y + ky < height;
            let v0 = select(0.0, input[line + x0], inside && in0);
            let v1 = select(0.0, input[line + x1], inside && in1);
            let v2 = select(0.0, input[line + x2], inside && in2);
            let v3 = select(0.0, input[line + x3], inside && in3);
            let v4 = select(0.0, input[line + x4], inside && in4);
            let v5 = select(0.0, input[line + x5], inside && in5);
            let v6 = select(0.0, input[line + x6], inside && in6);
            let v7 = select(0.0, input[line + x7], inside && in7);
            let v8 = select(0.0, input[line + x8], inside && in8);
            let p0 = weight[tap];
            let q0 = weight[tap + 1u];
            a0 += p0 * u0;
            b0 += q0 * u0;
            c0 += p0 * v0;
            d0 += q0 * v0;
            a1 += p0 * u1;
            b1 += q0 * u1;
            c1 += p0 * v1;
            d1 += q0 * v1;
            a2 += p0 * u2;
            b2 += q0 * u2;
            c2 += p0 * v2;
            d2 += q0 * v2;
            a3 += p0 * u3;
            b3 += q0 * u3;
            c3 += p0 * v3;
            d3 += q0 * v3;
            a4 += p0 * u4;
            b4 += q0 * u4;
            c4 += p0 * v4;
            d4 += q0 * v4;
            a5 += p0 * u5;
            b5 += q0 * u5;
            c5 += p0 * v5;
            d5 += q0 * v5;
            a6 += p0 * u6;
            b6 += q0 * u6;
            c6 += p0 * v6;
            d6 += q0 * v6;
            let p1 = weight[tap + 4u];
            let q1 = weight[tap + 5u];
            a0 += p1 * u1;
            b0 += q1 * u1;
            c0 += p1 * v1;
            d0 += q1 * v1;
            a1 += p1 * u2;
            b1 += q1 * u2;
            c1 += p1 * v2;
            d1 += q1 * v2;
            a2 += p1 * u3;
            b2 += q1 * u3;
            c2 += p1 * v3;
            d2 += q1 * v3;
            a3 += p1 * u4;
            b3 += q1 * u4;
            c3 += p1 * v4;
            d3 += q1 * v4;
            a4 += p1 * u5;
            b4 += q1 * u5;
            c4 += p1 * v5;
            d4 += q1 * v5;
            a5 += p1 * u6;
            b5 += q1 * u6;
            c5 += p1 * v6;
            d5 += q1 * v6;
            a6 += p1 * u7;
            b6 += q1 * u7;
            c6 += p1 * v7;
            d6 += q1 * v7;
            let p2 = weight[tap + 8u];
            let q2 = weight[tap + 9u];
            a0 += p2 * u2;
            b0 += q2 * u2;
            c0 += p2 * v2;
            d0 += q2 * v2;
            a1 += p2 * u3;
            b1 += q2 * u3;
            c1 += p2 * v3;
            d1 += q2 * v3;
            a2 += p2 * u4;
            b2 += q2 * u4;
            c2 += p2 * v4;
            d2 += q2 * v4;
            a3 += p2 * u5;
            b3 += q2 * u5;
            c3 += p2 * v5;
            d3 += q2 * v5;
            a4 += p2 * u6;
            b4 += q2 * u6;
            c4 += p2 * v6;
            d4 += q2 * v6;
            a5 += p2 * u7;
            b5 += q2 * u7;
            c5 += p2 * v7;
            d5 += q2 * v7;
            a6 += p2 * u8;
            b6 += q2 * u8;
            c6 += p2 * v8;
            d6 += q2 * v8;
            u0 = v0;
            u1 = v1;
            u2 = v2;
            u3 = v3;
            u4 = v4;
            u5 = v5;
            u6 = v6;
            u7 = v7;
            u8 = v8;
            tap += 12u;
        }
    }

    var sums = array<vec4f, 28>(
        a0, a1, a2, a3, a4, a5, a6,
        b0, b1, b2, b3, b4, b5, b6,
        c0, c1, c2, c3, c4, c5, c6,
        d0, d1, d2, d3, d4, d5, d6,
    );
    let count = min(PIXELS, params.out_width - column);
    for (var r = 0u; r < min(2u, params.out_height - row); r++) {
        for (var quad = 0u; quad < 2u; quad++) {
            for (var p = 0u; p < count; p++) {
                let pixel = (row + r) * params.out_width + column + p;
                write_output(block, channels, first_quad + quad, pixel, sums[(r * 2u + quad) * PIXELS + p]);
            }
        }
    }
}
