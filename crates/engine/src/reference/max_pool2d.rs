use net::Window;

/// The reference of `max_pool2d.wgsl`. Padding never wins, and NaN always does. `from` and `to` are the (channels,
/// height, width) of `input` and `output`.
pub fn max_pool2d(
    from: (usize, usize, usize),
    to: (usize, usize, usize),
    window: Window,
    input: &[f32],
    output: &mut [f32],
) {
    let (_, h_in, w_in) = from;
    let (channels, h_out, w_out) = to;
    for c in 0..channels {
        for y in 0..h_out {
            for x in 0..w_out {
                let mut greatest = f32::MIN;
                for row in window.span(y, h_in) {
                    for column in window.span(x, w_in) {
                        let value = input[(c * h_in + row) * w_in + column];
                        greatest = if value > greatest || value.is_nan() { value } else { greatest };
                    }
                }
                output[(c * h_out + y) * w_out + x] = greatest;
            }
        }
    }
}
