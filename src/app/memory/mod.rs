//! The memory that the network of the page needs.

pub(super) mod budget;

use leptos::prelude::*;
use leptos_i18n::{t, t_string};
use words::i18n::use_i18n;

use super::runner;
use super::state::{EngineStatus, Page};
use super::wording::format::size;
use net::MemoryNeeds;

/// The memory of the weights and of a pass, and the budget of the page, below the weights.
#[component]
pub(super) fn Memory() -> impl IntoView {
    let (words, page) = (use_i18n(), expect_context::<Page>());
    let needs = Memo::new(move |_| {
        let graph = page.network.graph().read();
        MemoryNeeds::of(&graph)
    });
    let budget = budget::budget_bytes();
    let kept = move || {
        let graph = page.network.graph().read();
        match page.run.status().get() {
            // The GPU keeps every output.
            EngineStatus::Gpu { .. } => Some(needs.get().activation_bytes + needs.get().input_bytes),
            EngineStatus::Cpu { .. } => {
                let nodes = runner::kept(&graph, &page.view.scene().read());
                // The page has the kept outputs, and the worker keeps them, too, to continue from them after an
                // ablation.
                Some(2 * MemoryNeeds::kept_bytes(&graph, &nodes))
            }
            EngineStatus::Starting | EngineStatus::Failed => None,
        }
    };
    view! {
        <section class="memory" aria-labelledby="memory-title">
            <h2 id="memory-title" class="caps">
                {t!(words, stage.memory.title)}
            </h2>
            <dl class="facts">
                <dt>{t!(words, stage.memory.weights)}</dt>
                <dd>{move || size(needs.get().weight_bytes)}</dd>
                <dt>{t!(words, stage.memory.pass)}</dt>
                <dd>{move || kept().map(|bytes| t_string!(words, stage.memory.kept, size = size(bytes)))}</dd>
                <dt>{t!(words, stage.memory.most)}</dt>
                <dd>{size(budget)}</dd>
            </dl>
        </section>
    }
}
