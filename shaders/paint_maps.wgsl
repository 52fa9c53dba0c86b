// Draws tiles of one node: rectangles of the canvas whose cells are the node's values, coloured by a ramp.
//
// Layout: values, a buffer that has the node's output in its CHW (or N) order, as bits; extents vec2 (least, greatest), by the table
// of maps; a tile is one instance, a strip of two triangles. Colours are sRGB-encoded, as bytes of a 2D canvas are; the CPU
// twin is src/paint/colour.rs.

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
// An extent that is not looked up, but given with the tile.
const FIXED: u32 = 0xffffffffu;
// Lifts small values off zero (the look's table of tokens).
const SIGNED_POWER: f32 = 0.8;

struct Tile {
    // x, y, width and height in pixels of the canvas.
    @location(0) rect: vec4f,
    // The first value, columns, rows, and the ramp's code.
    @location(1) grid: vec4u,
    // Least and greatest value, where the scale is fixed, and how far the tile fades into the paper.
    @location(2) fixed: vec3f,
    // The place of the extent.
    @location(3) extent: u32,
    // The value past the last that may be drawn.
    @location(4) end: u32,
}

struct Corner {
    @builtin(position) position: vec4f,
    // In cells from the tile's top left corner.
    @location(0) cell: vec2f,
    @location(1) @interpolate(flat) grid: vec4u,
    @location(2) @interpolate(flat) scale: vec3f,
    @location(3) @interpolate(flat) end: u32,
}

@vertex
fn vertex(@builtin(vertex_index) index: u32, tile: Tile) -> Corner {
    // A strip: top left, top right, bottom left, bottom right.
    let unit = vec2f(f32(index & 1u), f32(index >> 1u));
    let at = (tile.rect.xy + unit * tile.rect.zw) / canvas.size;
    var extent = tile.fixed.xy;
    if (tile.extent != FIXED) {
        extent = extents[tile.extent];
    }
    var out: Corner;
    out.position = vec4f(at.x * 2.0 - 1.0, 1.0 - at.y * 2.0, 0.0, 1.0);
    out.cell = unit * vec2f(tile.grid.yz);
    out.grid = tile.grid;
    out.scale = vec3f(extent, tile.fixed.z);
    out.end = tile.end;
    return out;
}

// What power makes of a magnitude from 0 to 1: pow(0, p) goes through a logarithm, which some drivers get wrong.
fn lift(magnitude: f32) -> f32 {
    if (magnitude <= 0.0) {
        return 0.0;
    }
    return pow(magnitude, SIGNED_POWER);
}

fn ramp_colour(ramp: u32, value: f32, extent: vec2f) -> vec3f {
    if (ramp == SIGNED || ramp == WEIGHT) {
        let reach = max(abs(extent.x), abs(extent.y));
        let magnitude = select(0.0, lift(clamp(abs(value) / reach, 0.0, 1.0)), reach > 0.0);
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
    let column = min(u32(max(corner.cell.x, 0.0)), corner.grid.y - 1u);
    let row = min(u32(max(corner.cell.y, 0.0)), corner.grid.z - 1u);
    let index = corner.grid.x + row * corner.grid.y + column;
    if (index >= corner.end) {
        discard;
    }
    let bits = values[index];
    // WGSL lets a compiler assume that there are no NaNs and infinities, so the bits are asked, not the number.
    let exponent = bits & 0x7f800000u;
    var colour = palette.not_a_number.rgb;
    if (exponent != 0x7f800000u || (bits & 0x007fffffu) == 0u) {
        // An infinity is painted as the greatest number: the end of its ramp.
        let kept = select(bits, (bits & 0x80000000u) | 0x7f7fffffu, exponent == 0x7f800000u);
        colour = ramp_colour(corner.grid.w, bitcast<f32>(kept), corner.scale.xy);
    }
    return vec4f(mix(colour, palette.paper.rgb, corner.scale.z), 1.0);
}
