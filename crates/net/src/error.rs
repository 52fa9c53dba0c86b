//! The errors of this crate: a network that cannot be declared or found, and a text that names no part to ablate.

/// An error in the declaration of a network, or in a request for one.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum NetError {
    /// The name is not in the table of networks.
    UnknownNetwork {
        /// The name that was asked for.
        name: String,
        /// All names, separated by commas.
        known: String,
    },
    /// The name is not a node of this network.
    UnknownNode {
        /// The network that was asked.
        network: String,
        /// The name that was asked for.
        name: String,
        /// All node names, separated by commas.
        known: String,
    },
    /// The text names no part that can be ablated.
    Ablation {
        /// The text that was read.
        text: String,
        /// The reason, as the end of a sentence.
        reason: AblationError,
    },
    /// The network cannot begin with a step that transforms its input.
    NoTransform {
        /// The network that was asked.
        network: String,
        /// The network that can.
        known: String,
    },
    /// The network cannot tell another number of classes apart.
    FixedClasses {
        /// The network that was asked.
        network: String,
        /// The number of its classes.
        classes: usize,
    },
    /// An operation cannot take the shapes of its inputs.
    Shape {
        /// The node that cannot be built.
        node: String,
        /// The reason.
        reason: String,
    },
}

/// The reason why an ablation cannot be read. Each message is the end of a sentence.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum AblationError {
    /// The scale is not a number, or it is out of range.
    Scale,
    /// The network has no such layer.
    Layer(Box<NetError>),
    /// The network has no towers.
    NoTowers {
        /// The network.
        network: String,
    },
    /// The network has towers, but not the one that was named.
    Tower,
    /// The layer has no such map.
    Map {
        /// The layer.
        layer: String,
        /// The index of the last feature map.
        last: usize,
    },
    /// The layer is not a convolution, and only convolutions have kernels.
    NoKernels {
        /// The layer.
        layer: String,
    },
    /// The feature map does not read the input map that was named.
    Reads {
        /// The layer.
        layer: String,
        /// The map.
        map: usize,
        /// The input maps that it reads, separated by commas.
        reads: String,
    },
    /// The network has no such block.
    NoBlock {
        /// The network.
        network: String,
        /// The block that was asked for.
        block: String,
    },
    /// The block is not an Inception module, and only those have branches.
    NoInception {
        /// The block.
        block: String,
    },
    /// The Inception module has branches, but not the one that was named.
    InceptionBranch {
        /// The block.
        block: String,
        /// The number of branches.
        branches: usize,
    },
    /// The text after the slash names no part of a block.
    Part {
        /// The block.
        block: String,
    },
    /// The block is not a residual block with a shortcut.
    NoShortcut {
        /// The block.
        block: String,
    },
}
