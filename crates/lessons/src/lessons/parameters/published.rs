//! A network as published, by its layers with parameters.

use analysis::lesson::parameters::{LayerParameters, last_maps, layers_with_parameters};
use net::{Graph, Shape};

/// A network as published.
#[derive(Clone, PartialEq)]
pub(super) struct PublishedNetwork {
    pub(super) layers: Vec<LayerParameters>,
    pub(super) total: u64,
    /// The maps before the first fully connected layer; `None` if the network averages them already.
    pub(super) maps: Option<Shape>,
}

impl PublishedNetwork {
    /// Counts the layers of a network.
    pub(super) fn of(graph: &Graph) -> Self {
        let layers = layers_with_parameters(graph);
        let total = layers.iter().map(|row| row.parameters.value()).sum();
        Self { total, layers, maps: last_maps(graph) }
    }

    /// Returns the index of the layer with most parameters.
    pub(super) fn largest(&self) -> usize {
        let layers = self.layers.iter().enumerate();
        layers.max_by_key(|(_, row)| row.parameters.value()).map_or(0, |(place, _)| place)
    }
}
