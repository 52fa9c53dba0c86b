//! What a network is: a graph of named operations, with the shapes, counts and receptive fields that follow.
//!
//! Nothing here knows a device or a screen. A network is declared once ([`lenet`] and its like); engines build
//! it, the page draws it, the command line tabulates it, all from the same [`Graph`].

mod bitmaps;
mod expr;
mod graph;
mod lenet;
mod op;
mod ops;
mod receptive;
mod shape;
mod summary;
mod trace;

pub use bitmaps::{BITMAP_HEIGHT, BITMAP_WIDTH, DIGIT_BITMAPS, digit_targets};
pub use expr::Expr;
pub use graph::{Block, BlockId, Builder, Graph, Input, InputKind, Node, NodeId};
pub use lenet::C3_INPUTS;
pub use op::{Op, Operation, SeedRule, TensorSpec, Window};
pub use ops::{Activation, Conv2d, Linear, MaxPool2d, Pointwise, Rbf, Softmax, Subsample, TANH_AMPLITUDE, TANH_SLOPE};
pub use receptive::ReceptiveField;
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
