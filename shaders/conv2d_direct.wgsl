// Convolution that keeps its sums in registers, for any window and stride.
//
// Layout: see conv2d_common.wgsl and conv2d_maps.wgsl. An invocation computes seven pixels of a row for the sixteen
// channels of a block; the sides of the maps of ImageNet's networks are multiples of seven. At each tap it loads 7 + 16
// values for 112 products. Sums and values are separate variables because some compilers keep arrays in memory.

const PIXELS: u32 = 7u;

@compute @workgroup_size(64)
fn main(
    @builtin(workgroup_id) workgroup: vec3u,
    @builtin(num_workgroups) workgroups: vec3u,
    @builtin(local_invocation_index) local: u32,
) {
    let index = flat_index(workgroup, workgroups, local);
    let segments = (params.out_width + PIXELS - 1u) / PIXELS;
    let of_block = segments * params.out_height;
    let place = index / of_block;
    if (place >= params.blocks) {
        return;
    }
    let row = index % of_block / segments;
    let column = index % segments * PIXELS;
    let block = params.block_first + place;
    let channels = channels_of(block);
    let in_group = params.in_channels / params.groups;
    let step = params.stride;
    let width = params.in_width;

    // Letters stand for groups of four channels, numbers for pixels.
    var a0 = vec4f(); var a1 = vec4f(); var a2 = vec4f(); var a3 = vec4f(); var a4 = vec4f(); var a5 = vec4f(); var a6 = vec4f();
    var b0 = vec4f(); var b1 = vec4f(); var b2 = vec4f(); var b3 = vec4f(); var b4 = vec4f(); var b5 = vec4f(); var b6 = vec4f();
    var c0 = vec4f(); var c1 = vec4f(); var c2 = vec4f(); var c3 = vec4f(); var c4 = vec4f(); var c5 = vec4f(); var c6 = vec4f();
    var d0 = vec4f(); var d1 = vec4f(); var d2 = vec4f(); var d3 = vec4f(); var d4 = vec4f(); var d5 = vec4f(); var d6 = vec4f();
    var tap = place * in_group * params.kernel * params.kernel * 4u;
    for (var i = 0u; i < in_group; i++) {
        let map_first = params.in_first + (channels.group * in_group + i) * params.in_height * width;
        for (var ky = 0u; ky < params.kernel; ky++) {
            // Above the map this wraps around to a huge number, so a single comparison detects the padding on both
            // sides.
            let y = row * step + ky - params.padding;
            // Padding is multiplied, too: 0 times a weight that is NaN or infinite is NaN, as in PyTorch.
            let inside = y < params.in_height;
            let line = map_first + y * width;
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
                let w2 = weight[tap + 2u];
                let w3 = weight[tap + 3u];
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
                c0 += w2 * v0;
                c1 += w2 * v1;
                c2 += w2 * v2;
                c3 += w2 * v3;
                c4 += w2 * v4;
                c5 += w2 * v5;
                c6 += w2 * v6;
                d0 += w3 * v0;
                d1 += w3 * v1;
                d2 += w3 * v2;
                d3 += w3 * v3;
                d4 += w3 * v4;
                d5 += w3 * v5;
                d6 += w3 * v6;
                tap += 4u;
            }
        }
    }

    var sums = array<vec4f, 28>(
        a0, a1, a2, a3, a4, a5, a6,
        b0, b1, b2, b3, b4, b5, b6,
        c0, c1, c2, c3, c4, c5, c6,
        d0, d1, d2, d3, d4, d5, d6,
    );
    let count = min(PIXELS, params.out_width - column);
    for (var quad = 0u; quad < 4u; quad++) {
        for (var p = 0u; p < count; p++) {
            write_output(block, channels, quad, row * params.out_width + column + p, sums[quad * PIXELS + p]);
        }
    }
}
