//! Fully connected layers for one input vector. Reading the matrix from memory limits their speed.

/// Partial sums per row that are added side by side, as SIMD lanes.
const SIMD_LANES: usize = 8;
/// Rows of the matrix that are computed together, so that each value of the vector is loaded once for all of them.
const ROWS: usize = 4;

/// Computes `out = matrix * x`. `matrix` is `[out.len(), x.len()]`, row-major.
///
/// # Panics
/// Panics if `matrix` does not have `out.len() * x.len()` values.
pub fn matrix_vector(matrix: &[f32], x: &[f32], out: &mut [f32]) {
    rows(matrix, x, out, |w, x| w * x);
}

/// Computes `out[i] = sum_j (x[j] - matrix[i][j])^2`. `matrix` is `[out.len(), x.len()]`, row-major.
///
/// # Panics
/// Panics if `matrix` does not have `out.len() * x.len()` values.
pub fn squared_distances(matrix: &[f32], x: &[f32], out: &mut [f32]) {
    rows(matrix, x, out, |w, x| (x - w) * (x - w));
}

/// Sums `term(matrix[i][j], x[j])` over j into `out[i]`, [`ROWS`] rows at a time.
#[inline(always)]
fn rows(matrix: &[f32], x: &[f32], out: &mut [f32], term: impl Fn(f32, f32) -> f32) {
    assert_eq!(matrix.len(), x.len() * out.len(), "matrix should have a row for each output");
    let mut blocks = matrix.chunks_exact(ROWS * x.len());
    let mut outs = out.chunks_exact_mut(ROWS);
    for (block, out) in (&mut blocks).zip(&mut outs) {
        let mut lines = block.chunks_exact(x.len());
        let lines: [&[f32]; ROWS] = std::array::from_fn(|_| lines.next().unwrap_or_default());
        out.copy_from_slice(&sums(lines, x, &term));
    }
    let rest = blocks.remainder().chunks_exact(x.len());
    for (line, out) in rest.zip(outs.into_remainder()) {
        [*out] = sums([line], x, &term);
    }
}

/// Sums `term` over each of `N` rows.
#[inline(always)]
fn sums<const N: usize>(lines: [&[f32]; N], x: &[f32], term: &impl Fn(f32, f32) -> f32) -> [f32; N] {
    let mut sums = [[0.0f32; SIMD_LANES]; N];
    let whole = x.len() / SIMD_LANES * SIMD_LANES;
    let lines = lines.map(|line| &line[..x.len()]);
    for at in (0..whole).step_by(SIMD_LANES) {
        let x: &[f32; SIMD_LANES] = x[at..at + SIMD_LANES].try_into().expect("should be as many as lanes");
        for (sums, line) in sums.iter_mut().zip(lines) {
            let w: &[f32; SIMD_LANES] = line[at..at + SIMD_LANES].try_into().expect("should be as many as lanes");
            for lane in 0..SIMD_LANES {
                sums[lane] += term(w[lane], x[lane]);
            }
        }
    }
    let mut out = sums.map(|lanes| lanes.iter().sum::<f32>());
    for (out, line) in out.iter_mut().zip(lines) {
        *out += line[whole..].iter().zip(&x[whole..]).map(|(&w, &x)| term(w, x)).sum::<f32>();
    }
    out
}
