//! Local response normalisation and softmax.

/// Local response normalisation: `y_c = x_c / (k + alpha * sum of x^2)^beta` for each pixel.
///
/// The sum covers the `size` channels around channel c that exist. `x` and `out` are `[channels, height, width]`, with
/// `area = height * width`.
pub fn local_response_norm(x: &[f32], area: usize, size: usize, [k, alpha, beta]: [f32; 3], out: &mut [f32]) {
    /// Pixels per run: their sums stay in the first-level cache.
    const PIXELS_PER_RUN: usize = 256;
    let channels = x.len() / area;
    let mut sums = [0.0f32; PIXELS_PER_RUN];
    for (channel, (own, out)) in x.chunks_exact(area).zip(out.chunks_exact_mut(area)).enumerate() {
        let neighbours = channel.saturating_sub(size / 2)..(channel + size.div_ceil(2)).min(channels);
        for (i, (own, out)) in own.chunks(PIXELS_PER_RUN).zip(out.chunks_mut(PIXELS_PER_RUN)).enumerate() {
            let sums = &mut sums[..own.len()];
            sums.fill(0.0);
            for neighbour in neighbours.clone() {
                let values = &x[neighbour * area + i * PIXELS_PER_RUN..][..own.len()];
                sums.iter_mut().zip(values).for_each(|(sum, value)| *sum += value * value);
            }
            let triples = out.iter_mut().zip(own).zip(sums.iter());
            if beta == 0.75 {
                // s^0.75 is sqrt(s) * sqrt(sqrt(s)): the compiler computes four of them at once, but only one powf.
                triples.for_each(|((out, own), sum)| {
                    let root = (k + alpha * sum).sqrt();
                    *out = own / (root * root.sqrt());
                });
            } else {
                triples.for_each(|((out, own), sum)| *out = own / (k + alpha * sum).powf(beta));
            }
        }
    }
}

/// Softmax of the scaled scores: `p_i = exp(scale * x_i) / sum_j exp(scale * x_j)`.
pub fn softmax(x: &[f32], scale: f32, out: &mut [f32]) {
    let greatest = x.iter().map(|x| x * scale).fold(f32::NEG_INFINITY, f32::max);
    out.iter_mut().zip(x).for_each(|(out, x)| *out = (x * scale - greatest).exp());
    let total: f32 = out.iter().sum();
    out.iter_mut().for_each(|out| *out /= total);
}
