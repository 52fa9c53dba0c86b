//! A small network of a few layers, built and run like any other. The lessons experiment with it.

use std::collections::BTreeMap;

use engine::cpu::{CpuError, CpuNetwork};
use net::{About, Builder, Classes, Family, Graph, Input, InputKind, NetError, NodeId, Op, Shape};
use weights::{Array, Weights, WeightsError};

/// The errors of building or running a small network.
#[derive(Debug, thiserror::Error)]
pub enum MiniNetworkError {
    /// The layers do not fit each other.
    Net(#[from] NetError),
    /// The tensors do not fit the layers.
    Weights(#[from] WeightsError),
    /// The engine returned an error.
    Cpu(#[from] CpuError),
}

/// A few layers over feature maps.
#[derive(Debug)]
pub struct MiniNetwork {
    network: CpuNetwork,
}

/// The description that all small networks share.
const ABOUT: About = About {
    name: "piece",
    title: "Some layers",
    family: Family::LeNet,
    year: 1998,
    source: "",
    classes: Classes::Digits,
};

impl MiniNetwork {
    /// Builds the graph of layers over maps of shape `input`. `declare` adds the layers.
    ///
    /// # Errors
    /// Returns [`NetError::Shape`] if a layer does not fit its input.
    pub fn graph(input: Shape, declare: impl FnOnce(&mut Builder) -> Result<(), NetError>) -> Result<Graph, NetError> {
        let kind = InputKind::Digit { scale: 1.0, offset: 0.0 };
        let mut builder = Builder::new(Input { shape: input, kind });
        declare(&mut builder)?;
        Ok(builder.piece(ABOUT))
    }

    /// Builds the graph of one layer, named `layer`, over maps of shape `input`.
    ///
    /// # Errors
    /// Returns [`NetError::Shape`] if the layer does not fit the input.
    pub fn single(input: Shape, op: Op) -> Result<Graph, NetError> {
        Self::graph(input, |builder| builder.then("layer", op).map(drop))
    }

    /// Creates the layers of `graph` with `tensors`, by the names of [`Graph::all_tensors`].
    ///
    /// # Errors
    /// Returns [`MiniNetworkError`] if a tensor is missing or has another shape.
    pub fn new(graph: &Graph, tensors: BTreeMap<String, Array>) -> Result<Self, MiniNetworkError> {
        let weights = Weights::new(graph, tensors, BTreeMap::new())?;
        Ok(Self { network: CpuNetwork::from_weights(graph, weights)? })
    }

    /// Creates one operation without tensors over maps of shape `input`.
    ///
    /// # Errors
    /// Returns [`MiniNetworkError`] if the operation does not fit the input.
    pub fn of(input: Shape, op: Op) -> Result<Self, MiniNetworkError> {
        Self::new(&Self::single(input, op)?, BTreeMap::new())
    }

    /// Returns the graph of the layers.
    pub fn graph_of(&self) -> &Graph {
        self.network.graph()
    }

    /// Returns the output shape of the last layer.
    pub fn shape(&self) -> Shape {
        let graph = self.network.graph();
        graph.node(graph.probabilities).shape
    }

    /// Returns the outputs of all layers for `values` (CHW), by [`NodeId`]. The first is the input.
    ///
    /// # Errors
    /// Returns [`MiniNetworkError::Cpu`] if the number of values is not that of the input.
    pub fn run(&self, values: &[f32]) -> Result<Vec<Vec<f32>>, MiniNetworkError> {
        Ok(self.network.pass(values)?)
    }

    /// Returns the output of the last layer for `values` (CHW).
    ///
    /// # Errors
    /// Returns the errors of [`MiniNetwork::run`].
    pub fn last(&self, values: &[f32]) -> Result<Vec<f32>, MiniNetworkError> {
        let last: NodeId = self.network.graph().probabilities;
        Ok(self.network.pass_to(values, &[last])?.pop().unwrap_or_default())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use net::MaxPool2d;

    #[test]
    fn a_piece_runs_like_a_network() {
        let network =
            MiniNetwork::of(Shape::maps(1, 2, 4), Op::MaxPool2d(MaxPool2d::plain(2, 2))).expect("should be built");
        assert_eq!(network.shape(), Shape::maps(1, 1, 2));
        assert_eq!(network.last(&[1.0, 2.0, 3.0, 4.0, 8.0, 7.0, 6.0, 5.0]).expect("should run"), [8.0, 6.0]);
        assert!(network.last(&[1.0]).is_err());
    }

    #[test]
    fn a_window_that_does_not_fit_is_refused() {
        assert!(MiniNetwork::of(Shape::maps(1, 2, 2), Op::MaxPool2d(MaxPool2d::plain(3, 1))).is_err());
    }
}
