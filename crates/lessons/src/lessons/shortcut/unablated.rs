//! A ResNet without ablations on a test picture.

use crate::error::LessonError;
use crate::examples::{Example, example};
use crate::network::TrainedNetwork;
use analysis::lesson::{ratio, summands};
use net::NodeId;

/// The network without ablations on a picture.
pub(super) struct UnablatedPass {
    pub(super) example: Example,
    /// The ratio of the norms of F(x) and x in each block; `None` where x is zero.
    pub(super) ratios: Vec<Option<f64>>,
    /// The probabilities of the classes.
    pub(super) probabilities: Vec<f32>,
}

impl UnablatedPass {
    /// Runs test picture `index` through the network `name`.
    ///
    /// # Errors
    /// [`LessonError`] if the network or the picture does not load.
    pub(super) async fn run(name: &'static str, index: usize) -> Result<Self, LessonError> {
        let network = TrainedNetwork::open(name).await?;
        let example = example(&network.graph, index).await?;
        let all = summands(&network.graph);
        let node_name = |id: NodeId| network.graph.node(id).name.as_str();
        let summand_names = all.iter().flat_map(|one| [node_name(one.branch), node_name(one.shortcut)]);
        let names: Vec<&str> = summand_names.chain(["softmax"]).collect();
        let mut outputs = network.pass(&example.input, &names, "").await?;
        let probabilities = outputs.pop().unwrap_or_default();
        let pair_ratio =
            |pair: &[Vec<f32>]| pair.first().zip(pair.get(1)).and_then(|(branch, shortcut)| ratio(branch, shortcut));
        Ok(Self { ratios: outputs.chunks(2).map(pair_ratio).collect(), example, probabilities })
    }
}
