//! Checkpoints opened with the graph that their shapes ask for.

use super::bytes::ByteSource;
use super::checkpoint::Checkpoint;
use super::error::WeightsError;
use super::fit::fitted_graph;
use super::source::TensorSource;
use net::Graph;

impl TensorSource {
    /// Opens the checkpoint in `bytes`. Returns `graph` fitted to it, and the tensors of that graph.
    ///
    /// # Errors
    /// [`WeightsError::Checkpoint`] if it cannot be read, [`WeightsError::Unfit`] if its tensors are not those of
    /// `graph`, whatever the number of classes.
    pub async fn open_fitted(graph: &Graph, bytes: Box<dyn ByteSource>) -> Result<(Graph, Self), WeightsError> {
        let checkpoint = Checkpoint::open(bytes).await?;
        let fitted = fitted_graph(graph, &checkpoint);
        let source = Self::checkpoint(&fitted, checkpoint)?;
        Ok((fitted, source))
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use super::*;
    use crate::{Weights, to_safetensors};
    use net::{GraphOptions, network};

    fn with(name: &str, options: GraphOptions) -> Graph {
        network(name).and_then(|graph| graph.with_options(options)).expect("should be a network")
    }

    fn opened(graph: &Graph, file: &Graph) -> Result<Graph, WeightsError> {
        let bytes = to_safetensors(Weights::seeded(file, 1).iter(), &BTreeMap::new()).expect("should be written");
        pollster::block_on(TensorSource::open_fitted(graph, Box::new(bytes))).map(|(fitted, _)| fitted)
    }

    #[test]
    fn a_graph_takes_the_classes_of_its_file() {
        let none = GraphOptions::default();
        let declared = network("resnet20-cifar").expect("should be declared");
        for classes in [1, 2, 5, 100] {
            let file = with("resnet20-cifar", GraphOptions { classes: Some(classes), ..none });
            assert_eq!(opened(&declared, &file).expect("should fit").options.classes, Some(classes));
            // A graph of another file before does not matter.
            assert_eq!(opened(&file, &declared).expect("should fit"), declared);
        }
    }

    #[test]
    fn auxiliary_classifiers_may_be_missing_and_a_chosen_step_stays() {
        let none = GraphOptions::default();
        let transformed = with("googlenet-torchvision", GraphOptions { transform_input: true, ..none });
        let file = with("googlenet-torchvision", GraphOptions { without_auxiliary: true, ..none });
        let fitted = opened(&transformed, &file).expect("should fit");
        assert_eq!(fitted.options, GraphOptions { transform_input: true, without_auxiliary: true, classes: None });
    }

    #[test]
    fn a_file_of_another_network_is_refused_as_before() {
        let (declared, other) = (network("resnet20-cifar"), network("lenet5-modern"));
        let refused = opened(&declared.expect("should be declared"), &other.expect("should be declared"));
        assert!(matches!(refused, Err(WeightsError::Unfit { .. })));
    }
}
