//! Global average pooling (Szegedy et al. 2014, section 5, after Lin et al. 2013).
//!
//! A class's score is the sum of the contributions of all feature maps, each the mean of a map times its weight. It is
//! also the mean of the contributions of all positions.

use super::mini_network::MiniNetwork;
use crate::evidence::ClassActivation;
use net::{AblationFactors, Activation, Graph, Linear, NetError, Op, Shape};

/// The contribution of one of the last feature maps to a class's score.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct MapContribution {
    /// Index of the feature map.
    pub map: usize,
    /// Mean of the feature map.
    pub mean: f32,
    /// The class's weight for the feature map.
    pub weight: f32,
}

impl MapContribution {
    /// Returns the contribution: the mean times the weight.
    pub fn adds(self) -> f32 {
        self.mean * self.weight
    }
}

/// A class's score as an average over positions.
#[derive(Debug, Clone, PartialEq)]
pub struct AveragedScore {
    /// The contribution of each position, row-major. Their mean plus `bias` is the score.
    pub places: Vec<f32>,
    /// Rows and columns of `places`.
    pub size: (usize, usize),
    /// The contribution of each feature map, in the order of the maps.
    pub shares: Vec<MapContribution>,
    /// The bias of the class.
    pub bias: f32,
}

impl AveragedScore {
    /// Splits the score of a class into contributions. `values` are the last feature maps of `graph` (CHW); `weights`
    /// (one per map) and `bias` are the class's row of the last fully connected layer.
    ///
    /// Returns `None` if `graph` does not end in global average pooling and a fully connected layer, or if the sizes do
    /// not fit.
    pub fn new(graph: &Graph, values: &[f32], weights: &[f32], bias: f32) -> Option<Self> {
        let cam = ClassActivation::of(graph)?;
        let (channels, height, width) = graph.node(cam.maps).shape.chw();
        let area = height * width;
        if values.len() != channels * area || weights.len() != channels {
            return None;
        }
        let mean = |map: &[f32]| map.iter().sum::<f32>() / area as f32;
        let maps = values.chunks_exact(area).zip(weights).enumerate();
        let shares = maps.map(|(map, (values, &weight))| MapContribution { map, mean: mean(values), weight }).collect();
        let places = cam.map(graph, AblationFactors::NONE, values, weights);
        Some(Self { places, size: (height, width), shares, bias })
    }

    /// Returns the mean over all positions.
    pub fn mean(&self) -> f32 {
        self.places.iter().sum::<f32>() / self.places.len().max(1) as f32
    }

    /// Returns the score: the mean plus the bias.
    pub fn score(&self) -> f32 {
        self.mean() + self.bias
    }

    /// Returns at most `count` feature maps with the contributions of the greatest magnitude, the greatest first.
    pub fn greatest(&self, count: usize) -> Vec<MapContribution> {
        let mut shares = self.shares.clone();
        net::order::sort_by(&mut shares, |a, b| b.adds().abs().total_cmp(&a.adds().abs()));
        shares.truncate(count);
        shares
    }
}

/// Builds the graph of one fully connected layer from `maps` to `units`, which global average pooling replaces.
///
/// # Errors
/// Returns [`NetError`] if the layer cannot be built, which does not happen for feature maps.
pub fn connection(maps: Shape, units: usize) -> Result<Graph, NetError> {
    MiniNetwork::single(maps, Op::Linear(Linear { units, activation: Activation::Identity }))
}

// The bundled weights are read from files, which only a native build can do.
#[cfg(all(test, not(target_arch = "wasm32")))]
mod tests {
    use super::*;
    use engine::cpu::CpuNetwork;
    use net::network;
    use weights::Weights;

    #[test]
    fn the_mean_plus_the_bias_is_the_score_of_the_engine() {
        for name in ["googlenet-cifar10", "resnet56-cifar"] {
            let graph = network(name).expect("should be declared");
            let weights = Weights::bundled(&graph).expect("should ship");
            let cam = ClassActivation::of(&graph).expect("should end so");
            let leaf =
                |leaf: &str| weights.get(&format!("{}.{leaf}", graph.node(cam.linear).name)).expect("should be there");
            let (rows, biases) = (leaf("weight").values.clone(), leaf("bias").values.clone());
            let input: Vec<f32> = (0..graph.input.shape.elements()).map(|i| (i as f32 * 0.37).sin()).collect();
            let engine = CpuNetwork::new(&graph, &weights).expect("should be built");
            let out = engine.pass_to(&input, &[cam.maps, cam.linear]).expect("should run");
            let width = graph.node(cam.maps).shape.chw().0;
            for class in 0..10 {
                let row = &rows[class * width..(class + 1) * width];
                let averaged = AveragedScore::new(&graph, &out[0], row, biases[class]).expect("should fit");
                assert!(
                    (averaged.score() - out[1][class]).abs() < 1e-3,
                    "{name} {class}: {} {}",
                    averaged.score(),
                    out[1][class]
                );
                let maps: f32 = averaged.shares.iter().map(|share| share.adds()).sum();
                assert!((maps - averaged.mean()).abs() < 1e-3);
            }
        }
    }

    #[test]
    fn the_greatest_contributions_come_first() {
        let share = |map, weight| MapContribution { map, mean: 1.0, weight };
        let averaged = AveragedScore {
            places: vec![0.0],
            size: (1, 1),
            shares: vec![share(0, 0.5), share(1, -2.0), share(2, 1.0)],
            bias: 0.0,
        };
        assert_eq!(averaged.greatest(2).iter().map(|share| share.map).collect::<Vec<_>>(), [1, 2]);
    }

    #[test]
    fn a_fully_connected_layer_would_have_fifty_one_million_weights() {
        let graph = network("googlenet").expect("should be declared");
        let cam = ClassActivation::of(&graph).expect("should end so");
        let maps = graph.node(cam.maps).shape;
        assert_eq!(maps, Shape::maps(1024, 7, 7));
        assert_eq!(connection(maps, 1024).expect("should be built").total_macs(), 51_380_224);
        assert_eq!(graph.parameters(cam.pool).value(), 0);
        assert_eq!(AveragedScore::new(&graph, &[], &[], 0.0), None);
    }
}
