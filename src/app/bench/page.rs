//! The page `/bench`.

use leptos::prelude::*;
use leptos_i18n::{t, t_string};
use web_sys::UrlSearchParams;
use words::i18n::use_i18n;

use super::choices::Choices;
use super::plan::TimingPlan;
use super::report::TimingReport;
use super::results::Results;
use super::state::{BenchPhase, BenchState, start};
use crate::app::header::side_page::SideHeader;
use crate::app::header::theme;
use crate::app::script::api;
use crate::app::wording::language;

/// Reads the plan from the address of the window, and whether it starts at once.
fn linked_plan() -> (TimingPlan, bool) {
    let search = window().location().search().unwrap_or_default();
    let parameters = UrlSearchParams::new_with_str(&search).ok();
    let get = |name: &str| parameters.as_ref().and_then(|all| all.get(name));
    (TimingPlan::parse(get), get("run").is_some())
}

/// The page `/bench`.
#[component]
pub(crate) fn BenchPage() -> impl IntoView {
    let words = use_i18n();
    let language = language::follow();
    let (plan, starts_at_once) = linked_plan();
    let bench = BenchState {
        plan: RwSignal::new(plan),
        phase: RwSignal::new(BenchPhase::Idle),
        controller: RwSignal::new_local(None),
        report: RwSignal::new(TimingReport::default()),
        notice: RwSignal::new(None),
    };
    let dark = RwSignal::new(false);
    theme::follow(dark);
    api::expose_scripts();
    Effect::new(move |_| document().set_title(t_string!(words, bench.document)));
    if starts_at_once {
        start(bench, language.get_untracked().as_deref());
    }
    let running = move || bench.controller.read().is_some();
    let is_empty = move || {
        let plan = bench.plan.read();
        plan.networks.is_empty() || plan.engines.is_empty()
    };
    let stop = move |_| {
        if let Some(controller) = bench.controller.read_untracked().as_ref() {
            controller.abort();
        }
    };
    view! {
        <SideHeader name=move || t_string!(words, bench.page) dark language />
        <main class="bench">
            <section aria-labelledby="bench-title">
                <h1 id="bench-title">{t!(words, bench.heading)}</h1>
                <p class="soft lead">{t!(words, bench.lead)}</p>
                <Choices plan=bench.plan />
                <div class="bench-run">
                    {move || {
                        if running() {
                            view! { <button on:click=stop>{t!(words, bench.stop)}</button> }.into_any()
                        } else {
                            let begin = move |_| start(bench, language.get_untracked().as_deref());
                            view! {
                                <button class="first" disabled=is_empty on:click=begin>
                                    {t!(words, bench.start)}
                                </button>
                            }
                                .into_any()
                        }
                    }} <p role="status" aria-label=move || t_string!(words, bench.progress) class="soft">
                        {move || bench.phase.get().text(words.get_locale())}
                    </p>
                </div>
                {move || {
                    bench
                        .notice
                        .get()
                        .map(|notice| {
                            view! {
                                <p role="alert" class="bench-notice">
                                    {move || notice.text(words.get_locale())}
                                </p>
                            }
                        })
                }}
            </section>
            <Results report=bench.report running=Signal::derive(running) />
        </main>
    }
}
