//! What a network is: a graph of named operations, with the shapes, counts and receptive fields that follow.
//!
//! Nothing here knows a device or a screen. A network is declared once ([`lenet`] and its like); engines build
//! it, the page draws it, the command line tabulates it, all from the same [`Graph`].

mod alexnet;
mod bitmaps;
mod builder;
mod classes;
mod cut;
mod edition;
mod expr;
mod families;
mod googlenet;
mod graph;
mod lenet;
mod needs;
mod op;
mod ops;
mod parts;
mod receptive;
mod resnet;
mod room;
mod shape;
mod summary;
mod towers;
mod trace;
mod vgg;

pub use bitmaps::{BITMAP_HEIGHT, BITMAP_WIDTH, DIGIT_BITMAPS, digit_targets};
pub use builder::Builder;
pub use classes::Classes;
pub use cut::{Cut, CutFault, Cuts, Effects, KernelCut, MOST_SCALE, Part};
pub use expr::Expr;
pub use families::{LINEAGES, Lineage, lineage, novelty};
pub use graph::{About, Block, BlockId, BlockKind, Family, Graph, Input, InputKind, Node, NodeId, Remark};
pub use lenet::C3_INPUTS;
pub use needs::Needs;
pub use op::{Op, Operation, SeedRule, TensorSpec, Window};
pub use ops::{
    Activation, AdaptiveAvgPool2d, Add, AvgPool2d, BatchNorm2d, Concat, Conv2d, Dropout, Linear, LocalResponseNorm,
    MaxPool2d, PadShortcut, Pointwise, Rbf, Softmax, Subsample, TANH_AMPLITUDE, TANH_SLOPE,
};
pub use receptive::ReceptiveField;
pub use resnet::resnet_of;
pub use room::{NoRoom, budget_bytes, fits, offers};
pub use shape::Shape;
pub use summary::{LayerRow, Summary, Totals};
pub use trace::Seen;

/// What can be wrong with a declaration or a request for one.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum NetError {
    /// The name is not in the table of networks.
    #[error("there is no network named '{name}'; the names are: {known}")]
    UnknownNetwork {
        /// What was asked for.
        name: String,
        /// All names, separated by commas.
        known: String,
    },
    /// The name is not a node of this network.
    #[error("{network} has no layer named '{name}'; its layers are: {known}")]
    UnknownNode {
        /// The network asked.
        network: String,
        /// What was asked for.
        name: String,
        /// All node names, separated by commas.
        known: String,
    },
    /// The text names nothing that can be cut.
    #[error("'{text}' cannot be cut: {reason}")]
    Cut {
        /// The text.
        text: String,
        /// Why.
        reason: CutFault,
    },
    /// An operation cannot take what its inputs give.
    #[error("{node}: {reason}; correct the declaration of the network")]
    Shape {
        /// The node that cannot be built.
        node: String,
        /// Why.
        reason: String,
    },
}

/// One row of the table of networks.
struct Declaration {
    name: &'static str,
    build: fn() -> Result<Graph, NetError>,
}

/// Every network there is. A new network is one new line here and one declaration.
const NETWORKS: &[Declaration] = &[
    Declaration { name: "lenet5", build: lenet::lenet5 },
    Declaration { name: "lenet5-modern", build: lenet::lenet5_modern },
    Declaration { name: "alexnet", build: alexnet::alexnet },
    Declaration { name: "alexnet-relu-last", build: alexnet::alexnet_relu_last },
    Declaration { name: "alexnet-torchvision", build: alexnet::alexnet_torchvision },
    Declaration { name: "alexnet-cifar10", build: alexnet::alexnet_cifar10 },
    Declaration { name: "vgg11", build: vgg::vgg11 },
    Declaration { name: "vgg11-lrn", build: vgg::vgg11_lrn },
    Declaration { name: "vgg13", build: vgg::vgg13 },
    Declaration { name: "vgg16-c", build: vgg::vgg16_c },
    Declaration { name: "vgg16", build: vgg::vgg16 },
    Declaration { name: "vgg19", build: vgg::vgg19 },
    Declaration { name: "vgg16-cifar10", build: vgg::vgg16_cifar10 },
    Declaration { name: "googlenet", build: googlenet::googlenet },
    Declaration { name: "googlenet-naive", build: googlenet::googlenet_naive },
    Declaration { name: "googlenet-torchvision", build: googlenet::googlenet_torchvision },
    Declaration { name: "googlenet-cifar10", build: googlenet::googlenet_cifar10 },
    Declaration { name: "resnet18", build: resnet::resnet18 },
    Declaration { name: "resnet34", build: resnet::resnet34 },
    Declaration { name: "resnet50", build: resnet::resnet50 },
    Declaration { name: "resnet50-paper", build: resnet::resnet50_paper },
    Declaration { name: "resnet101", build: resnet::resnet101 },
    Declaration { name: "resnet152", build: resnet::resnet152 },
    Declaration { name: "resnet18-cifar10", build: resnet::resnet18_cifar10 },
    Declaration { name: "resnet20-cifar", build: resnet::resnet20_cifar },
    Declaration { name: "resnet56-cifar", build: resnet::resnet56_cifar },
    Declaration { name: "plain20-cifar", build: resnet::plain20_cifar },
    Declaration { name: "plain56-cifar", build: resnet::plain56_cifar },
];

/// The names of all networks, in the order of the table.
pub fn names() -> impl Iterator<Item = &'static str> {
    NETWORKS.iter().map(|row| row.name)
}

/// The graph of the network called `name`.
///
/// # Errors
/// [`NetError::UnknownNetwork`] where no network has that name.
pub fn network(name: &str) -> Result<Graph, NetError> {
    match NETWORKS.iter().find(|row| row.name == name) {
        Some(row) => (row.build)(),
        None => Err(NetError::UnknownNetwork { name: name.to_owned(), known: names().collect::<Vec<_>>().join(", ") }),
    }
}
