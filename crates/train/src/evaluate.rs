//! Test error: counts the digits that a network misclassifies.

use candle_core::{Device, Tensor};

use super::distort::{FIELD_PIXELS, write_centred};
use super::idx::Digits;
use engine::cpu::{BatchNetwork, CpuError};
use net::{Graph, InputKind};

/// Digits per pass, few enough that the gathered windows of a layer fit into the cache.
const BATCH: usize = 50;

/// Converts `ink` (32x32 per digit, in [0, 1]) in place to the input values of `graph`.
pub fn normalize_ink(graph: &Graph, ink: &mut [f32]) {
    if let InputKind::Digit { scale, offset } = graph.input.kind {
        ink.iter_mut().for_each(|value| *value = *value * scale + offset);
    }
}

/// Returns how many of `digits` the network misclassifies. The best score, or the lowest distance, decides.
///
/// # Errors
/// Returns [`CpuError`] if the network does not take digits of 32x32.
pub fn count_errors(graph: &Graph, network: &BatchNetwork, digits: &Digits) -> Result<usize, CpuError> {
    let mut errors = 0;
    for start in (0..digits.len()).step_by(BATCH) {
        let batch = BATCH.min(digits.len() - start);
        let mut fields = vec![0.0; batch * FIELD_PIXELS];
        for (i, field) in fields.chunks_exact_mut(FIELD_PIXELS).enumerate() {
            write_centred(digits.image(start + i), field);
        }
        normalize_ink(graph, &mut fields);
        let x = Tensor::from_vec(fields, (batch, FIELD_PIXELS), &Device::Cpu)?.t()?.contiguous()?;
        let scores = network.scores(&x)?;
        let best = if graph.lowest_wins { scores.argmin(0)? } else { scores.argmax(0)? };
        let labels = &digits.labels[start..start + batch];
        errors +=
            best.to_vec1::<u32>()?.iter().zip(labels).filter(|(best, label)| **best != u32::from(**label)).count();
    }
    Ok(errors)
}
