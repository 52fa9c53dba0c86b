//! Times passes of networks on the engines of this browser.

use std::cell::RefCell;
use std::sync::Arc;

use web_sys::AbortSignal;

use super::plan::TimingPlan;
use super::progress::{TimingProgress, TimingStep};
use super::report::{TimingFailure, TimingReport};
use crate::app::browser::clock::now_ms;
use crate::app::session::{self, EngineRequest, SessionError, WeightsRequest};
use crate::app::store::ProgressMonitor;
use crate::app::worker::Step;
use analysis::timing::{BenchRow, LayerTime, STEP_PASSES, TimedStep};
use engine::{EngineChoice, EngineKind};
use net::Graph;

/// The most passes before the measurement, which warm caches and pipelines.
const MAX_WARM_UP: usize = 3;
/// The least total time of passes for timing steps, in milliseconds. The clock of a page that is not isolated has a
/// resolution of 0.1 ms.
const MIN_STEPS_MS: f64 = 20.0;

/// Times every network of a plan on every engine. Calls `tell` with the measurement in progress, or `None` between two
/// networks, and the report so far.
///
/// # Errors
/// [`SessionError::Cancelled`] if `signal` aborted; `tell` has the report up to then.
pub(crate) async fn run(
    plan: &TimingPlan,
    signal: Option<&AbortSignal>,
    tell: &dyn Fn(Option<TimingProgress>, &TimingReport),
) -> Result<TimingReport, SessionError> {
    let agent = leptos::prelude::window().navigator().user_agent().unwrap_or_default();
    let mut report = TimingReport { browser: agent, ..TimingReport::default() };
    for network in &plan.networks {
        for &engine in &plan.engines {
            let tell_step = |step| tell(Some(TimingProgress { network: network.clone(), engine, step }), &report);
            match time_network(network, engine, plan, signal, &tell_step).await {
                Ok(row) => report.rows.push(row),
                Err(error) if error.is_abort() => return Err(SessionError::Cancelled),
                Err(error) => {
                    let (reason, error) = (error.to_string(), Arc::new(error));
                    report.failures.push(TimingFailure {
                        network: network.clone(),
                        engine: engine.name(),
                        reason,
                        error,
                    });
                }
            }
            tell(None, &report);
        }
    }
    Ok(report)
}

/// Times one network on one engine, with seeded weights and a synthetic picture.
async fn time_network(
    network: &str,
    engine: EngineKind,
    plan: &TimingPlan,
    signal: Option<&AbortSignal>,
    tell: &dyn Fn(TimingStep),
) -> Result<BenchRow, SessionError> {
    tell(TimingStep::Loading);
    let watch = ProgressMonitor { progress: Box::new(|_| {}), signal: signal.cloned() };
    let loaded = session::load(network, WeightsRequest::seed(1), &watch).await?;
    let graph: &Graph = &loaded.graph;
    let input: Vec<f32> = (0..graph.input.shape.elements()).map(|i| (i * 37 % 101) as f32 / 100.0).collect();
    let time_passes = async |step: fn(usize, usize) -> TimingStep, max: usize| -> Result<Vec<f64>, SessionError> {
        let start = now_ms();
        let mut times = Vec::new();
        while times.len() < max && (times.is_empty() || now_ms() - start < 1e3 * plan.seconds) {
            tell(step(times.len() + 1, max));
            times.push(pass(graph, &input, engine, signal, &|_| {}).await?);
        }
        Ok(times)
    };
    time_passes(TimingStep::WarmUp, MAX_WARM_UP).await?;
    let times = time_passes(TimingStep::Pass, plan.passes).await?;
    tell(TimingStep::Layers);
    let runs = time_steps(graph, &input, engine, signal).await?;
    let adapter = if engine == EngineKind::Cpu { String::new() } else { session::adapter() };
    Ok(BenchRow::new(graph, engine.name(), &adapter, times, LayerTime::from_passes(graph, &runs)))
}

/// Runs one pass. Returns the milliseconds from the picture to its scores.
async fn pass(
    graph: &Graph,
    input: &[f32],
    engine: EngineKind,
    signal: Option<&AbortSignal>,
    steps: &dyn Fn(Step),
) -> Result<f64, SessionError> {
    let start = now_ms();
    let outcome =
        session::run(input, &[graph.logits], EngineRequest::new(EngineChoice::Only(engine)), signal, steps).await?;
    let milliseconds = now_ms() - start;
    match outcome.note {
        // A pass that another engine took over does not count.
        Some(note) if outcome.engine != engine => Err(SessionError::EngineUnused(note)),
        _ => Ok(milliseconds),
    }
}

/// Times all steps of a pass, several times.
async fn time_steps(
    graph: &Graph,
    input: &[f32],
    engine: EngineKind,
    signal: Option<&AbortSignal>,
) -> Result<Vec<Vec<TimedStep>>, SessionError> {
    let mut runs = Vec::new();
    for _ in 0..STEP_PASSES {
        if signal.is_some_and(AbortSignal::aborted) {
            return Err(SessionError::Cancelled);
        }
        runs.push(match session::profile_gpu().await? {
            Some(profile) if engine == EngineKind::Gpu => profile,
            _ => mean_steps(graph, input, engine, signal).await?,
        });
    }
    Ok(runs)
}

/// Times every step of a pass, as the mean over as many passes as the clock needs.
async fn mean_steps(
    graph: &Graph,
    input: &[f32],
    engine: EngineKind,
    signal: Option<&AbortSignal>,
) -> Result<Vec<TimedStep>, SessionError> {
    let sums: RefCell<Vec<TimedStep>> = RefCell::default();
    let (mut passes, mut spent) = (0, 0.0);
    while spent < MIN_STEPS_MS {
        let note = |step: Step| {
            let mut sums = sums.borrow_mut();
            match sums.get_mut(step.done - 1) {
                Some((_, _, sum)) => *sum += step.milliseconds,
                None => sums.push((Some(step.node), None, step.milliseconds)),
            }
        };
        spent += pass(graph, input, engine, signal, &note).await?;
        passes += 1;
    }
    let mean = |(node, kernel, sum)| (node, kernel, sum / f64::from(passes));
    Ok(sums.into_inner().into_iter().map(mean).collect())
}
