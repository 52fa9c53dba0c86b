//! The class activation map of what is shown: a look at the last maps, after every pass.

use std::sync::Arc;

use leptos::prelude::*;
use leptos::task::spawn_local;

use super::{Evidence, Found, Subject, Trouble, ask, class, is_asked};
use crate::app::lab::Lab;
use crate::app::runner;
use crate::app::said::weights::weights_fault;
use analysis::evidence::{ClassActivation, stretched};
use scene::Row;

/// Has the map follow what is shown, as long as it is asked for.
pub(super) fn follow(lab: Lab) {
    Effect::new(move |_| {
        if !lab.why.follows.get() {
            return;
        }
        let (Some(frame), Some(of), Some(class)) = (lab.frame.get(), Subject::now(lab), class(lab)) else { return };
        // A look at the last pass is another frame of the same.
        let known =
            lab.why.evidence.read_untracked().as_ref().is_some_and(|known| {
                known.of == of && known.class == class && matches!(known.found, Found::Map { .. })
            });
        if frame.source == of.source && !known {
            find(lab, of, class);
        }
    });
}

/// Reads the last maps and the class's weights.
fn find(lab: Lab, of: Subject, class: usize) {
    let graph = lab.graph.get_untracked();
    let (Some(cam), Some(opened)) = (ClassActivation::of(&graph), lab.supply.opened.get_untracked()) else { return };
    let question = ask();
    spawn_local(async move {
        let values = runner::activation(lab, graph.node(cam.maps).name.clone()).await;
        let row = Row::load(&graph, &opened.source, cam.linear, class).await;
        if !is_asked(question) || untrack(|| Subject::now(lab)).as_ref() != Some(&of) {
            return;
        }
        let (values, row) = match (values, row) {
            (Ok(values), Ok(row)) => (values, row),
            (Err(error), _) => {
                let text = error.text(lab.words.get_locale_untracked());
                return lab.why.said.set(Some(Trouble::NoMap(text)));
            }
            (_, Err(error)) => {
                let text = weights_fault(lab.words.get_locale_untracked(), &error);
                return lab.why.said.set(Some(Trouble::NoMap(text)));
            }
        };
        let effects = lab.cutting.effects.get_untracked();
        let (_, rows, columns) = graph.node(cam.maps).shape.chw();
        let (_, height, width) = graph.input.shape.chw();
        let values = cam.map(&graph, &effects, &values, row.get("weight").unwrap_or_default());
        let bias = row.get("bias").and_then(|bias| bias.first().copied()).unwrap_or(0.0);
        let pixels = stretched(&values, (rows, columns), (height, width));
        let evidence = Evidence { of, class, found: Found::Map { bias }, places: (rows, columns), values, pixels };
        lab.why.said.set(None);
        lab.why.evidence.set(Some(Arc::new(evidence)));
    });
}
