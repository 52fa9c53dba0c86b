//! Dropout (Krizhevsky et al. 2012, section 4.2): masks over the units before a fully connected layer, and the
//! predictions of the layers after it.

use std::collections::BTreeMap;

use super::mini_network::{MiniNetwork, MiniNetworkError};
use net::{Graph, NetError, NodeId};
use weights::Array;
use weights::splitmix::uniform;

/// The units that one training pass keeps.
#[derive(Debug, Clone, PartialEq)]
pub struct DropoutMask {
    /// For each unit, true if it is kept.
    pub kept: Vec<bool>,
    /// The probability of dropping a unit, below 1.
    pub rate: f64,
}

impl DropoutMask {
    /// Returns mask number `pass` of the sequence of `seed`, over `units` units. Each unit is dropped with probability
    /// `rate`.
    pub fn new(units: usize, rate: f64, seed: u64, pass: usize) -> Self {
        let first = pass as u64 * units as u64;
        let kept = (first..first + units as u64).map(|i| uniform(seed, i) >= rate).collect();
        Self { kept, rate }
    }

    /// Returns the number of units that are kept.
    pub fn count(&self) -> usize {
        self.kept.iter().filter(|kept| **kept).count()
    }

    /// Returns `values` as in training: kept values are divided by `1 - rate`, the others are zero.
    pub fn apply(&self, values: &[f32]) -> Vec<f32> {
        let scale = (1.0 / (1.0 - self.rate)) as f32;
        values.iter().zip(&self.kept).map(|(value, kept)| if *kept { value * scale } else { 0.0 }).collect()
    }
}

/// A prediction: the output of a network for one input.
#[derive(Debug, Clone, PartialEq)]
pub struct Prediction {
    /// One score per class.
    pub scores: Vec<f32>,
    /// The softmax of the scores.
    pub probabilities: Vec<f32>,
}

impl Prediction {
    /// Returns the most likely class.
    pub fn class(&self) -> Option<usize> {
        (0..self.scores.len()).max_by(|&a, &b| self.scores[a].total_cmp(&self.scores[b]))
    }
}

/// The layers of a network after one of its dropout nodes.
#[derive(Debug)]
pub struct LayersAfterDropout {
    network: MiniNetwork,
    scores: NodeId,
}

impl LayersAfterDropout {
    /// Builds the graph of the layers of `graph` after `dropout`. They keep their names.
    ///
    /// # Errors
    /// Returns [`NetError`] if there is no such node or if the nodes after it do not form a chain.
    pub fn graph(graph: &Graph, dropout: &str) -> Result<Graph, NetError> {
        let from = graph.find(dropout)?;
        MiniNetwork::graph(graph.node(from).shape, |builder| {
            graph
                .iter()
                .filter(|(id, _)| *id > from)
                .try_for_each(|(_, node)| builder.then(&node.name, node.op.clone()).map(drop))
        })
    }

    /// Creates the layers of `graph` after `dropout` with `tensors`, which must be those of
    /// [`LayersAfterDropout::graph`].
    ///
    /// # Errors
    /// Returns [`MiniNetworkError`] if a tensor is missing or has another shape.
    pub fn new(graph: &Graph, dropout: &str, tensors: BTreeMap<String, Array>) -> Result<Self, MiniNetworkError> {
        let head = Self::graph(graph, dropout)?;
        let scores = head.find(&graph.node(graph.logits).name)?;
        Ok(Self { network: MiniNetwork::new(&head, tensors)?, scores })
    }

    /// Predicts the class of `units`, the output values of the dropout node.
    ///
    /// # Errors
    /// Returns [`MiniNetworkError::Cpu`] if the number of values does not fit.
    pub fn predict(&self, units: &[f32]) -> Result<Prediction, MiniNetworkError> {
        let mut outputs = self.network.run(units)?;
        let probabilities = outputs.pop().unwrap_or_default();
        Ok(Prediction { scores: outputs.swap_remove(self.scores.0), probabilities })
    }
}

/// The sum of the predictions with many masks.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct PredictionSum {
    scores: Vec<f64>,
    probabilities: Vec<f64>,
    /// How often each class was the most likely one.
    pub votes: Vec<usize>,
    /// Number of predictions.
    pub count: usize,
}

impl PredictionSum {
    /// Adds a prediction.
    pub fn add(&mut self, prediction: &Prediction) {
        let classes = prediction.scores.len();
        self.scores.resize(classes, 0.0);
        self.probabilities.resize(classes, 0.0);
        self.votes.resize(classes, 0);
        self.scores.iter_mut().zip(&prediction.scores).for_each(|(sum, score)| *sum += f64::from(*score));
        let likely = self.probabilities.iter_mut().zip(&prediction.probabilities);
        likely.for_each(|(sum, probability)| *sum += f64::from(*probability));
        if let Some(class) = prediction.class() {
            self.votes[class] += 1;
        }
        self.count += 1;
    }

    /// Returns the arithmetic mean of the probabilities.
    pub fn arithmetic(&self) -> Vec<f64> {
        self.probabilities.iter().map(|sum| sum / self.count.max(1) as f64).collect()
    }

    /// Returns the geometric mean of the probabilities, normalized to a sum of one. It equals the softmax of the mean
    /// scores.
    pub fn geometric(&self) -> Vec<f64> {
        let mean: Vec<f64> = self.scores.iter().map(|sum| sum / self.count.max(1) as f64).collect();
        let top = mean.iter().copied().fold(f64::NEG_INFINITY, f64::max);
        let powers: Vec<f64> = mean.iter().map(|score| (score - top).exp()).collect();
        let all: f64 = powers.iter().sum();
        powers.into_iter().map(|power| power / all).collect()
    }
}

/// Returns the greatest absolute difference between two lists of probabilities.
pub fn farthest(a: &[f64], b: &[f32]) -> f64 {
    a.iter().zip(b).map(|(a, b)| (a - f64::from(*b)).abs()).fold(0.0, f64::max)
}

// The bundled weights are read from files, which only a native build can do.
#[cfg(all(test, not(target_arch = "wasm32")))]
mod tests {
    use super::*;
    use engine::cpu::CpuNetwork;
    use input::ImagePack;
    use net::network;
    use weights::Weights;

    /// Runs AlexNet for CIFAR-10 on test image 12. Returns the layers after drop6, the output of relu6, and the
    /// network's own prediction.
    fn twelve() -> (LayersAfterDropout, Vec<f32>, Prediction) {
        let graph = network("alexnet-cifar10").expect("should be declared");
        let weights = Weights::bundled(&graph).expect("should ship");
        let wanted = LayersAfterDropout::graph(&graph, "drop6").expect("should be a chain").all_tensors();
        let tensors = wanted.into_iter().map(|(name, _)| {
            let tensor = weights.get(&name).cloned().expect("should be there");
            (name, tensor)
        });
        let head = LayersAfterDropout::new(&graph, "drop6", tensors.collect()).expect("should be built");
        let pack = include_bytes!("../../../../static/pictures/cifar10-test-300.bin");
        let photo = ImagePack::read(pack).expect("should be a pack").photo(12).expect("should be there");
        let input = photo.input(&graph).expect("should be of its size");
        let nodes = ["relu6", "fc8", "softmax"].map(|name| graph.find(name).expect("should be a node"));
        let network = CpuNetwork::from_weights(&graph, weights).expect("should be built");
        let mut outputs = network.pass_to(&input, &nodes).expect("should run");
        let (probabilities, scores) = (outputs.pop().expect("three"), outputs.pop().expect("two"));
        (head, outputs.pop().expect("one"), Prediction { scores, probabilities })
    }

    #[test]
    fn without_a_mask_the_answer_is_that_of_the_network() {
        let (head, units, own) = twelve();
        let whole = head.predict(&DropoutMask::new(units.len(), 0.0, 1, 0).apply(&units)).expect("should run");
        assert_eq!(whole, own);
        assert!(head.predict(&units[1..]).is_err());
    }

    #[test]
    fn the_mean_over_many_masks_is_near_the_networks_answer() {
        let (head, units, own) = twelve();
        let mut sum = PredictionSum::default();
        let first = head.predict(&DropoutMask::new(units.len(), 0.5, 1, 0).apply(&units)).expect("should run");
        for pass in 0..300 {
            sum.add(&head.predict(&DropoutMask::new(units.len(), 0.5, 1, pass).apply(&units)).expect("should run"));
        }
        let single: Vec<f64> = first.probabilities.iter().map(|&p| f64::from(p)).collect();
        assert!(farthest(&sum.geometric(), &own.probabilities) < 0.03);
        assert!(farthest(&single, &own.probabilities) > farthest(&sum.geometric(), &own.probabilities));
        assert_eq!((sum.count, sum.votes.iter().sum::<usize>()), (300, 300));
        for mean in [sum.arithmetic(), sum.geometric()] {
            assert!((mean.iter().sum::<f64>() - 1.0).abs() < 1e-6);
        }
    }

    #[test]
    fn masks_have_their_rate_and_differ() {
        let many = DropoutMask::new(100_000, 0.3, 7, 0);
        assert!((many.count() as f64 / 1e5 - 0.7).abs() < 0.01);
        let (one, other, again) =
            (DropoutMask::new(512, 0.5, 1, 0), DropoutMask::new(512, 0.5, 1, 1), DropoutMask::new(512, 0.5, 1, 0));
        assert_eq!(one, again);
        assert!(one != other && one != DropoutMask::new(512, 0.5, 2, 0));
        assert_eq!(DropoutMask::new(512, 0.0, 3, 4).count(), 512);
        let applied = one.apply(&[1.5; 512]);
        assert!(applied.iter().zip(&one.kept).all(|(value, kept)| *value == if *kept { 3.0 } else { 0.0 }));
        // The first number of SplitMix64 with seed 0 is 0xE220A8397B1DCDAF.
        assert_eq!(uniform(0, 0), f64::from(0x00E2_20A8_u32) / f64::from(1u32 << 24));
    }
}
