//! A test picture with its scores and the maps behind them.

use std::rc::Rc;

use crate::error::LessonError;
use crate::examples::{Example, example};
use crate::network::TrainedNetwork;
use analysis::evidence::ClassActivation;
use analysis::lesson::averaged::AveragedScore;
use net::Shape;

/// A picture with its scores, and the last layers of the network.
pub(super) struct ScoredPicture {
    network: Rc<TrainedNetwork>,
    pub(super) example: Example,
    /// The last maps, `[channels, height, width]`, and their shape.
    pub(super) maps: Vec<f32>,
    pub(super) shape: Shape,
    pub(super) scores: Vec<f32>,
    /// The fully connected layer: its weights, `[class, map]`, and the bias of each class.
    weights: Vec<f32>,
    biases: Vec<f32>,
}

impl ScoredPicture {
    /// Runs test picture `picture` through the network `name`.
    ///
    /// # Errors
    /// [`LessonError`] if the network or the picture does not load, or if it does not end in global average pooling.
    pub(super) async fn load(name: &'static str, picture: usize) -> Result<Self, LessonError> {
        let network = TrainedNetwork::open(name).await?;
        let graph = &network.graph;
        let cam = ClassActivation::of(graph).ok_or(LessonError::Unlike { network: name })?;
        let name_of = |id| graph.node(id).name.as_str();
        let linear = name_of(cam.linear);
        let example = example(graph, picture).await?;
        let mut values = network.pass(&example.input, &[name_of(cam.maps), linear], "").await?;
        let (scores, maps) = (values.pop().unwrap_or_default(), values.pop().unwrap_or_default());
        let weights = network.tensor(&format!("{linear}.weight")).await?.values;
        let biases = network.tensor(&format!("{linear}.bias")).await?.values;
        let shape = graph.node(cam.maps).shape;
        Ok(Self { network, example, maps, shape, scores, weights, biases })
    }

    /// Returns the score of a class, written in means of maps.
    pub(super) fn averaged(&self, class: usize) -> Option<AveragedScore> {
        let maps = self.shape.chw().0;
        let row = self.weights.get(class * maps..(class + 1) * maps)?;
        AveragedScore::new(&self.network.graph, &self.maps, row, *self.biases.get(class)?)
    }
}
