//! Networks as data: a network is a graph of named operations. Shapes, counts and receptive fields follow from it.
//!
//! This crate knows neither devices nor screens. A network is declared once (for example in [`lenet`]). The engines
//! build it, the page draws it and the command line tabulates it, all from the same [`Graph`].
//!
//! Everything else reads that declaration: the counts with their arithmetic, the layers of the CPU engine, the
//! dispatches of the GPU engine, the stage, the windows under the pointer, and the names of the weights. The trait
//! [`Operation`] has what each operation says about itself: its shape rule, its tensors, its counts, its window, and
//! the channels that it reads.
//!
//! A name finds a network with [`network`], and [`names`] lists all of them. Start reading with [`Graph`], then [`Op`],
//! then one family.

mod ablation;
mod activation;
mod alexnet;
mod bitmaps;
mod builder;
mod channels_read;
mod cifar10_sizes;
mod classes;
mod error;
mod explain;
mod expr;
mod families;
mod formula;
mod googlenet;
mod graph;
mod lenet;
mod memory_budget;
mod memory_needs;
mod operation;
mod ops;
mod options;
pub mod order;
mod receptive;
mod resnet;
mod shape;
mod shared;
mod summary;
mod towers;
mod trace;
mod vary;
mod vgg;

pub use ablation::{Ablation, AblationFactors, AblationPart, Ablations, KernelAblation, MAX_SCALE};
pub use activation::{Activation, TANH_AMPLITUDE, TANH_SLOPE};
pub use bitmaps::{BITMAP_HEIGHT, BITMAP_WIDTH, DIGIT_BITMAPS, digit_targets};
pub use builder::Builder;
pub use channels_read::ChannelsRead;
pub use classes::Classes;
pub use error::{AblationError, NetError};
pub use expr::Expr;
pub use families::{FAMILIES, FamilyInfo, family_info, novelty};
pub use formula::{Formula, Operands, WeightedWindow};
pub use graph::{About, Block, BlockId, BlockKind, Family, Graph, Input, InputKind, Node, NodeId, Remark};
pub use lenet::C3_INPUTS;
pub use memory_budget::{MemoryBudgetError, budget_bytes, check_fits, largest_that_fit};
pub use memory_needs::MemoryNeeds;
pub use operation::{Operation, OperationKind, OperationLabel, SeedRule, TensorSpec, Window};
pub use ops::*;
pub use options::GraphOptions;
pub use receptive::ReceptiveField;
pub use resnet::resnet_of;
pub use shape::Shape;
pub use summary::{LayerRow, Summary, Totals};
pub use trace::TracedPart;

/// One row of the table of networks.
struct Declaration {
    name: &'static str,
    build: fn() -> Result<Graph, NetError>,
}

/// Every network. To add one, add a row here and its declaration.
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

/// Returns the names of all networks, in the order of the table.
pub fn names() -> impl Iterator<Item = &'static str> {
    NETWORKS.iter().map(|row| row.name)
}

/// Returns the graph of the network called `name`.
///
/// # Errors
/// [`NetError::UnknownNetwork`] if no network has that name.
pub fn network(name: &str) -> Result<Graph, NetError> {
    match NETWORKS.iter().find(|row| row.name == name) {
        Some(row) => (row.build)(),
        None => Err(NetError::UnknownNetwork { name: name.to_owned(), known: names().collect::<Vec<_>>().join(", ") }),
    }
}
