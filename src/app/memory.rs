//! What the network on the page needs of this device's memory, and what is kept of a pass.

use leptos::prelude::*;

use super::budget;
use super::engines;
use super::lab::{Lab, Status};
use crate::net::Needs;

/// Bytes as people read them.
pub(super) fn megabytes(bytes: u64) -> String {
    let megabytes = bytes as f64 / 1e6;
    if megabytes < 10.0 { format!("{megabytes:.1} MB") } else { format!("{megabytes:.0} MB") }
}

/// Lines under the weights.
#[component]
pub(super) fn Memory() -> impl IntoView {
    let lab = expect_context::<Lab>();
    let needs = Memo::new(move |_| {
        let graph = lab.graph.read();
        Needs::of(&graph)
    });
    let budget = budget::budget_bytes();
    let kept = move || {
        let graph = lab.graph.read();
        match lab.status.get() {
            // The GPU keeps every output.
            Status::Gpu { .. } => Some(needs.get().activation_bytes + needs.get().input_bytes),
            Status::Cpu { .. } => {
                let nodes = engines::kept(&graph, &lab.scene.read());
                Some(Needs::kept_bytes(&graph, &nodes))
            }
            Status::Starting | Status::Failed => None,
        }
    };
    view! {
        <section class="memory" aria-labelledby="memory-title">
            <h2 id="memory-title" class="caps">"Memory"</h2>
            <dl class="facts">
                <dt>"Weights"</dt><dd>{move || megabytes(needs.get().weight_bytes)}</dd>
                <dt>"Of a pass"</dt><dd>{move || kept().map(|bytes| format!("{} kept", megabytes(bytes)))}</dd>
                <dt>"At most"</dt><dd>{megabytes(budget)}</dd>
            </dl>
        </section>
    }
}
