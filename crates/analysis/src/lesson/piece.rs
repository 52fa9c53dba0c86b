//! A few layers alone, built as a network is and run by the same engine: what a lesson moves.

use std::collections::BTreeMap;

use engine::cpu::{CpuError, CpuNetwork};
use net::{About, Builder, Classes, Family, Graph, Input, InputKind, NetError, NodeId, Op, Shape};
use weights::{Array, Weights, WeightsError};

/// Why a piece does not run.
#[derive(Debug, thiserror::Error)]
pub enum PieceError {
    /// Its layers do not fit one another.
    #[error(transparent)]
    Net(#[from] NetError),
    /// Its tensors are not those of its layers.
    #[error(transparent)]
    Weights(#[from] WeightsError),
    /// The engine refused.
    #[error(transparent)]
    Cpu(#[from] CpuError),
}

/// Some layers over feature maps.
#[derive(Debug)]
pub struct Piece {
    network: CpuNetwork,
}

/// What is said of every piece.
const ABOUT: About = About {
    name: "piece",
    title: "Some layers",
    family: Family::LeNet,
    year: 1998,
    source: "",
    classes: Classes::Digits,
};

impl Piece {
    /// The graph of layers over maps of shape `input`; `declare` adds them.
    ///
    /// # Errors
    /// [`NetError::Shape`] where one cannot take what it is given.
    pub fn graph(input: Shape, declare: impl FnOnce(&mut Builder) -> Result<(), NetError>) -> Result<Graph, NetError> {
        let kind = InputKind::Digit { scale: 1.0, offset: 0.0 };
        let mut builder = Builder::new(Input { shape: input, kind });
        declare(&mut builder)?;
        Ok(builder.piece(ABOUT))
    }

    /// One layer over maps of shape `input`, as [`Piece::graph`] has several.
    ///
    /// # Errors
    /// [`NetError::Shape`] where it cannot take them.
    pub fn single(input: Shape, op: Op) -> Result<Graph, NetError> {
        Self::graph(input, |builder| builder.then("layer", op).map(drop))
    }

    /// The layers of `graph` with `tensors`, by the names that [`Graph::all_tensors`] gives.
    ///
    /// # Errors
    /// [`PieceError`] where a tensor is missing or of another shape.
    pub fn new(graph: &Graph, tensors: BTreeMap<String, Array>) -> Result<Self, PieceError> {
        let weights = Weights::new(graph, tensors, BTreeMap::new())?;
        Ok(Self { network: CpuNetwork::from_weights(graph, weights)? })
    }

    /// One operation without tensors over maps of shape `input`.
    ///
    /// # Errors
    /// [`PieceError`] where it cannot take them.
    pub fn of(input: Shape, op: Op) -> Result<Self, PieceError> {
        Self::new(&Self::single(input, op)?, BTreeMap::new())
    }

    /// Its graph.
    pub fn graph_of(&self) -> &Graph {
        self.network.graph()
    }

    /// The shape of what its last layer gives.
    pub fn shape(&self) -> Shape {
        let graph = self.network.graph();
        graph.node(graph.probabilities).shape
    }

    /// The output of every layer for `values` (CHW), by [`NodeId`]; the first is the input.
    ///
    /// # Errors
    /// [`PieceError::Cpu`] where `values` are not as many as the input has.
    pub fn run(&self, values: &[f32]) -> Result<Vec<Vec<f32>>, PieceError> {
        Ok(self.network.pass(values)?)
    }

    /// The output of its last layer for `values` (CHW).
    ///
    /// # Errors
    /// As [`Piece::run`].
    pub fn last(&self, values: &[f32]) -> Result<Vec<f32>, PieceError> {
        let last: NodeId = self.network.graph().probabilities;
        Ok(self.network.pass_to(values, &[last])?.pop().unwrap_or_default())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use net::MaxPool2d;

    #[test]
    fn it_runs_as_a_network_does() {
        let piece = Piece::of(Shape::maps(1, 2, 4), Op::MaxPool2d(MaxPool2d::plain(2, 2))).expect("should be built");
        assert_eq!(piece.shape(), Shape::maps(1, 1, 2));
        assert_eq!(piece.last(&[1.0, 2.0, 3.0, 4.0, 8.0, 7.0, 6.0, 5.0]).expect("should run"), [8.0, 6.0]);
        assert!(piece.last(&[1.0]).is_err());
    }

    #[test]
    fn what_does_not_fit_is_refused() {
        assert!(Piece::of(Shape::maps(1, 2, 2), Op::MaxPool2d(MaxPool2d::plain(3, 1))).is_err());
    }
}
