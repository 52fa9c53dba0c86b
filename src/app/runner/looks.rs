//! Looks at the last pass: reads numbers out of it without running another.

use leptos_i18n::td_string;
use std::sync::Arc;
use words::i18n::Locale;

use leptos::prelude::*;
use leptos::task::spawn_local;

use super::{RUNNER, go_on, settle};
use crate::app::clock::frame;
use crate::app::engines::{Arriving, Engine, Fault, whole};
use crate::app::job::{Job, Look};
use crate::app::lab::Lab;
use crate::app::said::net::net_fault;
use crate::app::said::session::pass_fault;
use engine::gpu::{Read, Reading};
use net::{NetError, NodeId};

/// Reads what is looked at out of the last pass.
pub(super) fn look(lab: Lab) {
    let look = Look::now(lab);
    let graph = lab.graph.get_untracked();
    // There is nothing to look at before the first pass; it will look by itself.
    if lab.frame.read_untracked().is_none() {
        return RUNNER.with_borrow_mut(|runner| runner.wants.look = false);
    }
    let (generation, pending, frame) = RUNNER.with_borrow_mut(|runner| {
        runner.wants.look = false;
        let passed = runner.passed.clone();
        let Some(engine) = &runner.engine else { return (runner.generation, None, None) };
        match engine.direct() {
            Some(side) => {
                let read = Read { slices: look.slices(&graph), extents: false };
                let pending = side.network.read(&read);
                runner.busy = true;
                (runner.generation, Some(pending), None)
            }
            None => (runner.generation, None, look.cut(&graph, &runner.outputs.values, passed)),
        }
    });
    if let Some(frame) = frame {
        lab.frame.set(Some(Arc::new(frame)));
    }
    let Some(pending) = pending else { return };
    spawn_local(async move {
        let reading = match pending {
            Ok(pending) => pending.finish().await.map_err(Fault::from),
            Err(error) => Err(error.into()),
        };
        if let Some(reading) = settle(lab, generation, reading) {
            let passed = RUNNER.with_borrow(|runner| runner.passed.clone());
            if let Some(frame) = look.frame(&graph, reading.slices, passed) {
                lab.frame.set(Some(Arc::new(frame)));
            }
        }
        go_on(lab);
    });
}

/// Why values are not there. In English for scripts.
#[derive(Debug, thiserror::Error)]
pub(in crate::app) enum LookError {
    /// There is no pass to look at.
    #[error("no pass has been run yet")]
    NoPass,
    /// The engine gave nothing.
    #[error("nothing was read back")]
    Nothing,
    /// There is no such node.
    #[error(transparent)]
    Net(#[from] NetError),
    /// The engine failed.
    #[error(transparent)]
    Pass(#[from] Fault),
}

impl LookError {
    /// In words.
    pub(in crate::app) fn text(&self, locale: Locale) -> String {
        match self {
            Self::NoPass => td_string!(locale, stage.no_pass).to_owned(),
            Self::Nothing => td_string!(locale, stage.nothing_read).to_owned(),
            Self::Net(error) => net_fault(locale, error),
            Self::Pass(fault) => pass_fault(locale, fault),
        }
    }
}

/// All values of a node in the pass of what is shown; `logits` are the scores, whatever their node is called.
///
/// # Errors
/// [`LookError`], where there is no pass or no such node.
pub(in crate::app) async fn activation(lab: Lab, name: String) -> Result<Vec<f32>, LookError> {
    wholeness(lab).await?;
    let graph = lab.graph.get_untracked();
    // The reference calls the scores by their meaning as well as by their node.
    let node = if name == "logits" { Ok(graph.logits) } else { graph.find(&name) };
    values_of(lab, vec![node?]).await?.pop().ok_or(LookError::Nothing)
}

/// All values of every node in the pass of what is shown, by node.
///
/// # Errors
/// [`LookError`], where there is no pass.
pub(in crate::app) async fn activations(lab: Lab) -> Result<Vec<Vec<f32>>, LookError> {
    wholeness(lab).await?;
    let nodes = lab.graph.read_untracked().iter().map(|(id, _)| id).collect();
    values_of(lab, nodes).await
}

/// Waits until the engine holds all of one pass: before its first there are zeros in its buffers, and during another some
/// values are of that one and some of the one before. What was given just before is waited for, too.
async fn wholeness(lab: Lab) -> Result<(), LookError> {
    let before = lab.passes.get_untracked();
    loop {
        // A camera or a hand asks for one pass after another: the second to end from now on began after the call.
        let is_newest = lab.passes.get_untracked() >= before + 2;
        let is_whole = RUNNER.with_borrow(|runner| {
            let (is_wanted, is_held) = (runner.wants.pass, runner.last.is_some());
            let is_there = runner.engine.is_some() && (is_held || is_wanted || runner.busy);
            is_there.then_some(is_held && (is_newest || !is_wanted))
        });
        if is_whole.ok_or(LookError::NoPass)? {
            return Ok(());
        }
        frame().await;
    }
}

async fn values_of(lab: Lab, nodes: Vec<NodeId>) -> Result<Vec<Vec<f32>>, LookError> {
    let graph = lab.graph.get_untracked();
    let Job { input, cuts, .. } = Job::new(lab);
    let coming: Arriving = RUNNER.with_borrow_mut(|runner| {
        let held = &runner.outputs.values;
        let kept = |node: &NodeId| held.get(node.0).filter(|values| !values.is_empty()).cloned();
        let kept: Option<Vec<Vec<f32>>> = nodes.iter().map(kept).collect();
        let engine = runner.engine.as_mut().ok_or(LookError::NoPass)?;
        let coming: Arriving = match (engine, kept) {
            (Engine::Gpu(side), _) => {
                let slices = nodes.iter().map(|&node| whole(&graph, node)).collect();
                let read = Read { slices, extents: false };
                let pending = side.network.read(&read).map_err(Fault::from)?;
                Box::pin(async move { Ok(pending.finish().await?) })
            }
            (Engine::Cpu(_), Some(slices)) => Box::pin(async move { Ok(Reading { slices, ..Reading::default() }) }),
            (Engine::Cpu(worker), None) => {
                let pending = worker.beside(&input, nodes, &cuts).map_err(Fault::from)?;
                Box::pin(async move {
                    let outcome = pending.finish(None, &|_| {}).await?;
                    Ok(Reading { slices: outcome.outputs, ..Reading::default() })
                })
            }
        };
        Ok::<_, LookError>(coming)
    })?;
    Ok(coming.await?.slices)
}
