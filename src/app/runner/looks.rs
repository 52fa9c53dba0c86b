//! Looks at the last pass: reads numbers out of it without running another.

use std::sync::Arc;

use leptos::prelude::*;
use leptos::task::spawn_local;

use super::{RUNNER, go_on, settle};
use crate::app::engines::{Arriving, Engine, Fault, whole};
use crate::app::job::{Job, Look};
use crate::app::lab::Lab;
use crate::engine::gpu::{Read, Reading};
use crate::net::NodeId;

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

/// All values of a node of the last pass; `logits` are the scores, whatever their node is called.
///
/// # Errors
/// A sentence, where there is no pass or no such node.
pub(in crate::app) async fn activation(lab: Lab, name: String) -> Result<Vec<f32>, String> {
    let graph = lab.graph.get_untracked();
    // The reference calls the scores by their meaning as well as by their node.
    let node = if name == "logits" { Ok(graph.logits) } else { graph.find(&name) };
    let node = node.map_err(|error| error.to_string())?;
    values_of(lab, vec![node]).await?.pop().ok_or_else(|| "nothing was read back".to_owned())
}

/// All values of every node of the last pass, by node.
///
/// # Errors
/// A sentence, where there is no pass.
pub(in crate::app) async fn activations(lab: Lab) -> Result<Vec<Vec<f32>>, String> {
    let nodes = lab.graph.read_untracked().iter().map(|(id, _)| id).collect();
    values_of(lab, nodes).await
}

async fn values_of(lab: Lab, nodes: Vec<NodeId>) -> Result<Vec<Vec<f32>>, String> {
    let graph = lab.graph.get_untracked();
    let Job { input, cuts, .. } = Job::new(lab);
    let coming: Arriving = RUNNER.with_borrow_mut(|runner| {
        let held = &runner.outputs.values;
        let kept = |node: &NodeId| held.get(node.0).filter(|values| !values.is_empty()).cloned();
        let kept: Option<Vec<Vec<f32>>> = nodes.iter().map(kept).collect();
        let engine = runner.engine.as_mut().ok_or("no pass has been run yet")?;
        let coming: Arriving = match (engine, kept) {
            (Engine::Gpu(side), _) => {
                let slices = nodes.iter().map(|&node| whole(&graph, node)).collect();
                let read = Read { slices, extents: false };
                let pending = side.network.read(&read).map_err(|error| error.to_string())?;
                Box::pin(async move { Ok(pending.finish().await?) })
            }
            (Engine::Cpu(_), Some(slices)) => Box::pin(async move { Ok(Reading { slices, ..Reading::default() }) }),
            (Engine::Cpu(worker), None) => {
                let pending = worker.beside(&input, nodes, &cuts).map_err(|error| error.to_string())?;
                Box::pin(async move {
                    let outcome = pending.finish(None, &|_| {}).await?;
                    Ok(Reading { slices: outcome.outputs, ..Reading::default() })
                })
            }
        };
        Ok::<_, String>(coming)
    })?;
    let reading = coming.await.map_err(|error| error.to_string())?;
    Ok(reading.slices)
}
