//! The page `/bench`: how long a pass of each network takes here, and where the time goes.

mod result;
mod times;

use layerscope_words::i18n::{I18nSubContextProvider, use_i18n};
use leptos::prelude::*;
use leptos::task::spawn_local;
use leptos_i18n::t_string;
use wasm_bindgen::JsValue;
use web_sys::{AbortController, AbortSignal, UrlSearchParams};

pub(super) use times::{Plan, Report, run};

use super::session::{SessionError, Wish};
use super::side_page::SideHeader;
use super::theme;
use super::{api, language};
use crate::net::{self, LINEAGES, Lineage};
use result::Results;

/// The path of the page.
pub(super) const PATH: &str = "/bench";
/// The networks that are chosen at first: one of each family, and the deeper ResNet.
pub(super) const NETWORKS: [&str; 6] =
    ["lenet5-modern", "alexnet-torchvision", "googlenet-torchvision", "resnet18", "resnet50", "vgg16"];
/// Passes that are timed at most where nothing else is said.
pub(super) const PASSES: usize = 20;
/// Seconds for a network on an engine where nothing else is said.
pub(super) const SECONDS: f64 = 10.0;

/// What the page shows follows from this.
#[derive(Clone, Copy)]
struct Bench {
    plan: RwSignal<Plan>,
    /// What is being done; empty where nothing is.
    doing: RwSignal<String>,
    controller: RwSignal<Option<AbortController>, LocalStorage>,
    report: RwSignal<Report>,
    notice: RwSignal<Option<String>>,
}

/// What the address asks for, and whether it is to begin at once.
fn asked() -> (Plan, bool) {
    let search = window().location().search().unwrap_or_default();
    let parameters = UrlSearchParams::new_with_str(&search).ok();
    let get = |name: &str| parameters.as_ref().and_then(|all| all.get(name));
    let all = get("net").unwrap_or_else(|| NETWORKS.join(","));
    let named = |name: &&str| net::names().any(|known| known == *name);
    let engine = |name: &str| match name {
        "gpu" => Some(Wish::Gpu),
        "cpu" => Some(Wish::Cpu),
        _ => None,
    };
    let number = |name: &str| get(name).and_then(|text| text.parse::<f64>().ok()).filter(|number| *number > 0.0);
    let plan = Plan {
        networks: all.split(',').filter(named).map(str::to_owned).collect(),
        engines: get("engine").unwrap_or_else(|| "gpu,cpu".to_owned()).split(',').filter_map(engine).collect(),
        passes: number("passes").map_or(PASSES, |passes| passes as usize),
        seconds: number("seconds").unwrap_or(SECONDS),
    };
    (plan, get("run").is_some())
}

/// The address that asks for a plan.
fn address(plan: &Plan) -> String {
    let engines: Vec<&str> = plan.engines.iter().map(|&engine| times::name(engine)).collect();
    format!(
        "?net={}&engine={}&passes={}&seconds={}",
        plan.networks.join(","),
        engines.join(","),
        plan.passes,
        plan.seconds
    )
}

fn start(bench: Bench) {
    let plan = bench.plan.get_untracked();
    if let Ok(history) = window().history() {
        // An address that stays behind is no loss to the measurement.
        let _ = history.replace_state_with_url(&JsValue::NULL, "", Some(&address(&plan)));
    }
    let controller = AbortController::new().ok();
    let signal = controller.as_ref().map(AbortController::signal);
    bench.controller.set(controller);
    bench.notice.set(None);
    bench.report.set(Report::default());
    bench.doing.set("starting".to_owned());
    spawn_local(async move {
        let result = timed(bench, &plan, signal.as_ref()).await;
        bench.doing.set(String::new());
        bench.controller.set(None);
        match result {
            Ok(report) => bench.report.set(report),
            Err(error) if error.is_abort() => bench.notice.set(Some("Stopped; what was timed is below.".to_owned())),
            Err(error) => bench.notice.set(Some(error.to_string())),
        }
    });
}

async fn timed(bench: Bench, plan: &Plan, signal: Option<&AbortSignal>) -> Result<Report, SessionError> {
    let tell = |doing: &str, report: &Report| {
        bench.doing.set(doing.to_owned());
        if doing.is_empty() {
            bench.report.set(report.clone());
        }
    };
    run(plan, signal, &tell).await
}

/// The whole page.
#[component]
pub(super) fn BenchPage() -> impl IntoView {
    view! {
        <I18nSubContextProvider initial_locale=Signal::stored(language::shown())>
            <Page/>
        </I18nSubContextProvider>
    }
}

/// All that is on it, in a language.
#[component]
fn Page() -> impl IntoView {
    let words = use_i18n();
    let language = language::follow();
    let (plan, at_once) = asked();
    let bench = Bench {
        plan: RwSignal::new(plan),
        doing: RwSignal::new(String::new()),
        controller: RwSignal::new_local(None),
        report: RwSignal::new(Report::default()),
        notice: RwSignal::new(None),
    };
    let dark = RwSignal::new(false);
    theme::follow(dark);
    api::expose_scripts();
    document().set_title("Layerscope: how long a pass takes in this browser");
    if at_once {
        start(bench);
    }
    let running = move || bench.controller.read().is_some();
    let nothing = move || {
        let plan = bench.plan.read();
        plan.networks.is_empty() || plan.engines.is_empty()
    };
    let stop = move |_| {
        if let Some(controller) = bench.controller.read_untracked().as_ref() {
            controller.abort();
        }
    };
    view! {
        <SideHeader name=Signal::derive(move || t_string!(words, bench.page).to_owned()) dark language/>
        <main class="bench">
            <section aria-labelledby="bench-title">
                <h1 id="bench-title">"How long a pass takes here"</h1>
                <p class="soft lead">
                    "Each network gets seeded weights and one picture. A pass runs from giving the picture to having its "
                    "scores. Seconds limit the warm-up and the timed passes; nothing leaves this browser."
                </p>
                <Choices bench/>
                <div class="bench-run">
                    {move || if running() {
                        view! { <button on:click=stop>"Stop"</button> }.into_any()
                    } else {
                        view! { <button class="first" disabled=nothing on:click=move |_| start(bench)>"Time them"</button> }.into_any()
                    }}
                    <p role="status" aria-label="Progress" class="soft">{move || bench.doing.get()}</p>
                </div>
                {move || bench.notice.get().map(|notice| view! { <p role="alert" class="bench-notice">{notice}</p> })}
            </section>
            <Results report=bench.report running=Signal::derive(running)/>
        </main>
    }
}

/// Which networks, on which engines, how often.
#[component]
fn Choices(bench: Bench) -> impl IntoView {
    let plan = bench.plan;
    let network = move |name: &'static str| {
        let chosen = move || plan.read().networks.iter().any(|network| network == name);
        let choose = move |_| {
            plan.update(|plan| {
                let was_chosen = |known: &str| plan.networks.iter().any(|network| network == known);
                // In the order of the table, whatever the order of the clicks.
                let now = net::names().filter(|&known| was_chosen(known) != (known == name));
                plan.networks = now.map(str::to_owned).collect();
            });
        };
        view! { <label><input type="checkbox" prop:checked=chosen on:change=choose/>{name}</label> }
    };
    let family = move |lineage: Lineage| {
        let own = |name: &&str| lineage.variants.iter().any(|(variant, _)| variant == name);
        view! { <fieldset><legend>{lineage.title}</legend>{net::names().filter(own).map(network).collect_view()}</fieldset> }
    };
    let engine = move |(wish, title): (Wish, &'static str)| {
        let chosen = move || plan.read().engines.contains(&wish);
        let choose = move |_| {
            plan.update(|plan| {
                let now = [Wish::Gpu, Wish::Cpu].into_iter();
                plan.engines = now.filter(|one| plan.engines.contains(one) != (*one == wish)).collect();
            });
        };
        view! { <label><input type="checkbox" prop:checked=chosen on:change=choose/>{title}</label> }
    };
    let passes = move |event| {
        if let Ok(passes @ 1..) = event_target_value(&event).parse() {
            plan.update(|plan| plan.passes = passes);
        }
    };
    let seconds = move |event| {
        if let Some(seconds) = event_target_value(&event).parse::<f64>().ok().filter(|seconds| *seconds > 0.0) {
            plan.update(|plan| plan.seconds = seconds);
        }
    };
    view! {
        <div class="choices">
            {LINEAGES.map(family)}
            <fieldset>
                <legend>"Engines"</legend>
                {[(Wish::Gpu, "WebGPU"), (Wish::Cpu, "CPU")].map(engine)}
            </fieldset>
            <fieldset>
                <legend>"At most"</legend>
                <label><input type="number" min="1" max="1000" aria-label="Passes" prop:value=move || plan.read().passes on:change=passes/>"passes"</label>
                <label><input type="number" min="1" max="600" aria-label="Seconds" prop:value=move || plan.read().seconds on:change=seconds/>"seconds each"</label>
            </fieldset>
        </div>
    }
}
