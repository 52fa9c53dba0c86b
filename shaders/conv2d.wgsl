// Convolution (cross-correlation) with square kernels, normalisation, residual and activation.
//
// Layout: see conv2d_common.wgsl and conv2d_maps.wgsl. An invocation computes one pixel of four channels. Each input
// value is loaded once for all four, and there are many invocations even if the output is small.

@compute @workgroup_size(64)
fn main(
    @builtin(workgroup_id) workgroup: vec3u,
    @builtin(num_workgroups) workgroups: vec3u,
    @builtin(local_invocation_index) local: u32,
) {
    let index = flat_index(workgroup, workgroups, local);
    let area = params.out_height * params.out_width;
    let place = index / (area * 4u);
    if (place >= params.blocks) {
        return;
    }
    let quad = index / area % 4u;
    let pixel = index % area;
    let block = params.block_first + place;
    let channels = channels_of(block);
    if (quad * 4u >= channels.count) {
        return;
    }
    let in_group = params.in_channels / params.groups;
    let top = (pixel / params.out_width) * params.stride;
    let left = (pixel % params.out_width) * params.stride;

    var sum = vec4f();
    var tap = place * in_group * params.kernel * params.kernel * 4u + quad;
    for (var i = 0u; i < in_group; i++) {
        let map_first = params.in_first + (channels.group * in_group + i) * params.in_height * params.in_width;
        for (var ky = 0u; ky < params.kernel; ky++) {
            // Above the map this wraps around to a huge number, so a single comparison detects the padding on both
            // sides.
            let y = top + ky - params.padding;
            for (var kx = 0u; kx < params.kernel; kx++) {
                let x = left + kx - params.padding;
                // Padding is multiplied, too: 0 times a weight that is NaN or infinite is NaN, as in PyTorch.
                let inside = y < params.in_height && x < params.in_width;
                sum += select(0.0, input[map_first + y * params.in_width + x], inside) * weight[tap];
                tap += 4u;
            }
        }
    }
    write_output(block, channels, quad, pixel, sum);
}
