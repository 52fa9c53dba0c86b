// Draws tiles of one node: mosaics of its feature maps, with one coloured cell per value.
//
// Layout: values, the buffer with the node's output in [channels, height, width] (or [values]) order, as bits; extents
// vec2 (least, greatest), in the order of the table of maps. A tile is one instance, a strip of two triangles, in which
// maps are arranged in rows and gaps are not drawn. Colours are sRGB-encoded, as the bytes of a 2D canvas are. The
// references are crates/scene/src/paint/colour.rs and raster.rs.

struct Canvas {
    size: vec2f,
}

struct Palette {
    paper: vec4f,
    not_a_number: vec4f,
    negative: vec4f,
    zero: vec4f,
    positive: vec4f,
    weight_negative: vec4f,
    weight_positive: vec4f,
    ink_low: vec4f,
    ink_high: vec4f,
    rectified: array<vec4f, 5>,
}

@group(0) @binding(0) var<uniform> canvas: Canvas;
@group(0) @binding(1) var<uniform> palette: Palette;
@group(0) @binding(2) var<storage, read> extents: array<vec2f>;
@group(1) @binding(0) var<storage, read> values: array<u32>;

const SIGNED: u32 = 0u;
const RECTIFIED: u32 = 1u;
const WEIGHT: u32 = 2u;
// Marks an extent that the tile itself gives.
const FIXED: u32 = 0xffffffffu;
// The power that lifts small values off zero on signed ramps, as in crates/scene/src/paint/colour.rs.
const SIGNED_POWER: f32 = 0.8;

struct Tile {
    // x, y, width and height in pixels of the canvas.
    @location(0) rect: vec4f,
    // The index of the first value, columns, rows, and the code of the ramp.
    @location(1) grid: vec4u,
    // The least and the greatest value of a fixed scale, and how far the tile fades into the paper, from 0 to 1.
    @location(2) fixed: vec3f,
    // The index of the extent.
    @location(3) extent: u32,
    // The index after the last value that may be drawn, the number of maps, maps per row, and two packed fields: bit 0
    // is 1 if each map has its own extent, and the bits above hold the opacity in parts of 255.
    @location(4) maps: vec4u,
    // The width and height of a map, and the distances between the starts of neighbouring maps, in pixels.
    @location(5) sizes: vec4f,
}

struct Corner {
    @builtin(position) position: vec4f,
    // The position in pixels from the tile's top left corner.
    @location(0) at: vec2f,
    @location(1) @interpolate(flat) grid: vec4u,
    @location(2) @interpolate(flat) fixed: vec3f,
    @location(3) @interpolate(flat) extent: u32,
    @location(4) @interpolate(flat) maps: vec4u,
    @location(5) @interpolate(flat) sizes: vec4f,
}

@vertex
fn vertex(@builtin(vertex_index) index: u32, tile: Tile) -> Corner {
    // The corners of the strip: top left, top right, bottom left, bottom right.
    let unit = vec2f(f32(index & 1u), f32(index >> 1u));
    let at = (tile.rect.xy + unit * tile.rect.zw) / canvas.size;
    var out: Corner;
    out.position = vec4f(at.x * 2.0 - 1.0, 1.0 - at.y * 2.0, 0.0, 1.0);
    out.at = unit * tile.rect.zw;
    out.grid = tile.grid;
    out.fixed = tile.fixed;
    out.extent = tile.extent;
    out.maps = tile.maps;
    out.sizes = tile.sizes;
    return out;
}

// Raises a magnitude from 0 to 1 to the power. pow(0, p) is handled apart: it goes through a logarithm, which some
// drivers get wrong.
fn signed_power(magnitude: f32) -> f32 {
    if (magnitude <= 0.0) {
        return 0.0;
    }
    return pow(magnitude, SIGNED_POWER);
}

fn ramp_colour(ramp: u32, value: f32, extent: vec2f) -> vec3f {
    if (ramp == SIGNED || ramp == WEIGHT) {
        let reach = max(abs(extent.x), abs(extent.y));
        let magnitude = select(0.0, signed_power(clamp(abs(value) / reach, 0.0, 1.0)), reach > 0.0);
        if (ramp == SIGNED) {
            return mix(palette.zero, select(palette.negative, palette.positive, value > 0.0), magnitude).rgb;
        }
        return mix(palette.zero, select(palette.weight_negative, palette.weight_positive, value > 0.0), magnitude).rgb;
    }
    if (ramp == RECTIFIED) {
        let place = select(0.0, clamp(value / extent.y, 0.0, 1.0), extent.y > 0.0) * 4.0;
        let stop = min(u32(place), 3u);
        return mix(palette.rectified[stop], palette.rectified[stop + 1u], place - f32(stop)).rgb;
    }
    let span = extent.y - extent.x;
    let place = select(0.0, clamp((value - extent.x) / span, 0.0, 1.0), span > 0.0);
    return mix(palette.ink_low, palette.ink_high, place).rgb;
}

@fragment
fn fragment(corner: Corner) -> @location(0) vec4f {
    let at = max(corner.at, vec2f(0.0));
    let place = floor(at / corner.sizes.zw);
    let inside = at - place * corner.sizes.zw;
    let map = u32(place.y) * corner.maps.z + u32(place.x);
    if (any(inside >= corner.sizes.xy) || u32(place.x) >= corner.maps.z || map >= corner.maps.y) {
        discard;
    }
    let cell = inside / corner.sizes.xy * vec2f(corner.grid.yz);
    let column = min(u32(cell.x), corner.grid.y - 1u);
    let row = min(u32(cell.y), corner.grid.z - 1u);
    let index = corner.grid.x + (map * corner.grid.z + row) * corner.grid.y + column;
    if (index >= corner.maps.x) {
        discard;
    }
    var extent = corner.fixed.xy;
    if (corner.extent != FIXED) {
        extent = extents[corner.extent + map * (corner.maps.w & 1u)];
    }
    let bits = values[index];
    // WGSL lets a compiler assume that there are no NaNs and infinities, so test the bits and not the number.
    let exponent = bits & 0x7f800000u;
    var colour = palette.not_a_number.rgb;
    if (exponent != 0x7f800000u || (bits & 0x007fffffu) == 0u) {
        // Draw an infinity as the greatest finite number, which is at the end of the ramp.
        let kept = select(bits, (bits & 0x80000000u) | 0x7f7fffffu, exponent == 0x7f800000u);
        colour = ramp_colour(corner.grid.w, bitcast<f32>(kept), extent);
    }
    let opacity = f32(corner.maps.w >> 1u) / 255.0;
    return vec4f(mix(colour, palette.paper.rgb, corner.fixed.z) * opacity, opacity);
}
