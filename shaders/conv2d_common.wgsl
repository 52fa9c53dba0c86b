// Declarations that all kernels of convolution share: the uniform, the weight, and the normalisation of sums.
//
// Layout: weight in blocks of sixteen output channels of one group, [block, in channels, kernel, kernel, 4] of vec4,
// with one component per channel and zeros after the group's last channel; affine [block, 2, 4] of vec4, with the
// factor and the term of each channel (from batch normalisation and bias). A dispatch computes a run of blocks, and its
// weight begins with the first of them.

struct Params {
    in_channels: u32,
    in_height: u32,
    in_width: u32,
    // The index of the first value of the input in its buffer.
    in_first: u32,
    out_channels: u32,
    out_height: u32,
    out_width: u32,
    out_first: u32,
    kernel: u32,
    stride: u32,
    padding: u32,
    groups: u32,
    activation: u32,
    block_first: u32,
    blocks: u32,
    // 1 to add a residual, and the index of its first value.
    residual: u32,
    residual_first: u32,
}

@group(0) @binding(0) var<uniform> params: Params;
@group(0) @binding(2) var<storage, read> weight: array<vec4f>;
@group(0) @binding(3) var<storage, read> affine: array<vec4f>;

const BLOCK: u32 = 16u;

// The channels of a block: the first one, their number, and their group.
struct Channels {
    first: u32,
    count: u32,
    group: u32,
}

fn channels_of(block: u32) -> Channels {
    let of_group = params.out_channels / params.groups;
    let per_group = (of_group + BLOCK - 1u) / BLOCK;
    let group = block / per_group;
    let first = block % per_group * BLOCK;
    return Channels(group * of_group + first, min(BLOCK, of_group - first), group);
}

// Multiplies and shifts the sums of four channels of a block, from channel `quad * 4` on.
fn normalise(block: u32, quad: u32, sum: vec4f) -> vec4f {
    return sum * affine[block * 8u + quad] + affine[block * 8u + 4u + quad];
}
