//! The fixture's float64 activations, and the comparison with them (shared with `wasm_gpu.rs`).

use net::{Graph, InputKind, NodeId};
use serde::Deserialize;

/// MNIST's test image 0, a 7: 28x28 bytes, row by row; 255 is ink.
pub const DIGIT: &[u8] = include_bytes!("../fixtures/digit0.gray");

const LENET5: &str = include_str!("../fixtures/lenet5.json");
const LENET5_MODERN: &str = include_str!("../fixtures/lenet5-modern.json");

/// An output recorded in the fixture.
#[derive(Debug, Clone, Deserialize)]
pub struct Activation {
    /// The path of the module in the other framework.
    pub name: String,
    mean: f64,
    std: f64,
    samples: Vec<(usize, f64)>,
}

#[derive(Deserialize)]
struct Fixture {
    activations: Vec<Activation>,
}

/// Returns the recorded outputs of a network.
pub fn activations(network: &str) -> Vec<Activation> {
    let text = if network == "lenet5" { LENET5 } else { LENET5_MODERN };
    serde_json::from_str::<Fixture>(text).expect("should be a readable fixture").activations
}

/// Returns the node of a recorded output. `logits` stands for the scores.
pub fn node(graph: &Graph, name: &str) -> NodeId {
    if name == "logits" { graph.logits } else { graph.find(name).expect("should be the name of a node") }
}

/// Returns the digit as `graph` takes it: padded by 2 to 32x32.
pub fn input(graph: &Graph) -> Vec<f32> {
    let InputKind::Digit { scale, offset } = graph.input.kind else { panic!("{} takes no digit", graph.name) };
    let mut values = vec![offset; 32 * 32];
    for y in 0..28 {
        for x in 0..28 {
            values[(y + 2) * 32 + x + 2] = f32::from(DIGIT[y * 28 + x]) / 255.0 * scale + offset;
        }
    }
    values
}

impl Activation {
    /// Checks that each sample, the mean and the standard deviation are within `tolerance * std + 1e-6`. NaN never
    /// agrees.
    ///
    /// Returns the largest error in standard deviations.
    pub fn compare(&self, values: &[f32], tolerance: f64) -> Result<f64, String> {
        let count = values.len() as f64;
        let mean = values.iter().map(|&v| f64::from(v)).sum::<f64>() / count;
        let variance = values.iter().map(|&v| (f64::from(v) - mean).powi(2)).sum::<f64>() / count;
        let sampled = self.samples.iter().map(|&(i, want)| (values.get(i).map_or(f64::NAN, |&v| f64::from(v)), want));
        let mut worst = 0.0_f64;
        for (got, want) in sampled.chain([(mean, self.mean), (variance.sqrt(), self.std)]) {
            let off = (got - want).abs();
            let agrees = off <= tolerance * self.std + 1e-6;
            if !agrees {
                return Err(format!("{}: {got}, wanted {want}", self.name));
            }
            worst = worst.max(off / self.std);
        }
        Ok(worst)
    }
}
