//! The messages of the errors of this crate.

use messages::{Explain, Message, display_in_english, message};

use crate::ablation::MAX_SCALE;
use crate::error::{AblationError, NetError};
use crate::memory_budget::MemoryBudgetError;

display_in_english!(NetError, AblationError, MemoryBudgetError);

impl Explain for NetError {
    fn message(&self) -> Message {
        match self {
            Self::UnknownNetwork { name, known } => message!("net.unknown_network", name, known),
            Self::UnknownNode { network, name, known } => message!("net.unknown_layer", network, name, known),
            Self::Ablation { text, reason } => message!("net.cut", text, reason),
            Self::NoTransform { network, known } => message!("net.no_transform", network, known),
            Self::FixedClasses { network, classes } => message!("net.fixed_classes", network, classes),
            Self::Shape { node, reason } => message!("net.shape", node, reason),
        }
    }
}

/// Each message is the end of a sentence.
impl Explain for AblationError {
    fn message(&self) -> Message {
        match self {
            Self::Scale => message!("ablation.scale", most = MAX_SCALE),
            Self::Layer(error) => error.message(),
            Self::NoTowers { network } => message!("ablation.no_towers", network),
            Self::Tower => message!("ablation.tower"),
            Self::Map { layer, last } => message!("ablation.map", layer, last),
            Self::NoKernels { layer } => message!("ablation.no_kernels", layer),
            Self::Reads { layer, map, reads } => message!("ablation.reads", layer, map, reads),
            Self::NoBlock { network, block } => message!("ablation.no_block", network, block),
            Self::NoInception { block } => message!("ablation.no_inception", block),
            Self::InceptionBranch { block, branches } => message!("ablation.branch", block, branches),
            Self::Part { block } => message!("ablation.part", block),
            Self::NoShortcut { block } => message!("ablation.no_shortcut", block),
        }
    }
}

impl Explain for MemoryBudgetError {
    fn message(&self) -> Message {
        let Self { title, needs, budget, largest_that_fit } = self;
        let mb = |bytes: u64| bytes.div_ceil(1_000_000);
        let advice = match largest_that_fit.as_slice() {
            [] => message!("net.room_none"),
            some => message!("net.room_smaller", names = some.join(", ")),
        };
        message!(
            "net.room",
            title,
            all = mb(needs.total_bytes()),
            weights = mb(needs.weight_bytes),
            activations = mb(needs.activation_bytes + needs.input_bytes),
            budget = budget / 1_000_000,
            advice = advice,
        )
    }
}
