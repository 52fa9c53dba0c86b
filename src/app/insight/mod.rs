//! Insights for the inspector: what a node does to its inputs, beyond its values.

mod addition;
mod average;
mod batch_norm;
mod concatenation;
mod parts;
mod pooling;
mod response;

pub(super) use concatenation::BRANCH_COLOURS;

use leptos_i18n::t_string;
use std::mem::{Discriminant, discriminant};
use std::sync::Arc;
use words::i18n::use_i18n;

use leptos::prelude::*;

use net::{Graph, NodeId};
use scene::Insight;

/// The subject of a view. The view is built again only if the subject changes. If only numbers change, the view stays,
/// and a screen reader keeps its position in it.
#[derive(Debug, Clone, Copy, PartialEq)]
struct Subject {
    kind: Discriminant<Insight>,
    node: NodeId,
    /// Cells in a row of the pictures; 0 without pictures.
    columns: usize,
}

impl Subject {
    fn of(insight: &Insight) -> Self {
        let columns = match insight {
            Insight::Addition(found) => found.columns,
            Insight::Concatenation(_) => 0,
            Insight::MaxPooling(found) => found.columns,
            Insight::ResponseNorm(found) => found.columns,
            Insight::BatchNorm(found) => found.columns,
            Insight::GlobalAverage(found) => found.columns,
        };
        Self { kind: discriminant(insight), node: insight.node(), columns }
    }
}

/// The insight into the current node, if there is one.
#[component]
pub(super) fn InsightView(
    /// The graph of the node.
    #[prop(into)]
    graph: Signal<Arc<Graph>>,
    /// The insight to show.
    #[prop(into)]
    insight: Signal<Option<Insight>>,
) -> impl IntoView {
    let words = use_i18n();
    let subject = Memo::new(move |_| insight.with(|found| found.as_ref().map(Subject::of)));
    move || {
        let Subject { columns, .. } = subject.get()?;
        let view = insight.with_untracked(|found| {
            Some(match found.as_ref()? {
                Insight::Addition(_) => addition::view(graph, insight, columns),
                Insight::Concatenation(_) => concatenation::view(graph, insight),
                Insight::MaxPooling(_) => pooling::view(insight, columns),
                Insight::ResponseNorm(_) => response::view(insight, columns),
                Insight::BatchNorm(_) => batch_norm::view(insight, columns),
                Insight::GlobalAverage(_) => average::view(graph, insight, columns),
            })
        })?;
        Some(view! {
            <section class="insight" aria-label=move || t_string!(words, insight.title)>
                {view}
            </section>
        })
    }
}
