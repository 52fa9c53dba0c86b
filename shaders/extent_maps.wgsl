// Finds the least and the greatest finite value of each map of one node, and counts the others.
//
// Layout: input [maps, values]; extents vec2 (least, greatest), written from index `first` on; counts vec2 (minus the
// number of NaN, the number of infinities), written from index `counts_first` on. One workgroup per map. A map without a
// finite value gets (greatest f32, least f32).

struct Params {
    first: u32,
    maps: u32,
    values: u32,
    // The index of the node's first value in its buffer.
    in_first: u32,
    counts_first: u32,
}

@group(0) @binding(0) var<uniform> params: Params;
@group(0) @binding(1) var<storage, read> input: array<f32>;
@group(0) @binding(2) var<storage, read_write> extents: array<vec2f>;

const GREATEST: f32 = 0x1.fffffep+127f;

var<workgroup> extent_of: array<vec2f, WORKGROUP>;
var<workgroup> counts_of: array<vec2f, WORKGROUP>;

@compute @workgroup_size(64)
fn main(
    @builtin(workgroup_id) workgroup: vec3u,
    @builtin(num_workgroups) workgroups: vec3u,
    @builtin(local_invocation_index) local: u32,
) {
    let map = flat_workgroup(workgroup, workgroups);
    if (map >= params.maps) {
        return;
    }
    var extent = vec2f(GREATEST, -GREATEST);
    var counts = vec2f();
    for (var i = local; i < params.values; i += WORKGROUP) {
        let value = input[params.in_first + map * params.values + i];
        if (is_finite(value)) {
            extent = vec2f(min(extent.x, value), max(extent.y, value));
        } else if (is_nan(value)) {
            counts.x -= 1.0;
        } else {
            counts.y += 1.0;
        }
    }
    extent_of[local] = extent;
    counts_of[local] = counts;
    workgroupBarrier();
    if (local == 0u) {
        for (var k = 1u; k < WORKGROUP; k++) {
            extent = vec2f(min(extent.x, extent_of[k].x), max(extent.y, extent_of[k].y));
            counts += counts_of[k];
        }
        extents[params.first + map] = extent;
        extents[params.counts_first + map] = counts;
    }
}
