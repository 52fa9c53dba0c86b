// Convolution with 1x1 kernels at any stride, without padding, that keeps its sums in registers.
//
// Layout: see conv2d_common.wgsl and conv2d_maps.wgsl. An invocation computes fourteen consecutive output pixels, which
// may span rows, of the sixteen channels of a block. Per input channel it loads 14 + 16 values for 224 products.
// conv2d_pointwise loads pixels in groups of four, but serves fewer shapes. Sums and values are separate variables
// because some compilers keep arrays in memory.

const PIXELS: u32 = 14u;

// Returns the index of an output pixel's input within a map. Beyond the last pixel it repeats the last one.
fn input_index_of(pixel: u32) -> u32 {
    let inside = min(pixel, params.out_height * params.out_width - 1u);
    return (inside / params.out_width * params.in_width + inside % params.out_width) * params.stride;
}

@compute @workgroup_size(64)
fn main(
    @builtin(workgroup_id) workgroup: vec3u,
    @builtin(num_workgroups) workgroups: vec3u,
    @builtin(local_invocation_index) local: u32,
) {
    let index = flat_index(workgroup, workgroups, local);
    let area = params.out_height * params.out_width;
    let tiles = (area + PIXELS - 1u) / PIXELS;
    let place = index / tiles;
    if (place >= params.blocks) {
        return;
    }
    let pixel = index % tiles * PIXELS;
    let block = params.block_first + place;
    let channels = channels_of(block);
    let in_group = params.in_channels / params.groups;
    let in_area = params.in_height * params.in_width;

    let p0 = input_index_of(pixel);
    let p1 = input_index_of(pixel + 1u);
    let p2 = input_index_of(pixel + 2u);
    let p3 = input_index_of(pixel + 3u);
    let p4 = input_index_of(pixel + 4u);
    let p5 = input_index_of(pixel + 5u);
    let p6 = input_index_of(pixel + 6u);
    let p7 = input_index_of(pixel + 7u);
    let p8 = input_index_of(pixel + 8u);
    let p9 = input_index_of(pixel + 9u);
    let p10 = input_index_of(pixel + 10u);
    let p11 = input_index_of(pixel + 11u);
    let p12 = input_index_of(pixel + 12u);
    let p13 = input_index_of(pixel + 13u);

    // Letters stand for groups of four channels, numbers for pixels.
    var a0 = vec4f(); var a1 = vec4f(); var a2 = vec4f(); var a3 = vec4f(); var a4 = vec4f(); var a5 = vec4f(); var a6 = vec4f();
    var a7 = vec4f(); var a8 = vec4f(); var a9 = vec4f(); var a10 = vec4f(); var a11 = vec4f(); var a12 = vec4f(); var a13 = vec4f();
    var b0 = vec4f(); var b1 = vec4f(); var b2 = vec4f(); var b3 = vec4f(); var b4 = vec4f(); var b5 = vec4f(); var b6 = vec4f();
    var b7 = vec4f(); var b8 = vec4f(); var b9 = vec4f(); var b10 = vec4f(); var b11 = vec4f(); var b12 = vec4f(); var b13 = vec4f();
    var c0 = vec4f(); var c1 = vec4f(); var c2 = vec4f(); var c3 = vec4f(); var c4 = vec4f(); var c5 = vec4f(); var c6 = vec4f();
    var c7 = vec4f(); var c8 = vec4f(); var c9 = vec4f(); var c10 = vec4f(); var c11 = vec4f(); var c12 = vec4f(); var c13 = vec4f();
    var d0 = vec4f(); var d1 = vec4f(); var d2 = vec4f(); var d3 = vec4f(); var d4 = vec4f(); var d5 = vec4f(); var d6 = vec4f();
    var d7 = vec4f(); var d8 = vec4f(); var d9 = vec4f(); var d10 = vec4f(); var d11 = vec4f(); var d12 = vec4f(); var d13 = vec4f();
    var map_first = params.in_first + channels.group * in_group * in_area;
    var tap = place * in_group * 4u;
    for (var i = 0u; i < in_group; i++) {
        let v0 = input[map_first + p0];
        let v1 = input[map_first + p1];
        let v2 = input[map_first + p2];
        let v3 = input[map_first + p3];
        let v4 = input[map_first + p4];
        let v5 = input[map_first + p5];
        let v6 = input[map_first + p6];
        let v7 = input[map_first + p7];
        let v8 = input[map_first + p8];
        let v9 = input[map_first + p9];
        let v10 = input[map_first + p10];
        let v11 = input[map_first + p11];
        let v12 = input[map_first + p12];
        let v13 = input[map_first + p13];
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
        a7 += w0 * v7;
        a8 += w0 * v8;
        a9 += w0 * v9;
        a10 += w0 * v10;
        a11 += w0 * v11;
        a12 += w0 * v12;
        a13 += w0 * v13;
        b0 += w1 * v0;
        b1 += w1 * v1;
        b2 += w1 * v2;
        b3 += w1 * v3;
        b4 += w1 * v4;
        b5 += w1 * v5;
        b6 += w1 * v6;
        b7 += w1 * v7;
        b8 += w1 * v8;
        b9 += w1 * v9;
        b10 += w1 * v10;
        b11 += w1 * v11;
        b12 += w1 * v12;
        b13 += w1 * v13;
        c0 += w2 * v0;
        c1 += w2 * v1;
        c2 += w2 * v2;
        c3 += w2 * v3;
        c4 += w2 * v4;
        c5 += w2 * v5;
        c6 += w2 * v6;
        c7 += w2 * v7;
        c8 += w2 * v8;
        c9 += w2 * v9;
        c10 += w2 * v10;
        c11 += w2 * v11;
        c12 += w2 * v12;
        c13 += w2 * v13;
        d0 += w3 * v0;
        d1 += w3 * v1;
        d2 += w3 * v2;
        d3 += w3 * v3;
        d4 += w3 * v4;
        d5 += w3 * v5;
        d6 += w3 * v6;
        d7 += w3 * v7;
        d8 += w3 * v8;
        d9 += w3 * v9;
        d10 += w3 * v10;
        d11 += w3 * v11;
        d12 += w3 * v12;
        d13 += w3 * v13;
        map_first += in_area;
        tap += 4u;
    }

    var sums = array<vec4f, 56>(
        a0, a1, a2, a3, a4, a5, a6,
        a7, a8, a9, a10, a11, a12, a13,
        b0, b1, b2, b3, b4, b5, b6,
        b7, b8, b9, b10, b11, b12, b13,
        c0, c1, c2, c3, c4, c5, c6,
        c7, c8, c9, c10, c11, c12, c13,
        d0, d1, d2, d3, d4, d5, d6,
        d7, d8, d9, d10, d11, d12, d13,
    );
    let count = min(PIXELS, area - pixel);
    for (var quad = 0u; quad < 4u; quad++) {
        for (var p = 0u; p < count; p++) {
            write_output(block, channels, quad, pixel + p, sums[quad * PIXELS + p]);
        }
    }
}
