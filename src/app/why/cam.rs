//! The class activation map of the current input, computed after every pass from the last feature maps.

use leptos::prelude::*;
use leptos::task::spawn_local;

use super::current::class;
use super::state::{Evidence, EvidenceError, Found, Subject, ask, is_asked};
use crate::app::runner;
use crate::app::state::Page;
use analysis::evidence::{ClassActivation, stretch};
use messages::Explain as _;
use scene::ChannelParameters;

/// Updates the map after every pass while a person asks for it.
pub(super) fn follow(page: Page) {
    Effect::new(move |_| {
        if !page.why.follows().get() {
            return;
        }
        let (Some(readout), Some(of), Some(class)) = (page.run.readout().get(), Subject::now(page), class(page)) else {
            return;
        };
        // A readback of the same pass gives another readout of the same input.
        let known =
            page.why.evidence().read_untracked().as_ref().is_some_and(|known| {
                known.of == of && known.class == class && matches!(known.found, Found::Map { .. })
            });
        if readout.answer.source == of.source && !known {
            find(page, of, class);
        }
    });
}

/// Reads the last feature maps and the weights of the class, and shows the map.
fn find(page: Page, of: Subject, class: usize) {
    let graph = page.network.graph().get_untracked();
    let (Some(cam), Some(opened)) = (ClassActivation::of(&graph), untrack(|| page.network.weights())) else {
        return;
    };
    let question = ask();
    spawn_local(async move {
        let values = runner::activation(page, graph.node(cam.maps).name.clone()).await;
        let row = ChannelParameters::load(&graph, &opened.source, cam.linear, class).await;
        if !is_asked(question) || untrack(|| Subject::now(page)).as_ref() != Some(&of) {
            return;
        }
        let locale = page.words.get_locale_untracked();
        let (values, row) = match (values, row) {
            (Ok(values), Ok(row)) => (values, row),
            (Err(error), _) => return page.why.fail(EvidenceError::NoMap(error.text(locale))),
            (_, Err(error)) => return page.why.fail(EvidenceError::NoMap(error.text(locale))),
        };
        let effects = page.ablation.effects().get_untracked();
        let (_, rows, columns) = graph.node(cam.maps).shape.chw();
        let (_, height, width) = graph.input.shape.chw();
        let values = cam.map(&graph, &effects, &values, row.get("weight").unwrap_or_default());
        let bias = row.get("bias").and_then(|bias| bias.first().copied()).unwrap_or(0.0);
        let pixels = stretch(&values, (rows, columns), (height, width));
        let evidence = Evidence { of, class, found: Found::Map { bias }, positions: (rows, columns), values, pixels };
        page.why.show(evidence);
    });
}
