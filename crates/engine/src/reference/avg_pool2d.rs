use std::ops::Range;

/// The reference of `avg_pool2d.wgsl`.
///
/// `from` and `to` are the (channels, height, width) of `input` and `output`. `reach(i, side)` returns the pixels,
/// along a side of `side` pixels, whose mean is output pixel `i`.
pub fn avg_pool2d(
    from: (usize, usize, usize),
    to: (usize, usize, usize),
    reach: impl Fn(usize, usize) -> Range<usize>,
    input: &[f32],
    output: &mut [f32],
) {
    let (_, h_in, w_in) = from;
    let (channels, h_out, w_out) = to;
    for c in 0..channels {
        for y in 0..h_out {
            for x in 0..w_out {
                let (rows, columns) = (reach(y, h_in), reach(x, w_in));
                let count = rows.len() * columns.len();
                let mut sum = 0.0;
                for row in rows {
                    for column in columns.clone() {
                        sum += input[(c * h_in + row) * w_in + column];
                    }
                }
                output[(c * h_out + y) * w_out + x] = sum / count as f32;
            }
        }
    }
}
