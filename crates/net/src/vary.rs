//! Graphs that differ from their declaration by options.

use super::activation::Activation;
use super::builder::Builder;
use super::classes::Classes;
use super::error::NetError;
use super::graph::{About, BlockId, BlockKind, Graph, InputKind, NodeId};
use super::ops::{ChannelAffine, Linear, Op, Pointwise};
use super::options::GraphOptions;

/// The name of the node that transforms the input. torchvision has no module of this name.
const TRANSFORM: &str = "transform_input";
/// The one network that torchvision declares with `transform_input`.
const TRANSFORMED: &str = "googlenet-torchvision";

impl Graph {
    /// Returns whether the network can begin with a step that transforms its input.
    pub fn can_transform_input(&self) -> bool {
        self.name == TRANSFORMED
    }

    /// Returns the options under which the tensors of a checkpoint are those of this network, as far as options decide
    /// about them: the number of classes, and whether there are auxiliary classifiers. The others stay.
    ///
    /// `dims` returns the dimensions of the tensor that the checkpoint has under a name of this graph, or `None`.
    pub fn options_for(&self, dims: impl Fn(&str) -> Option<Vec<usize>>) -> GraphOptions {
        let mut options = self.options;
        // The rows of a fully connected layer, if the checkpoint has it with the columns of this graph.
        let rows = |layer: NodeId| {
            let found = dims(&format!("{}.weight", self.node(layer).name))?;
            let (&rows, columns) = found.split_first()?;
            let columns = columns.iter().try_fold(1_usize, |all, &dim| all.checked_mul(dim))?;
            (rows > 0 && columns == self.input_shape(layer).elements()).then_some(rows)
        };
        if !matches!(self.node(self.logits).op, Op::Linear(_)) {
            return options;
        }
        let Some(classes) = rows(self.logits) else { return options };
        let is_declared = self.declared_classes().is_some_and(|declared| declared.count() == classes);
        options.classes = (!is_declared).then_some(classes);
        let mut auxiliary = self.blocks.iter().filter(|block| block.kind == BlockKind::AuxiliaryClassifier);
        // Classifiers for other classes were left as they were when the last layer was replaced.
        options.without_auxiliary |= auxiliary.any(|block| {
            let has_none = block.nodes.clone().all(|place| {
                let mut tensors = self.tensors(NodeId(place)).into_iter();
                tensors.all(|(name, _)| dims(&name).is_none())
            });
            has_none || rows(block.output).is_some_and(|rows| rows != classes)
        });
        options
    }

    /// Returns the same network with other options.
    ///
    /// # Errors
    /// [`NetError::NoTransform`] or [`NetError::FixedClasses`] if the network has no such option.
    pub fn with_options(&self, options: GraphOptions) -> Result<Self, NetError> {
        if options == self.options {
            return Ok(self.clone());
        }
        let declared = super::network(self.name)?;
        if options == GraphOptions::default() { Ok(declared) } else { vary(&declared, options) }
    }

    /// Returns the classes of the declaration, or `None` if no declaration has this name.
    fn declared_classes(&self) -> Option<Classes> {
        if self.options.classes.is_none() {
            return Some(self.classes);
        }
        super::network(self.name).ok().map(|declared| declared.classes)
    }
}

/// Returns a declared graph with `options`: its nodes once more, with a step before them, with other head sizes, or
/// without some of them.
fn vary(declared: &Graph, options: GraphOptions) -> Result<Graph, NetError> {
    let mut net = Builder::new(declared.input);
    // The new node for each declared one. The nodes that read the input read its transformed values.
    let mut ids = vec![NodeId(0)];
    if options.transform_input {
        ids[0] = net.then(TRANSFORM, transform(declared)?)?;
    }
    let classes = options.classes.filter(|&classes| classes != declared.classes.count());
    let classes = classes.map_or(declared.classes, Classes::Numbered);
    if classes.count() == 0 || classes != declared.classes && !matches!(head(declared).op, Op::Linear(_)) {
        return Err(NetError::FixedClasses { network: declared.name.to_owned(), classes: declared.classes.count() });
    }
    let is_left_out = |block: BlockId| {
        let block = &declared.blocks[block.0];
        options.without_auxiliary && block.kind == BlockKind::AuxiliaryClassifier
    };
    for (id, node) in declared.iter().skip(1) {
        if declared.enclosing_blocks(id).any(is_left_out) {
            // Nothing else reads an auxiliary classifier, so this is never looked up.
            ids.push(NodeId(0));
            continue;
        }
        for block in declared.blocks.iter().filter(|block| block.nodes.start == id.0) {
            net.open(&block.name, block.kind);
        }
        let op = varied(declared, id, classes);
        let name =
            if matches!(op, Op::Activation(_)) { node.name.replace("softmax", "sigmoid") } else { node.name.clone() };
        let inputs: Vec<NodeId> = node.inputs.iter().map(|input| ids[input.0]).collect();
        ids.push(net.add(&name, op, &inputs)?);
        if let Some(remark) = node.remark {
            net.remark(remark);
        }
        for block in declared.blocks.iter().rev().filter(|block| block.nodes.end == id.0 + 1) {
            net.close_with(ids[block.output.0]);
        }
    }
    let Graph { name, title, family, year, source, .. } = *declared;
    let mut graph = net.finish(About { name, title, family, year, source, classes })?;
    graph.options = GraphOptions { classes: (classes != declared.classes).then_some(classes.count()), ..options };
    Ok(graph)
}

/// Returns the node of the class scores.
fn head(graph: &Graph) -> &super::graph::Node {
    graph.node(graph.logits)
}

/// Returns the step that transforms the input of a network.
fn transform(declared: &Graph) -> Result<Op, NetError> {
    match declared.input.kind {
        InputKind::Photo { mean, deviation } if declared.can_transform_input() => {
            let exact = |values: [f32; 3]| values.map(|value| (f64::from(value) * 1e6).round() / 1e6);
            Ok(Op::ChannelAffine(ChannelAffine::to_half(exact(mean), exact(deviation))))
        }
        _ => Err(NetError::NoTransform { network: declared.name.to_owned(), known: TRANSFORMED.to_owned() }),
    }
}

/// Returns the operation of a node in a network with these classes.
fn varied(declared: &Graph, id: NodeId, classes: Classes) -> Op {
    let node = declared.node(id);
    let reads_scores = |id: NodeId| {
        let auxiliary =
            |block: &super::graph::Block| block.kind == BlockKind::AuxiliaryClassifier && block.output == id;
        id == declared.logits || declared.blocks.iter().any(auxiliary)
    };
    match &node.op {
        Op::Linear(linear) if reads_scores(id) => Op::Linear(Linear { units: classes.count(), ..*linear }),
        // The softmax of one score is always 1.
        Op::Softmax(_) if classes.count() == 1 => Op::Activation(Pointwise { function: Activation::Sigmoid }),
        other => other.clone(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Shape, names, network};

    fn with(name: &str, options: GraphOptions) -> Graph {
        network(name).and_then(|graph| graph.with_options(options)).expect("should be a network")
    }

    /// The dimensions of every tensor of a graph.
    fn shapes(graph: &Graph) -> impl Fn(&str) -> Option<Vec<usize>> + use<> {
        let all = graph.all_tensors();
        move |name| all.iter().find(|(other, _)| other == name).map(|(_, spec)| spec.dims.clone())
    }

    #[test]
    fn the_transformed_network_has_one_node_more() {
        let declared = network("googlenet-torchvision").expect("should be declared");
        let options = GraphOptions { transform_input: true, ..GraphOptions::default() };
        let graph = with("googlenet-torchvision", options);
        assert_eq!(graph.nodes.len(), declared.nodes.len() + 1);
        assert_eq!(
            (graph.nodes[1].name.as_str(), graph.nodes[1].inputs.as_slice()),
            ("transform_input", &[NodeId(0)][..])
        );
        assert_eq!(graph.nodes[1].shape, declared.input.shape);
        let Op::ChannelAffine(step) = &graph.nodes[1].op else { panic!("should scale and shift") };
        assert_eq!(*step, ChannelAffine::to_half([0.485, 0.456, 0.406], [0.229, 0.224, 0.225]));
        // Everything else is as it was, one place later.
        for (before, after) in declared.nodes.iter().skip(1).zip(graph.nodes.iter().skip(2)) {
            let moved: Vec<NodeId> = before.inputs.iter().map(|input| NodeId(input.0 + 1)).collect();
            assert_eq!(
                (&before.name, &before.op, before.shape, &moved),
                (&after.name, &after.op, after.shape, &after.inputs)
            );
            assert_eq!((before.block, before.receptive), (after.block, after.receptive), "{}", before.name);
        }
        for (before, after) in declared.blocks.iter().zip(&graph.blocks) {
            let moved = before.nodes.start + 1..before.nodes.end + 1;
            assert_eq!(
                (&before.name, moved, NodeId(before.output.0 + 1)),
                (&after.name, after.nodes.clone(), after.output)
            );
        }
        assert_eq!(graph.all_tensors(), declared.all_tensors());
        assert_eq!(graph.node(graph.logits).name, "fc");
        assert_eq!(graph.with_options(GraphOptions::default()), Ok(declared));
    }

    #[test]
    fn only_torchvisions_googlenet_is_transformed() {
        let options = GraphOptions { transform_input: true, ..GraphOptions::default() };
        for name in names() {
            let graph = network(name).expect("should be declared");
            assert_eq!(graph.can_transform_input(), graph.with_options(options).is_ok(), "{name}");
        }
        let refused =
            network("resnet18").expect("should be declared").with_options(options).expect_err("should be refused");
        assert_eq!(
            refused.to_string(),
            "resnet18 has no step that transforms its input; choose googlenet-torchvision for it"
        );
    }

    #[test]
    fn every_network_with_a_last_layer_takes_any_number_of_classes() {
        for name in names().filter(|name| *name != "lenet5") {
            for classes in [1, 2, 5, 21843] {
                let graph = with(name, GraphOptions { classes: Some(classes), ..GraphOptions::default() });
                let scores = graph.node(graph.logits).shape;
                assert_eq!((scores, graph.classes), (Shape::Vector(classes), Classes::Numbered(classes)), "{name}");
                let last = &graph.node(graph.probabilities).op;
                assert_eq!(classes == 1, !matches!(last, Op::Softmax(_)), "{name} {classes}");
            }
        }
        let declared = network("resnet18").expect("should be declared");
        let options = GraphOptions { classes: Some(1000), ..GraphOptions::default() };
        assert_eq!(declared.with_options(options), Ok(declared));
    }

    #[test]
    fn fixed_bitmaps_and_no_class_are_refused() {
        let refuse = |name: &str, classes| {
            let options = GraphOptions { classes: Some(classes), ..GraphOptions::default() };
            let graph = network(name).expect("should be declared");
            graph.with_options(options).expect_err("should be refused").to_string()
        };
        assert_eq!(
            refuse("lenet5", 5),
            "lenet5 always tells 10 classes apart; choose a network with a last layer of its own"
        );
        assert!(refuse("resnet18", 0).starts_with("resnet18 always tells 1000"));
    }

    #[test]
    fn options_follow_from_the_shapes_of_a_checkpoint() {
        let none = GraphOptions::default();
        for name in names() {
            let graph = network(name).expect("should be declared");
            assert_eq!(graph.options_for(shapes(&graph)), none, "{name}");
            assert_eq!(graph.options_for(|_| None), none, "{name}");
        }
        let google = network("googlenet-torchvision").expect("should be declared");
        for options in [
            GraphOptions { classes: Some(5), ..none },
            GraphOptions { without_auxiliary: true, ..none },
            GraphOptions { classes: Some(1), without_auxiliary: true, ..none },
        ] {
            let wanted = google.with_options(options).expect("should be a network");
            assert_eq!(google.options_for(shapes(&wanted)), options);
            // A graph that was fitted to another file before starts again.
            assert_eq!(wanted.options_for(shapes(&google)).classes, None);
        }
        let resnet = network("resnet18").expect("should be declared");
        let head = |dims: &'static [usize]| move |name: &str| (name == "fc.weight").then(|| dims.to_vec());
        assert_eq!(resnet.options_for(head(&[7, 512, 1, 1])).classes, Some(7));
        for dims in [&[0, 512][..], &[7, 511], &[7], &[]] {
            assert_eq!(resnet.options_for(head(dims)), none, "{dims:?}");
        }
    }

    /// A fine-tuned GoogLeNet whose auxiliary classifiers were left as they were.
    #[test]
    fn auxiliary_classifiers_for_other_classes_are_left_out() {
        let google = network("googlenet-torchvision").expect("should be declared");
        let all = shapes(&google);
        let dims = |name: &str| if name == "fc.weight" { Some(vec![5, 1024]) } else { all(name) };
        let options = google.options_for(dims);
        assert_eq!(options, GraphOptions { classes: Some(5), without_auxiliary: true, ..GraphOptions::default() });
        let graph = google.with_options(options).expect("should be a network");
        assert!(graph.blocks.iter().all(|block| block.kind != BlockKind::AuxiliaryClassifier));
        assert!(graph.find("aux1.fc2").is_err() && graph.total_parameters() == 5_605_029);
    }
}
