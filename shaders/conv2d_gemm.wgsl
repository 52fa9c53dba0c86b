// Convolution as a matrix product whose right-hand side, the windows, is gathered piece by piece (implicit GEMM).
//
// Layout: see conv2d_common.wgsl and conv2d_maps.wgsl. A workgroup computes 128 pixels of the sixteen channels of a
// block and loads sixteen taps at a time into workgroup memory. An invocation computes four pixels of eight channels.

const TAPS: u32 = 16u;
const PIXELS: u32 = 128u;

// Layouts: [tap, 4] of four channels each, and [tap, 32] of four pixels each.
var<workgroup> weights: array<vec4f, TAPS * 4u>;
var<workgroup> windows: array<vec4f, TAPS * PIXELS / 4u>;

// Returns the input value at `offset` within the window whose first pixel is `corner`, or 0 in the padding.
fn load_tap(map_first: u32, corner: vec2u, offset: vec2u, inside: bool) -> f32 {
    let at = corner + offset;
    // Above the map this has wrapped around to a huge number, so a single comparison detects the padding on both sides.
    let there = inside && at.x < params.in_width && at.y < params.in_height;
    return select(0.0, input[map_first + at.y * params.in_width + at.x], there);
}

fn corner_of(pixel: u32) -> vec2u {
    let at = vec2u(pixel % params.out_width, pixel / params.out_width);
    return at * params.stride - params.padding;
}

@compute @workgroup_size(64)
fn main(
    @builtin(workgroup_id) workgroup: vec3u,
    @builtin(num_workgroups) workgroups: vec3u,
    @builtin(local_invocation_index) local: u32,
) {
    let index = flat_workgroup(workgroup, workgroups);
    let area = params.out_height * params.out_width;
    let tiles = (area + PIXELS - 1u) / PIXELS;
    let place = index / tiles;
    if (place >= params.blocks) {
        return;
    }
    let block = params.block_first + place;
    let channels = channels_of(block);
    let in_group = params.in_channels / params.groups;
    let in_area = params.in_height * params.in_width;
    let of_kernel = params.kernel * params.kernel;
    let taps = in_group * of_kernel;
    let first_map = params.in_first + channels.group * in_group * in_area;

    // This invocation loads four pixels of every second tap and computes the same four pixels of eight channels.
    let column = local % 32u;
    let half = local / 32u;
    let pixel = index % tiles * PIXELS + column * 4u;
    let corner0 = corner_of(pixel);
    let corner1 = corner_of(pixel + 1u);
    let corner2 = corner_of(pixel + 2u);
    let corner3 = corner_of(pixel + 3u);

    var a0 = vec4f(); var a1 = vec4f(); var a2 = vec4f(); var a3 = vec4f();
    var b0 = vec4f(); var b1 = vec4f(); var b2 = vec4f(); var b3 = vec4f();
    for (var first = 0u; first < taps; first += TAPS) {
        let own = first + local / 4u;
        weights[local] = select(vec4f(), weight[(place * taps + first) * 4u + local], own < taps);
        for (var k = half; k < TAPS; k += 2u) {
            let tap = first + k;
            let of_map = tap % of_kernel;
            let offset = vec2u(of_map % params.kernel, of_map / params.kernel);
            let map_first = first_map + tap / of_kernel * in_area;
            windows[k * 32u + column] = vec4f(
                load_tap(map_first, corner0, offset, tap < taps && pixel < area),
                load_tap(map_first, corner1, offset, tap < taps && pixel + 1u < area),
                load_tap(map_first, corner2, offset, tap < taps && pixel + 2u < area),
                load_tap(map_first, corner3, offset, tap < taps && pixel + 3u < area),
            );
        }
        workgroupBarrier();
        for (var k = 0u; k < TAPS; k++) {
            let w0 = weights[k * 4u + half * 2u];
            let w1 = weights[k * 4u + half * 2u + 1u];
            let v = windows[k * 32u + column];
            a0 += w0 * v.x;
            a1 += w0 * v.y;
            a2 += w0 * v.z;
            a3 += w0 * v.w;
            b0 += w1 * v.x;
            b1 += w1 * v.y;
            b2 += w1 * v.z;
            b3 += w1 * v.w;
        }
        workgroupBarrier();
    }

    var sums = array<vec4f, 8>(a0, a1, a2, a3, b0, b1, b2, b3);
    for (var quad = 0u; quad < 2u; quad++) {
        for (var p = 0u; p < 4u; p++) {
            if (pixel + p < area) {
                write_output(block, channels, half * 2u + quad, pixel + p, sums[quad * 4u + p]);
            }
        }
    }
}
