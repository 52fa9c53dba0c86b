//! GoogLeNet's auxiliary classifiers (Szegedy et al. 2014, sections 5 and 6): the loss of each classifier, and its
//! weight in the total loss.

use net::{BlockKind, Graph, NodeId, Op};

/// The weight of an auxiliary classifier's loss in training, as in the paper.
pub const AUXILIARY_WEIGHT: f64 = 0.3;

/// One classifier of the network: an auxiliary one, or the final one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ClassifierNodes {
    /// The node of the scores.
    pub scores: NodeId,
    /// The node of the probabilities.
    pub probabilities: NodeId,
    /// Name of the node whose feature maps the classifier reads. For the final classifier it is the last Inception
    /// module.
    pub after: String,
    /// Parameters of the classifier. For the final classifier they are all parameters except those of the auxiliary
    /// classifiers.
    pub parameters: u64,
}

/// Returns all classifiers of `graph`: the auxiliary ones in running order, then the final one.
pub fn classifier_nodes(graph: &Graph) -> Vec<ClassifierNodes> {
    let auxiliary = graph.blocks.iter().filter(|block| block.kind == BlockKind::AuxiliaryClassifier);
    let mut all: Vec<ClassifierNodes> = Vec::new();
    for block in auxiliary {
        let nodes = || block.nodes.clone().map(NodeId);
        let softmax = nodes().find(|&id| matches!(graph.node(id).op, Op::Softmax(_)));
        let first = nodes().next().and_then(|id| graph.node(id).inputs.first().copied());
        let (Some(probabilities), Some(from)) = (softmax, first) else { continue };
        let parameters = nodes().map(|id| graph.parameters(id).value()).sum();
        all.push(ClassifierNodes {
            scores: block.output,
            probabilities,
            after: graph.node(from).name.clone(),
            parameters,
        });
    }
    let beside: u64 = all.iter().map(|classifier| classifier.parameters).sum();
    let last = graph.blocks.iter().rfind(|block| block.kind == BlockKind::Inception);
    all.push(ClassifierNodes {
        scores: graph.logits,
        probabilities: graph.probabilities,
        after: last.map_or_else(String::new, |block| block.name.clone()),
        parameters: graph.total_parameters() - beside,
    });
    all
}

/// Returns the cross-entropy of `scores` (one per class) if `class` is correct, in nats: the negative logarithm of its
/// probability. `None` if there is no such class.
pub fn cross_entropy(scores: &[f32], class: usize) -> Option<f64> {
    let right = f64::from(*scores.get(class)?);
    let most = scores.iter().map(|&score| f64::from(score)).fold(f64::NEG_INFINITY, f64::max);
    let sum: f64 = scores.iter().map(|&score| (f64::from(score) - most).exp()).sum();
    Some(most + sum.ln() - right)
}

/// Returns the loss of an image: the loss of the final classifier plus `weight` times that of each auxiliary one.
pub fn loss(main: f64, auxiliary: &[f64], weight: f64) -> f64 {
    main + weight * auxiliary.iter().sum::<f64>()
}

/// Returns the class with the greatest value.
pub fn best(values: &[f32]) -> Option<usize> {
    values.iter().enumerate().max_by(|a, b| a.1.total_cmp(b.1)).map(|(class, _)| class)
}

// The bundled weights are read from files, which only a native build can do.
#[cfg(all(test, not(target_arch = "wasm32")))]
mod tests {
    use super::*;
    use crate::compare::Column;
    use engine::cpu::CpuNetwork;
    use net::network;
    use weights::Weights;

    #[test]
    fn three_classifiers_account_for_all_parameters() {
        for name in ["googlenet", "googlenet-cifar10"] {
            let graph = network(name).expect("should be declared");
            let all = classifier_nodes(&graph);
            let read: Vec<&str> = all.iter().map(|classifier| classifier.after.as_str()).collect();
            assert_eq!(read, ["inception4a", "inception4d", "inception5b"], "{name}");
            assert_eq!(all.iter().map(|classifier| classifier.parameters).sum::<u64>(), graph.total_parameters());
            assert_eq!(all[2].parameters, Column::without_auxiliary(&graph).totals.parameters);
            assert_eq!(graph.node(all[0].scores).name, "aux1.fc2");
        }
        assert_eq!(classifier_nodes(&network("vgg16").expect("should be declared")).len(), 1);
    }

    #[test]
    fn cross_entropy_agrees_with_the_softmax_of_the_engine() {
        let graph = network("googlenet-cifar10").expect("should be declared");
        let engine = CpuNetwork::new(&graph, &Weights::bundled(&graph).expect("should ship")).expect("should be built");
        let input: Vec<f32> = (0..graph.input.shape.elements()).map(|i| (i as f32 * 0.11).cos()).collect();
        for classifier in classifier_nodes(&graph) {
            let out = engine.pass_to(&input, &[classifier.scores, classifier.probabilities]).expect("should run");
            for class in 0..10 {
                let expected = -f64::from(out[1][class]).ln();
                let found = cross_entropy(&out[0], class).expect("should be a class");
                assert!((found - expected).abs() < 1e-3 * expected.max(1.0), "{class}: {found} {expected}");
            }
            assert_eq!(best(&out[0]), best(&out[1]));
        }
    }

    #[test]
    fn large_scores_do_not_overflow() {
        assert_eq!(cross_entropy(&[1000.0, 0.0], 0), Some(0.0));
        assert_eq!(cross_entropy(&[1000.0, 0.0], 1), Some(1000.0));
        assert_eq!(cross_entropy(&[1.0], 1), None);
        assert!((loss(1.0, &[2.0, 3.0], AUXILIARY_WEIGHT) - 2.5).abs() < 1e-12);
        assert_eq!(best(&[]), None);
    }
}
