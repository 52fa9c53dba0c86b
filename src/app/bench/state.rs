//! The state of the page, and the start of a measurement.

use std::sync::Arc;

use leptos::prelude::*;
use leptos::task::spawn_local;
use leptos_i18n::td_string;
use wasm_bindgen::JsValue;
use web_sys::{AbortController, AbortSignal};
use words::i18n::Locale;

use super::plan::TimingPlan;
use super::progress::{TimingProgress, TimingStep};
use super::report::TimingReport;
use super::timing::run;
use crate::app::session::SessionError;
use crate::app::wording::language::PARAMETER;
use messages::Explain as _;

/// The state of the page.
#[derive(Clone, Copy)]
pub(super) struct BenchState {
    pub(super) plan: RwSignal<TimingPlan>,
    /// The phase of the measurement.
    pub(super) phase: RwSignal<BenchPhase>,
    pub(super) controller: RwSignal<Option<AbortController>, LocalStorage>,
    pub(super) report: RwSignal<TimingReport>,
    pub(super) notice: RwSignal<Option<BenchNotice>>,
}

/// The phase of the measurement.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum BenchPhase {
    /// No measurement runs.
    Idle,
    /// A measurement begins.
    Starting,
    /// A network is being timed.
    Timing(TimingProgress),
}

impl BenchPhase {
    /// Returns the step as text, empty for [`BenchPhase::Idle`].
    pub(super) fn text(&self, locale: Locale) -> String {
        let TimingProgress { network, engine, step } = match self {
            Self::Idle => return String::new(),
            Self::Starting => return td_string!(locale, bench.doing.starting).to_owned(),
            Self::Timing(progress) => progress,
        };
        let stage = match *step {
            TimingStep::Loading => td_string!(locale, bench.doing.loading).to_owned(),
            TimingStep::WarmUp(pass, max) => td_string!(locale, bench.doing.warm_up, pass = pass, most = max),
            TimingStep::Pass(pass, max) => td_string!(locale, bench.doing.pass, pass = pass, most = max),
            TimingStep::Layers => td_string!(locale, bench.doing.layers).to_owned(),
        };
        let engine = engine.name().to_uppercase();
        td_string!(locale, bench.doing.at, network = network, engine = engine, stage = stage)
    }
}

/// The reason why a measurement ended early.
#[derive(Debug, Clone)]
pub(super) enum BenchNotice {
    /// The reader stopped it.
    Stopped,
    /// It failed.
    Failed(Arc<SessionError>),
}

impl BenchNotice {
    /// Returns the reason as a sentence.
    pub(super) fn text(&self, locale: Locale) -> String {
        match self {
            Self::Stopped => td_string!(locale, bench.stopped).to_owned(),
            Self::Failed(error) => error.text(locale),
        }
    }
}

/// Starts the measurement of the plan, and puts the plan into the address.
pub(super) fn start(state: BenchState, language: Option<&str>) {
    let plan = state.plan.get_untracked();
    let language = language.map(|language| format!("&{PARAMETER}={language}")).unwrap_or_default();
    if let Ok(history) = window().history() {
        // If the history refuses the address, the measurement still runs.
        let _ = history.replace_state_with_url(&JsValue::NULL, "", Some(&format!("{}{language}", plan.query())));
    }
    let controller = AbortController::new().ok();
    let signal = controller.as_ref().map(AbortController::signal);
    state.controller.set(controller);
    state.notice.set(None);
    state.report.set(TimingReport::default());
    state.phase.set(BenchPhase::Starting);
    spawn_local(async move {
        let result = time(state, &plan, signal.as_ref()).await;
        state.phase.set(BenchPhase::Idle);
        state.controller.set(None);
        match result {
            Ok(report) => state.report.set(report),
            Err(error) if error.is_abort() => state.notice.set(Some(BenchNotice::Stopped)),
            Err(error) => state.notice.set(Some(BenchNotice::Failed(Arc::new(error)))),
        }
    });
}

/// Measures and shows the progress.
async fn time(
    state: BenchState,
    plan: &TimingPlan,
    signal: Option<&AbortSignal>,
) -> Result<TimingReport, SessionError> {
    let tell = |progress: Option<TimingProgress>, report: &TimingReport| {
        if progress.is_none() {
            state.report.set(report.clone());
        }
        state.phase.set(progress.map_or(BenchPhase::Idle, BenchPhase::Timing));
    };
    run(plan, signal, &tell).await
}
