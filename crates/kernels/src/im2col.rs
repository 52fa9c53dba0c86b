//! Unrolls convolution windows into the columns of a matrix (im2col).

use std::ops::Range;

use crate::Windows;

/// Writes the windows `positions` as the columns of `panel`.
///
/// `x` is `[channels, height, width]`. Positions count row by row over the output map. `panel` is
/// `[channels * kernel * kernel, positions.len()]`; taps in the padding are zero.
///
/// # Panics
/// Panics if `panel` has fewer rows than there are taps.
pub fn im2col(windows: &Windows, x: &[f32], positions: Range<usize>, panel: &mut [f32]) {
    let Windows { height, width, kernel, stride, padding, columns, .. } = *windows;
    let count = positions.len();
    let mut rows = panel.chunks_exact_mut(count);
    for map in x.chunks_exact(windows.area()) {
        for down in 0..kernel {
            let on_rows = windows.windows_inside(down, height, windows.rows);
            for across in 0..kernel {
                let on_columns = windows.windows_inside(across, width, columns);
                let mut out = rows.next().expect("should have a row of the panel for each tap");
                // The panel may begin and end within a row of windows: fill it one row of windows at a time.
                let (mut y, mut from) = (positions.start / columns, positions.start % columns);
                while !out.is_empty() {
                    let to = columns.min(from + out.len());
                    let (run, rest) = std::mem::take(&mut out).split_at_mut(to - from);
                    if on_rows.contains(&y) {
                        let line = &map[(y * stride + down - padding) * width..][..width];
                        // Windows from..to of this row read padding, then the map, then padding again.
                        let (start, end) = (on_columns.start.clamp(from, to), on_columns.end.clamp(from, to));
                        run[..start - from].fill(0.0);
                        run[end - from..].fill(0.0);
                        if start < end {
                            copy_strided(
                                &line[start * stride + across - padding..],
                                stride,
                                &mut run[start - from..end - from],
                            );
                        }
                    } else {
                        run.fill(0.0);
                    }
                    (y, from, out) = (y + 1, 0, rest);
                }
            }
        }
    }
}

/// Copies every `stride`-th value of `line` until `out` is full.
fn copy_strided(line: &[f32], stride: usize, out: &mut [f32]) {
    match stride {
        1 => out.copy_from_slice(&line[..out.len()]),
        2 => {
            // `line` may end in the middle of the last pair, so the last value is copied by itself.
            let pairs = out.len() - 1;
            for (to, pair) in out[..pairs].iter_mut().zip(line.chunks_exact(2)) {
                *to = pair[0];
            }
            out[pairs] = line[2 * pairs];
        }
        _ => out.iter_mut().zip(line.iter().step_by(stride)).for_each(|(to, from)| *to = *from),
    }
}
