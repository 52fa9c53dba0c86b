// Convolution with 1x1 kernels at stride 1: a matrix product that keeps its sums in registers.
//
// Layout: see conv2d_common.wgsl; input, residual and output [channels, height, width] as vec4 of four pixels, so the
// area must be a multiple of four. An invocation computes sixteen pixels of the sixteen channels of a block. Per input
// channel it loads 16 + 16 values for 256 products. Sums are separate variables because some compilers keep arrays in
// memory.

@group(0) @binding(1) var<storage, read> input: array<vec4f>;
@group(0) @binding(4) var<storage, read> residual: array<vec4f>;
@group(0) @binding(5) var<storage, read_write> output: array<vec4f>;

@compute @workgroup_size(64)
fn main(
    @builtin(workgroup_id) workgroup: vec3u,
    @builtin(num_workgroups) workgroups: vec3u,
    @builtin(local_invocation_index) local: u32,
) {
    let index = flat_index(workgroup, workgroups, local);
    // From here on, areas and pixels count in groups of four.
    let area = params.out_height * params.out_width / 4u;
    let tiles = (area + 3u) / 4u;
    let place = index / tiles;
    if (place >= params.blocks) {
        return;
    }
    let pixel = index % tiles * 4u;
    let block = params.block_first + place;
    let channels = channels_of(block);
    let in_group = params.in_channels / params.groups;

    // Letters stand for channels, numbers for groups of four pixels. The last tile loads its last pixels again in place
    // of those beyond the map.
    var at0 = params.in_first / 4u + channels.group * in_group * area + pixel;
    let last = area - 1u - pixel;
    let step1 = min(1u, last);
    let step2 = min(2u, last);
    let step3 = min(3u, last);
    var a0 = vec4f(); var a1 = vec4f(); var a2 = vec4f(); var a3 = vec4f();
    var b0 = vec4f(); var b1 = vec4f(); var b2 = vec4f(); var b3 = vec4f();
    var c0 = vec4f(); var c1 = vec4f(); var c2 = vec4f(); var c3 = vec4f();
    var d0 = vec4f(); var d1 = vec4f(); var d2 = vec4f(); var d3 = vec4f();
    var e0 = vec4f(); var e1 = vec4f(); var e2 = vec4f(); var e3 = vec4f();
    var f0 = vec4f(); var f1 = vec4f(); var f2 = vec4f(); var f3 = vec4f();
    var g0 = vec4f(); var g1 = vec4f(); var g2 = vec4f(); var g3 = vec4f();
    var h0 = vec4f(); var h1 = vec4f(); var h2 = vec4f(); var h3 = vec4f();
    var i0 = vec4f(); var i1 = vec4f(); var i2 = vec4f(); var i3 = vec4f();
    var j0 = vec4f(); var j1 = vec4f(); var j2 = vec4f(); var j3 = vec4f();
    var k0 = vec4f(); var k1 = vec4f(); var k2 = vec4f(); var k3 = vec4f();
    var l0 = vec4f(); var l1 = vec4f(); var l2 = vec4f(); var l3 = vec4f();
    var m0 = vec4f(); var m1 = vec4f(); var m2 = vec4f(); var m3 = vec4f();
    var n0 = vec4f(); var n1 = vec4f(); var n2 = vec4f(); var n3 = vec4f();
    var o0 = vec4f(); var o1 = vec4f(); var o2 = vec4f(); var o3 = vec4f();
    var p0 = vec4f(); var p1 = vec4f(); var p2 = vec4f(); var p3 = vec4f();
    var tap = place * in_group * 4u;
    for (var i = 0u; i < in_group; i++) {
        let v0 = input[at0];
        let v1 = input[at0 + step1];
        let v2 = input[at0 + step2];
        let v3 = input[at0 + step3];
        let w0 = weight[tap];
        let w1 = weight[tap + 1u];
        let w2 = weight[tap + 2u];
        let w3 = weight[tap + 3u];
        a0 += w0.x * v0;
        a1 += w0.x * v1;
        a2 += w0.x * v2;
        a3 += w0.x * v3;
        b0 += w0.y * v0;
        b1 += w0.y * v1;
        b2 += w0.y * v2;
        b3 += w0.y * v3;
        c0 += w0.z * v0;
        c1 += w0.z * v1;
        c2 += w0.z * v2;
        c3 += w0.z * v3;
        d0 += w0.w * v0;
        d1 += w0.w * v1;
        d2 += w0.w * v2;
        d3 += w0.w * v3;
        e0 += w1.x * v0;
        e1 += w1.x * v1;
        e2 += w1.x * v2;
        e3 += w1.x * v3;
        f0 += w1.y * v0;
        f1 += w1.y * v1;
        f2 += w1.y * v2;
        f3 += w1.y * v3;
        g0 += w1.z * v0;
        g1 += w1.z * v1;
        g2 += w1.z * v2;
        g3 += w1.z * v3;
        h0 += w1.w * v0;
        h1 += w1.w * v1;
        h2 += w1.w * v2;
        h3 += w1.w * v3;
        i0 += w2.x * v0;
        i1 += w2.x * v1;
        i2 += w2.x * v2;
        i3 += w2.x * v3;
        j0 += w2.y * v0;
        j1 += w2.y * v1;
        j2 += w2.y * v2;
        j3 += w2.y * v3;
        k0 += w2.z * v0;
        k1 += w2.z * v1;
        k2 += w2.z * v2;
        k3 += w2.z * v3;
        l0 += w2.w * v0;
        l1 += w2.w * v1;
        l2 += w2.w * v2;
        l3 += w2.w * v3;
        m0 += w3.x * v0;
        m1 += w3.x * v1;
        m2 += w3.x * v2;
        m3 += w3.x * v3;
        n0 += w3.y * v0;
        n1 += w3.y * v1;
        n2 += w3.y * v2;
        n3 += w3.y * v3;
        o0 += w3.z * v0;
        o1 += w3.z * v1;
        o2 += w3.z * v2;
        o3 += w3.z * v3;
        p0 += w3.w * v0;
        p1 += w3.w * v1;
        p2 += w3.w * v2;
        p3 += w3.w * v3;
        at0 += area;
        tap += 4u;
    }

    var sums = array<vec4f, 64>(
        a0, a1, a2, a3,
        b0, b1, b2, b3,
        c0, c1, c2, c3,
        d0, d1, d2, d3,
        e0, e1, e2, e3,
        f0, f1, f2, f3,
        g0, g1, g2, g3,
        h0, h1, h2, h3,
        i0, i1, i2, i3,
        j0, j1, j2, j3,
        k0, k1, k2, k3,
        l0, l1, l2, l3,
        m0, m1, m2, m3,
        n0, n1, n2, n3,
        o0, o1, o2, o3,
        p0, p1, p2, p3,
    );
    for (var channel = 0u; channel < channels.count; channel++) {
        let factor = affine[block * 8u + channel / 4u][channel % 4u];
        let term = affine[block * 8u + 4u + channel / 4u][channel % 4u];
        for (var p = 0u; p < min(4u, area - pixel); p++) {
            let at = (channels.first + channel) * area + pixel + p;
            var values = sums[channel * 4u + p] * factor + term;
            if (params.residual == 1u) {
                values += residual[params.residual_first / 4u + at];
            }
            for (var k = 0u; k < 4u; k++) {
                values[k] = activate(params.activation, values[k]);
            }
            output[params.out_first / 4u + at] = values;
        }
    }
}
