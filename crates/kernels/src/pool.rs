//! Pooling over windows, and the shortcut that pads channels with zeros. All maps are `[channels, height, width]`.

use std::ops::Range;

use crate::Windows;

/// Writes the greatest value of each window to `out`. Padding never wins, and NaN always does. `line` is scratch memory
/// for one row of a map.
pub fn max_pool(windows: &Windows, x: &[f32], line: &mut [f32], out: &mut [f32]) {
    reduce(windows, x, line, out, |a, b| if b > a || b.is_nan() { b } else { a });
}

/// Writes the sum of each window to `out`. `line` is scratch memory for one row of a map.
pub fn window_sums(windows: &Windows, x: &[f32], line: &mut [f32], out: &mut [f32]) {
    reduce(windows, x, line, out, |a, b| a + b);
}

/// Writes the mean of each window to `out`. Windows must lie inside the map. `line` is scratch memory for one row of a
/// map.
pub fn average_pool(windows: &Windows, x: &[f32], line: &mut [f32], out: &mut [f32]) {
    window_sums(windows, x, line, out);
    let share = 1.0 / (windows.kernel * windows.kernel) as f32;
    out.iter_mut().for_each(|sum| *sum *= share);
}

/// Reduces each window with `join`: first down its rows, into `line`, then across `line`.
#[inline(always)]
fn reduce(windows: &Windows, x: &[f32], line: &mut [f32], out: &mut [f32], join: impl Fn(f32, f32) -> f32) {
    let Windows { height, width, kernel, stride, padding, rows, columns, .. } = *windows;
    let line = &mut line[..width];
    // Windows whose columns all lie on the map need no bounds check.
    let first = padding.div_ceil(stride).min(columns);
    let end = (width + padding + stride).saturating_sub(kernel) / stride;
    let whole = first..end.clamp(first, columns);
    let edge = |line: &[f32], x: usize| {
        let span = windows.span(x, width);
        line[span].iter().copied().reduce(&join).unwrap_or(f32::NEG_INFINITY)
    };
    for (map, out) in x.chunks_exact(windows.area()).zip(out.chunks_exact_mut(rows * columns)) {
        for (y, out) in out.chunks_exact_mut(columns).enumerate() {
            let mut span = windows.span(y, height);
            let Some(top) = span.next() else { continue };
            line.copy_from_slice(&map[top * width..][..width]);
            for row in span {
                line.iter_mut().zip(&map[row * width..][..width]).for_each(|(a, b)| *a = join(*a, *b));
            }
            (0..whole.start).chain(whole.end..columns).for_each(|x| out[x] = edge(line, x));
            if whole.is_empty() {
                continue;
            }
            let start = whole.start * stride - padding;
            let out = &mut out[whole.clone()];
            match (kernel, stride) {
                (2, 2) => across::<2, 2>(&line[start..], out, &join),
                (3, 2) => across::<3, 2>(&line[start..], out, &join),
                (3, 1) => across::<3, 1>(&line[start..], out, &join),
                _ => {
                    let starts = line[start..].windows(kernel).step_by(stride);
                    out.iter_mut().zip(starts).for_each(|(out, window)| {
                        *out = window[1..].iter().fold(window[0], |a, &b| join(a, b));
                    });
                }
            }
        }
    }
}

/// Reduces windows of `K` pixels with stride `S` along a line.
#[inline(always)]
fn across<const K: usize, const S: usize>(line: &[f32], out: &mut [f32], join: &impl Fn(f32, f32) -> f32) {
    let line = &line[..(out.len() - 1) * S + K];
    for (x, out) in out.iter_mut().enumerate() {
        let window = &line[x * S..x * S + K];
        *out = window[1..].iter().fold(window[0], |a, &b| join(a, b));
    }
}

/// Writes to `out[i][j]` of each map the mean over the rows `down[i]` and the columns `across[j]`.
///
/// `x` is `[channels, height, width]`, and `out` is `[channels, down.len(), across.len()]`.
pub fn mean_of_windows(
    x: &[f32],
    (height, width): (usize, usize),
    down: &[Range<usize>],
    across: &[Range<usize>],
    out: &mut [f32],
) {
    let maps = x.chunks_exact(height * width);
    for (map, out) in maps.zip(out.chunks_exact_mut(down.len() * across.len())) {
        for (out, rows) in out.chunks_exact_mut(across.len()).zip(down) {
            for (out, columns) in out.iter_mut().zip(across) {
                let sums = map[rows.start * width..rows.end * width].chunks_exact(width);
                let sum: f32 = sums.map(|row| row[columns.clone()].iter().sum::<f32>()).sum();
                *out = sum / (rows.len() * columns.len()) as f32;
            }
        }
    }
}

/// Copies every `stride`-th pixel of each map of `height` x `width`. Maps of `out` beyond those of `x` become zero (He
/// et al. 2015, section 3.3, option A).
pub fn pad_shortcut(x: &[f32], (height, width): (usize, usize), stride: usize, out: &mut [f32]) {
    let (rows, columns) = (height.div_ceil(stride), width.div_ceil(stride));
    let kept = x.len() / (height * width) * rows * columns;
    out[kept..].fill(0.0);
    for (map, out) in x.chunks_exact(height * width).zip(out.chunks_exact_mut(rows * columns)) {
        for (row, out) in map.chunks_exact(width).step_by(stride).zip(out.chunks_exact_mut(columns)) {
            out.iter_mut().zip(row.iter().step_by(stride)).for_each(|(out, value)| *out = *value);
        }
    }
}
