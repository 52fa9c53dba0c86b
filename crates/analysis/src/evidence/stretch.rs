//! Stretching a small map over the image.

/// Interpolates `values`, a map of (rows, columns), to (height, width) pixels. Both are row-major.
///
/// The result is bilinear between the centres of the cells and constant beyond the outermost centres. It is all zeros
/// if `values` do not have the given size.
pub fn stretch(values: &[f32], (rows, columns): (usize, usize), (height, width): (usize, usize)) -> Vec<f32> {
    // For each pixel along a side: the two cells around it, and the weight of the second, from 0 to 1.
    let cells = |pixels: usize, cells: usize| {
        (0..pixels).map(move |i| {
            let at = ((i as f32 + 0.5) * cells as f32 / pixels as f32 - 0.5).clamp(0.0, cells as f32 - 1.0);
            let first = at as usize;
            (first, (first + 1).min(cells - 1), at - first as f32)
        })
    };
    if rows * columns == 0 || values.len() != rows * columns {
        return vec![0.0; height * width];
    }
    let across: Vec<_> = cells(width, columns).collect();
    let row = |(up, down, part): (usize, usize, f32)| {
        let at =
            move |column: usize| values[up * columns + column] * (1.0 - part) + values[down * columns + column] * part;
        across.iter().map(move |&(left, right, part)| at(left) * (1.0 - part) + at(right) * part).collect::<Vec<_>>()
    };
    cells(height, rows).flat_map(row).collect()
}

#[cfg(test)]
mod tests {
    use super::stretch;

    #[test]
    fn cells_keep_their_values_at_their_centres() {
        let out = stretch(&[0.0, 3.0, 6.0, 9.0], (2, 2), (6, 6));
        // The centre of the first cell is at pixel 1, that of the second at pixel 4.
        assert_eq!((out[6 + 1], out[6 + 4], out[4 * 6 + 1], out[4 * 6 + 4]), (0.0, 3.0, 6.0, 9.0));
        assert_eq!((out[0], out[35]), (0.0, 9.0));
        assert!((out[6 + 2] - 1.0).abs() < 1e-6);
    }

    #[test]
    fn values_of_another_size_give_zeros() {
        assert_eq!(stretch(&[1.0], (2, 2), (1, 2)), [0.0, 0.0]);
        assert_eq!(stretch(&[1.0], (1, 1), (1, 2)), [1.0, 1.0]);
    }
}
