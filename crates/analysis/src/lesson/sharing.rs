//! Weight sharing (LeCun et al. 1998, sections II.A and II.B): the parameters of a convolution, of the same connections
//! without sharing, and of a fully connected layer. Also one window of a convolution, product by product.

use super::mini_network::MiniNetwork;
use net::{Activation, Conv2d, Graph, Linear, NetError, NodeId, Op, Shape};

/// Three counts of the weights between an input and some feature maps.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct SharingCounts {
    /// Shape of the feature maps.
    pub output: Shape,
    /// Connections, including those to the biases, as the paper counts them.
    pub connections: u64,
    /// Parameters if all positions of a map share a kernel and a bias.
    pub shared: u64,
    /// Parameters if every position has its own kernel and bias.
    pub unshared: u64,
    /// Parameters if every value of the maps reads every value of the input.
    pub full: u64,
}

impl SharingCounts {
    /// Counts the weights for `maps` feature maps with `kernel` x `kernel` windows and stride 1 over `input` (CHW).
    ///
    /// # Errors
    /// Returns [`NetError::Shape`] if the window does not fit.
    pub fn new(input: Shape, maps: usize, kernel: usize) -> Result<Self, NetError> {
        let plain = Activation::Identity;
        let convolution = MiniNetwork::single(input, Op::Conv2d(Conv2d::plain(maps, kernel, plain)))?;
        let output = convolution.node(LAYER).shape;
        let (channels, ..) = input.chw();
        let (_, height, width) = output.chw();
        let window = Shape::maps(channels, kernel, kernel);
        let place = MiniNetwork::single(window, Op::Linear(Linear { units: maps, activation: plain }))?;
        let full = MiniNetwork::single(input, Op::Linear(Linear { units: output.elements(), activation: plain }))?;
        Ok(Self {
            output,
            connections: connections(&convolution, LAYER),
            shared: convolution.total_parameters(),
            unshared: place.total_parameters() * (height * width) as u64,
            full: full.total_parameters(),
        })
    }
}

/// The only layer of a network with one layer.
const LAYER: NodeId = NodeId(1);

/// Returns the connections of a layer as the paper counts them: from every output value to all values that it reads,
/// and to its bias.
pub fn connections(graph: &Graph, id: NodeId) -> u64 {
    let values = graph.node(id).shape.elements() as u64;
    match &graph.node(id).op {
        // Subsampling reads a whole window, although it multiplies only the sum of the window.
        Op::Subsample(layer) => values * (layer.kernel * layer.kernel + 1) as u64,
        _ => graph.macs(id).value() + values,
    }
}

/// The arithmetic of one value of a feature map over one input map, before the activation function.
#[derive(Debug, Clone, PartialEq)]
pub struct WindowArithmetic {
    /// The pixels of the window, row by row.
    pub window: Vec<f32>,
    /// Each pixel times its weight.
    pub products: Vec<f32>,
    /// The sum of the products.
    pub sum: f32,
    /// The sum plus the bias.
    pub biased: f32,
}

impl WindowArithmetic {
    /// Applies `kernel` (square, row by row) to the window whose first pixel is at `column`, `row` of a map with `side`
    /// pixels per row. Returns `None` if the window extends past the map.
    pub fn new(map: &[f32], side: usize, kernel: &[f32], bias: f32, [column, row]: [usize; 2]) -> Option<Self> {
        let size = kernel.len().isqrt();
        if column + size > side {
            return None;
        }
        let rows = (row..row + size).map(|y| map.get(y * side + column..y * side + column + size));
        let window: Vec<f32> = rows.collect::<Option<Vec<_>>>()?.concat();
        let products: Vec<f32> = window.iter().zip(kernel).map(|(pixel, weight)| pixel * weight).collect();
        let sum = products.iter().sum();
        Some(Self { window, products, sum, biased: sum + bias })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use net::network;

    const FIELD: Shape = Shape::maps(1, 32, 32);

    #[test]
    fn the_first_layer_agrees_with_the_paper() {
        let counted = SharingCounts::new(FIELD, 6, 5).expect("should fit");
        assert_eq!(counted.output, Shape::maps(6, 28, 28));
        assert_eq!((counted.shared, counted.connections), (156, 122_304));
        // Every connection has its own weight.
        assert_eq!(counted.unshared, counted.connections);
        assert_eq!(counted.full, 6 * 28 * 28 * (32 * 32 + 1));
    }

    #[test]
    fn a_window_of_the_size_of_the_input_is_a_fully_connected_layer() {
        let counted = SharingCounts::new(FIELD, 3, 32).expect("should fit");
        assert_eq!((counted.shared, counted.unshared), (counted.full, counted.full));
        assert!(SharingCounts::new(FIELD, 3, 33).is_err());
    }

    #[test]
    fn connections_agree_with_the_paper() {
        let graph = network("lenet5").expect("should be declared");
        for (name, expected) in
            [("C1", 122_304), ("S2", 5_880), ("C3", 151_600), ("S4", 2_000), ("C5", 48_120), ("F6", 10_164)]
        {
            let id = graph.find(name).expect("should be a node");
            assert_eq!(connections(&graph, id), expected, "{name}");
        }
    }

    #[test]
    fn the_arithmetic_agrees_with_the_engine() {
        let network = MiniNetwork::single(Shape::maps(1, 4, 4), Op::Conv2d(Conv2d::plain(1, 2, Activation::Identity)));
        let (weight, bias) = ([0.5, -1.0, 2.0, 0.25], 0.75);
        let array = |dims: &[usize], values: &[f32]| weights::Array { dims: dims.to_vec(), values: values.to_vec() };
        let tensors = [("layer.weight", array(&[1, 1, 2, 2], &weight)), ("layer.bias", array(&[1], &[bias]))];
        let tensors = tensors.into_iter().map(|(name, values)| (name.to_owned(), values)).collect();
        let network = MiniNetwork::new(&network.expect("should fit"), tensors).expect("should be built");
        let map: Vec<f32> = (0_u8..16).map(|i| f32::from(i * i)).collect();
        let out = network.last(&map).expect("should run");
        for (row, column) in [(0, 0), (1, 2), (2, 2)] {
            let arithmetic = WindowArithmetic::new(&map, 4, &weight, bias, [column, row]).expect("should lie within");
            assert!((arithmetic.biased - out[row * 3 + column]).abs() < 1e-4, "{row} {column}");
        }
        assert_eq!(WindowArithmetic::new(&map, 4, &weight, bias, [3, 0]), None);
        assert_eq!(WindowArithmetic::new(&map, 4, &weight, bias, [0, 3]), None);
    }
}
