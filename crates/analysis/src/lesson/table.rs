//! The list of lessons in order, and the layers of the stage that each lesson is about.

use net::{BlockKind, Family, Graph, NodeId, Op};

/// The paper that a lesson is based on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Paper {
    /// Authors, title and year.
    pub citation: &'static str,
    /// Sections, tables or figures.
    pub place: &'static str,
}

/// One lesson.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Lesson {
    /// The last part of its URL: `/learn/SLUG`.
    pub slug: &'static str,
    /// English title, for places that do not load the texts of the lessons.
    pub title: &'static str,
    /// The paper.
    pub paper: Paper,
    /// The network that shows the subject of the lesson on the stage.
    pub network: &'static str,
    /// The layer of that network.
    pub layer: &'static str,
}

/// Cites a paper (authors, title and year) with sections, tables or figures.
macro_rules! paper {
    ($citation:ident, $place:literal) => {
        Paper { citation: $citation, place: $place }
    };
}

const LENET: &str = "LeCun, Bottou, Bengio, Haffner: Gradient-Based Learning Applied to Document Recognition, 1998";
const ALEXNET: &str =
    "Krizhevsky, Sutskever, Hinton: ImageNet Classification with Deep Convolutional Neural Networks, 2012";
const VGG: &str = "Simonyan, Zisserman: Very Deep Convolutional Networks for Large-Scale Image Recognition, 2014";
const GOOGLENET: &str = "Szegedy et al.: Going Deeper with Convolutions, 2014";
const RESNET: &str = "He, Zhang, Ren, Sun: Deep Residual Learning for Image Recognition, 2015";

/// All lessons in order.
pub const LESSONS: [Lesson; 14] = [
    Lesson {
        slug: "convolution",
        title: "Convolution, subsampling, Table I",
        paper: paper!(LENET, "II.A, II.B, Table I"),
        network: "lenet5",
        layer: "C3",
    },
    Lesson {
        slug: "relu",
        title: "ReLU",
        paper: paper!(ALEXNET, "3.1, Figure 1"),
        network: "alexnet-cifar10",
        layer: "relu1",
    },
    Lesson {
        slug: "pooling",
        title: "Overlapping pooling",
        paper: paper!(ALEXNET, "3.4"),
        network: "alexnet-cifar10",
        layer: "pool1",
    },
    Lesson {
        slug: "normalisation",
        title: "Local response normalization",
        paper: paper!(ALEXNET, "3.3"),
        network: "alexnet-cifar10",
        layer: "norm1",
    },
    Lesson {
        slug: "dropout",
        title: "Dropout",
        paper: paper!(ALEXNET, "4.2"),
        network: "alexnet-cifar10",
        layer: "drop6",
    },
    Lesson {
        slug: "small-kernels",
        title: "Small kernels",
        paper: paper!(VGG, "2.3"),
        network: "vgg16-cifar10",
        layer: "features.5",
    },
    Lesson {
        slug: "parameters",
        title: "Where VGG's parameters are",
        paper: paper!(VGG, "2.1, Table 2"),
        network: "vgg16",
        layer: "classifier.0",
    },
    Lesson {
        slug: "inception",
        title: "Inception",
        paper: paper!(GOOGLENET, "4, Figure 2"),
        network: "googlenet-cifar10",
        layer: "inception3a",
    },
    Lesson {
        slug: "one-by-one",
        title: "1×1 convolution",
        paper: paper!(GOOGLENET, "4"),
        network: "googlenet-cifar10",
        layer: "inception3a.branch2_reduce",
    },
    Lesson {
        slug: "average-pooling",
        title: "Global average pooling",
        paper: paper!(GOOGLENET, "5"),
        network: "googlenet-cifar10",
        layer: "avgpool",
    },
    Lesson {
        slug: "side-classifiers",
        title: "Auxiliary classifiers",
        paper: paper!(GOOGLENET, "5, 6"),
        network: "googlenet-cifar10",
        layer: "aux1",
    },
    Lesson {
        slug: "shortcut",
        title: "Degradation and the shortcut",
        paper: paper!(RESNET, "1, 3.1, 4.2"),
        network: "resnet20-cifar",
        layer: "layer1.0.add",
    },
    Lesson {
        slug: "residual-blocks",
        title: "Two residual blocks",
        paper: paper!(RESNET, "3.3, Table 1"),
        network: "resnet50",
        layer: "layer1.0",
    },
    Lesson {
        slug: "halving",
        title: "Half the size, twice the width",
        paper: paper!(RESNET, "3.3"),
        network: "resnet18-cifar10",
        layer: "layer2.0.conv1",
    },
];

/// Returns the lesson at `/learn/SLUG`, or `None` if there is none.
pub fn lesson(slug: &str) -> Option<&'static Lesson> {
    LESSONS.iter().find(|lesson| lesson.slug == slug)
}

/// Returns the slugs of the lessons that apply to `node`. Lessons about its operation come before those about the block
/// around it.
pub fn lessons_at(graph: &Graph, node: NodeId) -> Vec<&'static str> {
    let family = graph.family;
    let around = |kind: BlockKind| graph.enclosing_blocks(node).any(|block| graph.blocks[block.0].kind == kind);
    let mut found = Vec::new();
    match &graph.node(node).op {
        Op::Conv2d(conv) => {
            let kernel = conv.window.kernel;
            found.extend((family == Family::LeNet).then_some("convolution"));
            found.extend((family == Family::Vgg && kernel == 3).then_some("small-kernels"));
            found.extend((family == Family::GoogLeNet && kernel == 1).then_some("one-by-one"));
            found.extend((family == Family::ResNet && conv.window.stride == 2).then_some("halving"));
        }
        Op::Subsample(_) => found.push("convolution"),
        Op::Activation(_) if family == Family::AlexNet => found.push("relu"),
        Op::LocalResponseNorm(_) => found.push("normalisation"),
        Op::MaxPool2d(pool) if pool.window.kernel > pool.window.stride => found.push("pooling"),
        Op::MaxPool2d(_) if family == Family::Vgg => found.push("halving"),
        Op::Dropout(_) => found.push("dropout"),
        Op::Linear(_) if family == Family::Vgg => found.push("parameters"),
        Op::AdaptiveAvgPool2d(_) | Op::AvgPool2d(_) if graph.node(node).shape.chw().1 == 1 => {
            found.push("average-pooling");
        }
        Op::Add(_) => found.push("shortcut"),
        _ => {}
    }
    found.extend(around(BlockKind::AuxiliaryClassifier).then_some("side-classifiers"));
    found.extend(around(BlockKind::Inception).then_some("inception"));
    found.extend((family == Family::ResNet && around(BlockKind::Residual)).then_some("residual-blocks"));
    found
}

#[cfg(test)]
mod tests {
    use super::*;
    use net::{names, network};

    #[test]
    fn every_lesson_names_a_layer_that_names_the_lesson() {
        for lesson in &LESSONS {
            let graph = network(lesson.network).expect("should be declared");
            let node = graph.find(lesson.layer).unwrap_or_else(|error| panic!("{}: {error}", lesson.slug));
            assert!(lessons_at(&graph, node).contains(&lesson.slug), "{}", lesson.slug);
        }
    }

    #[test]
    fn every_named_slug_is_a_lesson() {
        for name in names() {
            let graph = network(name).expect("should be declared");
            for (id, _) in graph.iter() {
                for slug in lessons_at(&graph, id) {
                    assert!(self::lesson(slug).is_some(), "{name}: {slug}");
                }
            }
        }
    }

    #[test]
    fn every_lesson_has_its_own_slug() {
        for (place, lesson) in LESSONS.iter().enumerate() {
            assert_eq!(LESSONS.iter().position(|other| other.slug == lesson.slug), Some(place));
        }
        assert_eq!(self::lesson("nothing"), None);
    }
}
