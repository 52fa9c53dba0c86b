//! Degradation and the shortcut (He et al. 2015, sections 1, 3.1 and 4.2): curves of training, what the identity asks of
//! a weight, and the summands of a network's residual blocks.

use net::{BlockKind, Graph, NodeId, Op};

/// One epoch's errors, in percent.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Epoch {
    /// On the training pictures as they were distorted, each before the step that it was part of.
    pub training: f64,
    /// On the 10,000 test pictures, after the epoch.
    pub test: f64,
}

/// Why a file of curves cannot be read.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum CurveError {
    /// It has no such column.
    #[error("the curves have no column {0}")]
    Column(&'static str),
    /// A line has no number where one is due.
    #[error("line {0} of the curves has no error in it")]
    Line(usize),
    /// There are no lines.
    #[error("the curves are empty")]
    Empty,
}

/// The epochs of a file that training wrote (`static/weights/*.csv`), in their order.
///
/// # Errors
/// [`CurveError`] where it is something else.
pub fn epochs(text: &str) -> Result<Vec<Epoch>, CurveError> {
    let mut lines = text.lines().zip(1..);
    let (heads, _) = lines.next().ok_or(CurveError::Empty)?;
    let column = |name: &'static str| heads.split(',').position(|head| head == name).ok_or(CurveError::Column(name));
    let (training, test) = (column("train_error")?, column("test_error")?);
    let all: Vec<Epoch> = lines
        .map(|(line, number)| {
            let cell = |place: usize| line.split(',').nth(place).and_then(|cell| cell.parse().ok());
            let both = cell(training).zip(cell(test)).filter(|(a, b): &(f64, f64)| a.is_finite() && b.is_finite());
            both.map(|(training, test)| Epoch { training, test }).ok_or(CurveError::Line(number))
        })
        .collect::<Result<_, _>>()?;
    if all.is_empty() { Err(CurveError::Empty) } else { Ok(all) }
}

/// What `layers` layers of one weight make of 1, after each of them; the first is 1 itself.
#[derive(Debug, Clone, PartialEq)]
pub struct Chain {
    /// Of layers `w * x`: the identity where w is 1.
    pub plain: Vec<f64>,
    /// Of layers `x + w * x`: the identity where w is 0.
    pub shortcut: Vec<f64>,
}

impl Chain {
    /// Chains of so many layers, all of weight `w`.
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
    /// The block.
    pub block: String,
    /// Whose output is F(x).
    pub branch: NodeId,
    /// Whose output is x, as it comes to the addition.
    pub shortcut: NodeId,
}

/// The summands of all residual blocks that have a shortcut, in their order.
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

/// |F(x)| / |x|, Euclidean norms over all maps; `None` where x is nothing but zeros.
pub fn ratio(branch: &[f32], x: &[f32]) -> Option<f64> {
    let norm = |values: &[f32]| values.iter().map(|&value| f64::from(value).powi(2)).sum::<f64>().sqrt();
    Some(norm(branch) / norm(x)).filter(|ratio| ratio.is_finite())
}

/// What `Cuts::read` takes to switch a summand (`branch` or `shortcut`) of some blocks off: those whose bit is set.
pub fn cut(blocks: &[Summands], bits: u64, summand: &str) -> String {
    let cut = blocks.iter().zip(0..64_u32).filter(|(_, bit)| bits >> bit & 1 == 1);
    cut.map(|(one, _)| format!("{}/{summand}", one.block)).collect::<Vec<_>>().join(",")
}

// The weights that ship are read from files, which only a native build has.
#[cfg(all(test, not(target_arch = "wasm32")))]
mod tests {
    use super::*;
    use engine::cpu::CpuNetwork;
    use input::PicturePack;
    use net::{Cuts, network};
    use weights::Weights;

    fn graph(name: &str) -> Graph {
        network(name).expect("should be declared")
    }

    fn last(name: &str) -> Epoch {
        let file = format!("{}/../../static/weights/{name}.csv", env!("CARGO_MANIFEST_DIR"));
        let text = std::fs::read_to_string(file).expect("should be there");
        let epochs = epochs(&text).expect("should be curves");
        assert_eq!(epochs.len(), 100);
        epochs[99]
    }

    #[test]
    fn the_deeper_plain_network_is_worse_in_training_too() {
        let [plain20, plain56] = ["plain20-cifar", "plain56-cifar"].map(last);
        assert!(plain56.training > plain20.training && plain56.test > plain20.test);
        let [resnet20, resnet56] = ["resnet20-cifar", "resnet56-cifar"].map(last);
        assert!(resnet56.training < resnet20.training && resnet56.test < resnet20.test);
        assert_eq!(plain56, Epoch { training: 7.829, test: 15.04 });
    }

    #[test]
    fn other_files_are_no_curves() {
        assert_eq!(epochs(""), Err(CurveError::Empty));
        assert_eq!(epochs("train_error,test_error\n"), Err(CurveError::Empty));
        assert_eq!(epochs("epoch,train_error\n1,2"), Err(CurveError::Column("test_error")));
        assert_eq!(epochs("train_error,test_error\n1,2\n3,x"), Err(CurveError::Line(3)));
    }

    #[test]
    fn the_identity_asks_for_one_or_for_zero() {
        assert_eq!(Chain::new(1.0, 9).plain, [1.0; 10]);
        assert_eq!(Chain::new(0.0, 9).shortcut, [1.0; 10]);
        assert_eq!(
            Chain::new(0.5, 3),
            Chain { plain: vec![1.0, 0.5, 0.25, 0.125], shortcut: vec![1.0, 1.5, 2.25, 3.375] }
        );
    }

    #[test]
    fn blocks_are_cut_by_their_bits() {
        let graph = graph("resnet20-cifar");
        let blocks = summands(&graph);
        assert_eq!(blocks.len(), 9);
        assert_eq!(cut(&blocks, 0b1_0000_0010, "branch"), "layer1.1/branch,layer3.2/branch");
        assert_eq!(cut(&blocks, 0, "branch"), "");
        assert!(Cuts::read(&graph, &cut(&blocks, 0x1ff, "shortcut")).is_ok());
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

    /// How many of the first 40 pictures that ship a network gets right with cuts.
    fn right(network: &CpuNetwork, cuts: &str) -> usize {
        let graph = network.graph();
        let bytes = std::fs::read(format!("{}/../../static/pictures/cifar10-test-300.bin", env!("CARGO_MANIFEST_DIR")));
        let pack = PicturePack::read(&bytes.expect("should be there")).expect("should be pictures");
        let effects = Cuts::read(graph, cuts).expect("should be cuts").effects(graph);
        let answer = |index: usize| {
            let photo = pack.photo(index)?;
            let input = photo.prepare(graph).ok()?.input(graph)?;
            let scores = network.cut_pass_to(&input, &[graph.logits], &effects).ok()?.pop()?;
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

    /// What the lesson says in words.
    #[test]
    fn a_shortcut_is_missed_more_than_a_branch() {
        let (network, blocks) = opened("resnet56-cifar");
        assert!(right(&network, "") >= 36);
        for block in [1, 9, 17] {
            assert!(right(&network, &cut(&blocks, 1 << block, "branch")) >= 30, "branch of {block}");
            assert!(right(&network, &cut(&blocks, 1 << block, "shortcut")) <= 10, "shortcut of {block}");
        }
        let (network, blocks) = opened("resnet20-cifar");
        let first = right(&network, &cut(&blocks, 1, "branch"));
        assert!((10..30).contains(&first), "the shallower one misses its first branch: {first}");
        assert!(right(&network, &cut(&blocks, u64::MAX, "shortcut")) <= 8);
    }
}
