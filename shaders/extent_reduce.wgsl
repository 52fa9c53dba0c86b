// Reduces runs of extents to one extent each: those of maps to that of a layer, those of layers to that of the network.
//
// Layout: reductions (first, count, index of the result, unused); extents vec2 (least, greatest). One workgroup per
// reduction.

struct Params {
    // The first reduction of this dispatch, and the number of them.
    first: u32,
    reductions: u32,
}

@group(0) @binding(0) var<uniform> params: Params;
@group(0) @binding(1) var<storage, read> reductions: array<vec4u>;
@group(0) @binding(2) var<storage, read_write> extents: array<vec2f>;

const GREATEST: f32 = 0x1.fffffep+127f;

var<workgroup> extent_of: array<vec2f, WORKGROUP>;

@compute @workgroup_size(64)
fn main(
    @builtin(workgroup_id) workgroup: vec3u,
    @builtin(num_workgroups) workgroups: vec3u,
    @builtin(local_invocation_index) local: u32,
) {
    let place = flat_workgroup(workgroup, workgroups);
    if (place >= params.reductions) {
        return;
    }
    let run = reductions[params.first + place];
    var extent = vec2f(GREATEST, -GREATEST);
    for (var i = local; i < run.y; i += WORKGROUP) {
        let other = extents[run.x + i];
        extent = vec2f(min(extent.x, other.x), max(extent.y, other.y));
    }
    extent_of[local] = extent;
    workgroupBarrier();
    if (local == 0u) {
        for (var k = 1u; k < WORKGROUP; k++) {
            extent = vec2f(min(extent.x, extent_of[k].x), max(extent.y, extent_of[k].y));
        }
        extents[run.z] = extent;
    }
}
