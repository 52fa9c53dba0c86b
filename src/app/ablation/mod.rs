//! Parts of the network that are switched off or scaled, and the answers before and after.

mod answers;
mod buttons;
mod list;

use std::borrow::Cow;

pub(super) use buttons::AblationButtons;
pub(super) use list::AblationList;
use net::{AblationFactors, Graph, NodeId, Op};

/// Returns the values of an insight with the ablations applied: the summands of an addition times their factors.
pub(super) fn with_ablations<'a>(
    graph: &Graph,
    effects: &AblationFactors,
    node: NodeId,
    values: &'a [Vec<f32>],
) -> Cow<'a, [Vec<f32>]> {
    let factors = effects.summands(node);
    // The values are x and F(x). The shortcut is the second input of the addition.
    let (Op::Add(_), [branch, shortcut], [x, f]) = (&graph.node(node).op, factors, values) else {
        return Cow::Borrowed(values);
    };
    let times = |values: &[f32], factor: f32| values.iter().map(|value| value * factor).collect();
    Cow::Owned(vec![times(x, *shortcut), times(f, *branch)])
}
