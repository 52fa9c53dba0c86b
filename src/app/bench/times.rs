//! Times passes of networks on the engines of this browser.

use std::cell::RefCell;
use std::fmt;
use std::sync::Arc;

use serde::Serialize;
use web_sys::AbortSignal;

use crate::app::clock::now_ms;
use crate::app::session::{self, Demand, SessionError, Source, Wish};
use crate::app::store::Watch;
use crate::app::worker::Step;
use analysis::timing::{BenchRow, LayerTime, STEP_PASSES, TimedStep};
use net::Graph;

/// Passes before the clock runs, so that caches and pipelines are warm, at most.
const WARM_UP: usize = 3;
/// Milliseconds of passes that steps are timed in: the clock of a page that is not isolated tells tenths of one.
const LEAST_MS: f64 = 20.0;

/// What is to be timed.
#[derive(Debug, Clone, PartialEq)]
pub(in crate::app) struct Plan {
    /// Networks by name, in the order in which they run.
    pub(in crate::app) networks: Vec<String>,
    /// `Gpu` and `Cpu`, in the order in which they run.
    pub(in crate::app) engines: Vec<Wish>,
    /// Passes that are timed on each, at most.
    pub(in crate::app) passes: usize,
    /// Seconds after which no further pass begins.
    pub(in crate::app) seconds: f64,
}

/// What came of a plan: what `layerscope bench --format json` prints, and beside it what is of this browser.
#[derive(Debug, Clone, Default, Serialize)]
pub(in crate::app) struct Report {
    /// The browser as it calls itself.
    pub(in crate::app) browser: String,
    /// What was timed.
    pub(in crate::app) rows: Vec<BenchRow>,
    /// What could not be.
    pub(in crate::app) failures: Vec<Failure>,
}

/// A network that an engine does not run.
#[derive(Debug, Clone, Serialize)]
pub(in crate::app) struct Failure {
    /// The network.
    pub(in crate::app) network: String,
    /// `cpu` or `gpu`.
    pub(in crate::app) engine: &'static str,
    /// Why, in English.
    pub(in crate::app) reason: String,
    /// The same, which the page puts into its language.
    #[serde(skip)]
    pub(in crate::app) error: Arc<SessionError>,
}

/// What is being done for a network on an engine.
#[derive(Debug, Clone, PartialEq)]
pub(in crate::app) struct Doing {
    /// The network.
    pub(in crate::app) network: String,
    /// The engine.
    pub(in crate::app) engine: Wish,
    /// How far it is.
    pub(in crate::app) stage: Stage,
}

/// How far the timing of a network is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::app) enum Stage {
    /// The network is being loaded.
    Loading,
    /// Passes before the clock runs: which of how many.
    WarmUp(usize, usize),
    /// Passes that are timed: which of how many.
    Pass(usize, usize),
    /// Each layer is timed.
    Layers,
}

/// In English, for scripts.
impl fmt::Display for Doing {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} on the {}: ", self.network, name(self.engine).to_uppercase())?;
        match self.stage {
            Stage::Loading => f.write_str("loading"),
            Stage::WarmUp(pass, most) => write!(f, "warming up, pass {pass} of {most}"),
            Stage::Pass(pass, most) => write!(f, "pass {pass} of {most}"),
            Stage::Layers => f.write_str("timing each layer"),
        }
    }
}

/// The engine's name.
pub(in crate::app) fn name(engine: Wish) -> &'static str {
    if engine == Wish::Cpu { "cpu" } else { "gpu" }
}

/// Times all of a plan. `tell` is given what is being done, nothing between two networks, and what is there so far.
///
/// # Errors
/// [`SessionError::Cancelled`] where `signal` stopped it; what was timed until then was told.
pub(in crate::app) async fn run(
    plan: &Plan,
    signal: Option<&AbortSignal>,
    tell: &dyn Fn(Option<Doing>, &Report),
) -> Result<Report, SessionError> {
    let agent = leptos::prelude::window().navigator().user_agent().unwrap_or_default();
    let mut report = Report { browser: agent, ..Report::default() };
    for network in &plan.networks {
        for &engine in &plan.engines {
            let said = |stage: Stage| tell(Some(Doing { network: network.clone(), engine, stage }), &report);
            match time(network, engine, plan, signal, &said).await {
                Ok(row) => report.rows.push(row),
                Err(error) if error.is_abort() => return Err(SessionError::Cancelled),
                Err(error) => {
                    let (reason, error) = (error.to_string(), Arc::new(error));
                    report.failures.push(Failure { network: network.clone(), engine: name(engine), reason, error });
                }
            }
            tell(None, &report);
        }
    }
    Ok(report)
}

/// One network on one engine, with seeded weights over a made-up picture.
async fn time(
    network: &str,
    engine: Wish,
    plan: &Plan,
    signal: Option<&AbortSignal>,
    tell: &dyn Fn(Stage),
) -> Result<BenchRow, SessionError> {
    tell(Stage::Loading);
    let watch = Watch { progress: Box::new(|_| {}), signal: signal.cloned() };
    let loaded = session::load(network, Source::seed(1), &watch).await?;
    let graph: &Graph = &loaded.graph;
    let input: Vec<f32> = (0..graph.input.shape.elements()).map(|i| (i * 37 % 101) as f32 / 100.0).collect();
    let several = async |stage: fn(usize, usize) -> Stage, most: usize| -> Result<Vec<f64>, SessionError> {
        let start = now_ms();
        let mut times = Vec::new();
        while times.len() < most && (times.is_empty() || now_ms() - start < 1e3 * plan.seconds) {
            tell(stage(times.len() + 1, most));
            times.push(pass(graph, &input, engine, signal, &|_| {}).await?);
        }
        Ok(times)
    };
    several(Stage::WarmUp, WARM_UP).await?;
    let times = several(Stage::Pass, plan.passes).await?;
    tell(Stage::Layers);
    let runs = layers(graph, &input, engine, signal).await?;
    let adapter = if engine == Wish::Cpu { String::new() } else { session::adapter() };
    Ok(BenchRow::new(graph, name(engine), &adapter, times, LayerTime::from_passes(graph, &runs)))
}

/// Milliseconds from giving a picture to having its scores.
async fn pass(
    graph: &Graph,
    input: &[f32],
    engine: Wish,
    signal: Option<&AbortSignal>,
    steps: &dyn Fn(Step),
) -> Result<f64, SessionError> {
    let start = now_ms();
    let outcome = session::run(input, &[graph.logits], Demand::of(engine), signal, steps).await?;
    let milliseconds = now_ms() - start;
    match outcome.note {
        // Another engine is never taken without a word.
        Some(note) if outcome.engine != name(engine) => Err(SessionError::NotServed(note)),
        _ => Ok(milliseconds),
    }
}

/// Several times all steps of a pass, each timed by itself.
async fn layers(
    graph: &Graph,
    input: &[f32],
    engine: Wish,
    signal: Option<&AbortSignal>,
) -> Result<Vec<Vec<TimedStep>>, SessionError> {
    let mut runs = Vec::new();
    for _ in 0..STEP_PASSES {
        if signal.is_some_and(AbortSignal::aborted) {
            return Err(SessionError::Cancelled);
        }
        runs.push(match session::profile_gpu().await? {
            Some(profile) if engine == Wish::Gpu => profile,
            _ => steps(graph, input, engine, signal).await?,
        });
    }
    Ok(runs)
}

/// The steps of a pass, each with its mean over as many passes as the clock needs.
async fn steps(
    graph: &Graph,
    input: &[f32],
    engine: Wish,
    signal: Option<&AbortSignal>,
) -> Result<Vec<TimedStep>, SessionError> {
    let sums: RefCell<Vec<TimedStep>> = RefCell::default();
    let (mut passes, mut spent) = (0, 0.0);
    while spent < LEAST_MS {
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
