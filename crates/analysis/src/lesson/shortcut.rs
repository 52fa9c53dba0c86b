//! Degradation and the shortcut (He et al. 2015, sections 1, 3.1 and 4.2): training curves, the weight that makes a
//! layer the identity, and the summands of residual blocks.

use net::{BlockKind, Graph, NodeId, Op};

/// The errors of one epoch, in percent.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct EpochErrors {
    /// Error on the distorted training images, each measured before the training step that used it.
    pub training: f64,
    /// Error on the 10,000 test images, after the epoch.
    pub test: f64,
}

/// The errors of reading a file of training curves.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum CurveError {
    /// The file has no such column.
    Column(&'static str),
    /// A line has no number in a required column.
    Line(usize),
    /// The file has no lines.
    Empty,
}

/// Parses a file of training curves (`static/weights/*.csv`). Returns its epochs in order.
///
/// # Errors
/// Returns [`CurveError`] if the text is not such a file.
pub fn epochs(text: &str) -> Result<Vec<EpochErrors>, CurveError> {
    let mut lines = text.lines().zip(1..);
    let (heads, _) = lines.next().ok_or(CurveError::Empty)?;
    let column = |name: &'static str| heads.split(',').position(|head| head == name).ok_or(CurveError::Column(name));
    let (training, test) = (column("train_error")?, column("test_error")?);
    let all: Vec<EpochErrors> = lines
        .map(|(line, number)| {
            let cell = |place: usize| line.split(',').nth(place).and_then(|cell| cell.parse().ok());
            let both = cell(training).zip(cell(test)).filter(|(a, b): &(f64, f64)| a.is_finite() && b.is_finite());
            both.map(|(training, test)| EpochErrors { training, test }).ok_or(CurveError::Line(number))
        })
        .collect::<Result<_, _>>()?;
    if all.is_empty() { Err(CurveError::Empty) } else { Ok(all) }
}

/// The outputs of a chain of layers with one common weight, for the input 1. The first element is the input.
#[derive(Debug, Clone, PartialEq)]
pub struct IdentityChain {
    /// Outputs of layers `w * x`, which are the identity if w is 1.
    pub plain: Vec<f64>,
    /// Outputs of layers `x + w * x`, which are the identity if w is 0.
    pub shortcut: Vec<f64>,
}

impl IdentityChain {
    /// Computes chains of `layers` layers, all with weight `w`.
    pub fn new(w: f64, layers: usize) -> Self {
        let powers = |factor: f64| {
            std::iter::successors(Some(1.0), |value| Some(value * factor)).take(layers + 1).collect::<Vec<f64>>()
        };
        Self { plain: powers(w), shortcut: powers(1.0 + w) }
    }
}

/// The two summands of a residual block.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Summands {
    /// Name of the block.
    pub block: String,
    /// The node whose output is F(x).
    pub branch: NodeId,
    /// The node whose output is x at the addition.
    pub shortcut: NodeId,
}

/// Returns the summands of all residual blocks that have a shortcut, in running order.
pub fn summands(graph: &Graph) -> Vec<Summands> {
    let residual = graph.blocks.iter().filter(|block| block.kind == BlockKind::Residual);
    residual
        .filter_map(|block| {
            let mut nodes = block.nodes.clone().map(|node| graph.node(NodeId(node)));
            let add = nodes.find(|node| matches!(node.op, Op::Add(_)))?;
            let [branch, shortcut] = add.inputs.as_slice().try_into().ok()?;
            Some(Summands { block: block.name.clone(), branch, shortcut })
        })
        .collect()
}

/// Returns |F(x)| / |x|, the ratio of the Euclidean norms over all feature maps, or `None` if x is all zeros.
pub fn ratio(branch: &[f32], x: &[f32]) -> Option<f64> {
    let norm = |values: &[f32]| values.iter().map(|&value| f64::from(value).powi(2)).sum::<f64>().sqrt();
    Some(norm(branch) / norm(x)).filter(|ratio| ratio.is_finite())
}

/// Returns the ablation, as `Ablations::read` parses it, that switches off a summand (`branch` or `shortcut`) of all
/// blocks whose bit is set.
pub fn summand_ablation(blocks: &[Summands], bits: u64, summand: &str) -> String {
    let ablated = blocks.iter().zip(0..64_u32).filter(|(_, bit)| bits >> bit & 1 == 1);
    ablated.map(|(one, _)| format!("{}/{summand}", one.block)).collect::<Vec<_>>().join(",")
}

// The bundled weights are read from files, which only a native build can do.
#[cfg(all(test, not(target_arch = "wasm32")))]
mod tests {
    use super::*;
    use engine::cpu::CpuNetwork;
    use input::ImagePack;
    use net::{Ablations, network};
    use weights::Weights;

    fn graph(name: &str) -> Graph {
        network(name).expect("should be declared")
    }

    fn last(name: &str) -> EpochErrors {
        let file = format!("{}/../../static/weights/{name}.csv", env!("CARGO_MANIFEST_DIR"));
        let text = std::fs::read_to_string(file).expect("should be there");
        let epochs = epochs(&text).expect("should be curves");
        assert_eq!(epochs.len(), 100);
        epochs[99]
    }

    #[test]
    fn the_deeper_plain_network_has_a_greater_training_error() {
        let [plain20, plain56] = ["plain20-cifar", "plain56-cifar"].map(last);
        assert!(plain56.training > plain20.training && plain56.test > plain20.test);
        let [resnet20, resnet56] = ["resnet20-cifar", "resnet56-cifar"].map(last);
        assert!(resnet56.training < resnet20.training && resnet56.test < resnet20.test);
        assert_eq!(plain56, EpochErrors { training: 7.829, test: 15.04 });
    }

    #[test]
    fn other_files_are_refused() {
        assert_eq!(epochs(""), Err(CurveError::Empty));
        assert_eq!(epochs("train_error,test_error\n"), Err(CurveError::Empty));
        assert_eq!(epochs("epoch,train_error\n1,2"), Err(CurveError::Column("test_error")));
        assert_eq!(epochs("train_error,test_error\n1,2\n3,x"), Err(CurveError::Line(3)));
    }

    #[test]
    fn the_identity_needs_a_weight_of_one_or_zero() {
        assert_eq!(IdentityChain::new(1.0, 9).plain, [1.0; 10]);
        assert_eq!(IdentityChain::new(0.0, 9).shortcut, [1.0; 10]);
        assert_eq!(
            IdentityChain::new(0.5, 3),
            IdentityChain { plain: vec![1.0, 0.5, 0.25, 0.125], shortcut: vec![1.0, 1.5, 2.25, 3.375] }
        );
    }

    #[test]
    fn blocks_are_ablated_by_their_bits() {
        let graph = graph("resnet20-cifar");
        let blocks = summands(&graph);
        assert_eq!(blocks.len(), 9);
        assert_eq!(summand_ablation(&blocks, 0b1_0000_0010, "branch"), "layer1.1/branch,layer3.2/branch");
        assert_eq!(summand_ablation(&blocks, 0, "branch"), "");
        assert!(Ablations::read(&graph, &summand_ablation(&blocks, 0x1ff, "shortcut")).is_ok());
        assert_eq!(summands(&self::graph("plain20-cifar")), []);
        let first = &blocks[0];
        assert_eq!((&*graph.node(first.branch).name, &*graph.node(first.shortcut).name), ("layer1.0.bn2", "relu"));
        assert_eq!(graph.node(blocks[3].shortcut).name, "layer2.0.shortcut");
    }

    #[test]
    fn norms_by_hand() {
        assert_eq!(ratio(&[0.0, -1.0], &[3.0, 4.0]), Some(0.2));
        assert_eq!(ratio(&[1.0], &[0.0]), None);
    }

    /// Counts the correct answers of a network under an ablation on the first 40 bundled images.
    fn right(network: &CpuNetwork, ablations: &str) -> usize {
        let graph = network.graph();
        let bytes = std::fs::read(format!("{}/../../static/pictures/cifar10-test-300.bin", env!("CARGO_MANIFEST_DIR")));
        let pack = ImagePack::read(&bytes.expect("should be there")).expect("should be pictures");
        let effects = Ablations::read(graph, ablations).expect("should be ablations").effects(graph);
        let answer = |index: usize| {
            let photo = pack.photo(index)?;
            let input = photo.prepare(graph).ok()?.input(graph)?;
            let scores = network.ablated_pass_to(&input, &[graph.logits], &effects).ok()?.pop()?;
            let best = (0..scores.len()).max_by(|&a, &b| scores[a].total_cmp(&scores[b]))?;
            Some(Some(best) == pack.label(index))
        };
        (0..40).filter(|&index| answer(index).expect("should run")).count()
    }

    fn opened(name: &str) -> (CpuNetwork, Vec<Summands>) {
        let graph = graph(name);
        let weights = Weights::bundled(&graph).expect("should ship");
        (CpuNetwork::from_weights(&graph, weights).expect("should be built"), summands(&graph))
    }

    /// Checks the claims of the lesson's text.
    #[test]
    fn the_network_needs_a_shortcut_more_than_a_branch() {
        let (network, blocks) = opened("resnet56-cifar");
        assert!(right(&network, "") >= 36);
        for block in [1, 9, 17] {
            assert!(right(&network, &summand_ablation(&blocks, 1 << block, "branch")) >= 30, "branch of {block}");
            assert!(right(&network, &summand_ablation(&blocks, 1 << block, "shortcut")) <= 10, "shortcut of {block}");
        }
        let (network, blocks) = opened("resnet20-cifar");
        let first = right(&network, &summand_ablation(&blocks, 1, "branch"));
        assert!((10..30).contains(&first), "the shallower network needs its first branch: {first}");
        assert!(right(&network, &summand_ablation(&blocks, u64::MAX, "shortcut")) <= 8);
    }
}
