//! The page `/bench`: how long a pass of each network takes here, and where the time goes.

mod choices;
mod page;
mod plan;
mod progress;
mod report;
mod results;
mod state;
mod timing;

pub(super) use page::BenchPage;
pub(super) use plan::{TimedEngine, TimingPlan};
pub(super) use progress::TimingProgress;
pub(super) use report::TimingReport;
pub(super) use timing::run;

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
    /// What is being done.
    state: RwSignal<State>,
    controller: RwSignal<Option<AbortController>, LocalStorage>,
    report: RwSignal<Report>,
    notice: RwSignal<Option<Notice>>,
}

/// How far the page is.
#[derive(Debug, Clone, PartialEq)]
enum State {
    /// Nothing is being done.
    Idle,
    /// It begins.
    Starting,
    /// A network is being timed.
    At(Doing),
}

impl State {
    /// In words; nothing where nothing is being done.
    fn text(&self, locale: Locale) -> String {
        let Doing { network, engine, stage } = match self {
            Self::Idle => return String::new(),
            Self::Starting => return td_string!(locale, bench.doing.starting).to_owned(),
            Self::At(doing) => doing,
        };
        let stage = match *stage {
            Stage::Loading => td_string!(locale, bench.doing.loading).to_owned(),
            Stage::WarmUp(pass, most) => td_string!(locale, bench.doing.warm_up, pass = pass, most = most),
            Stage::Pass(pass, most) => td_string!(locale, bench.doing.pass, pass = pass, most = most),
            Stage::Layers => td_string!(locale, bench.doing.layers).to_owned(),
        };
        let engine = times::name(*engine).to_uppercase();
        td_string!(locale, bench.doing.at, network = network, engine = engine, stage = stage)
    }
}

/// Why the timing ended early.
#[derive(Debug, Clone)]
enum Notice {
    /// It was stopped.
    Stopped,
    /// It failed.
    Failed(Arc<SessionError>),
}

impl Notice {
    /// In words.
    fn text(&self, locale: Locale) -> String {
        match self {
            Self::Stopped => td_string!(locale, bench.stopped).to_owned(),
            Self::Failed(error) => error.text(locale),
        }
    }
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

/// The address that asks for a plan, in the language that a person has chosen.
fn address(plan: &Plan, language: Option<&str>) -> String {
    let engines: Vec<&str> = plan.engines.iter().map(|&engine| times::name(engine)).collect();
    format!(
        "?net={}&engine={}&passes={}&seconds={}{}",
        plan.networks.join(","),
        engines.join(","),
        plan.passes,
        plan.seconds,
        language.map(|language| format!("&{PARAMETER}={language}")).unwrap_or_default()
    )
}

fn start(bench: Bench, language: Option<&str>) {
    let plan = bench.plan.get_untracked();
    if let Ok(history) = window().history() {
        // An address that stays behind is no loss to the measurement.
        let _ = history.replace_state_with_url(&JsValue::NULL, "", Some(&address(&plan, language)));
    }
    let controller = AbortController::new().ok();
    let signal = controller.as_ref().map(AbortController::signal);
    bench.controller.set(controller);
    bench.notice.set(None);
    bench.report.set(Report::default());
    bench.state.set(State::Starting);
    spawn_local(async move {
        let result = timed(bench, &plan, signal.as_ref()).await;
        bench.state.set(State::Idle);
        bench.controller.set(None);
        match result {
            Ok(report) => bench.report.set(report),
            Err(error) if error.is_abort() => bench.notice.set(Some(Notice::Stopped)),
            Err(error) => bench.notice.set(Some(Notice::Failed(Arc::new(error)))),
        }
    });
}

async fn timed(bench: Bench, plan: &Plan, signal: Option<&AbortSignal>) -> Result<Report, SessionError> {
    let tell = |doing: Option<Doing>, report: &Report| {
        if doing.is_none() {
            bench.report.set(report.clone());
        }
        bench.state.set(doing.map_or(State::Idle, State::At));
    };
    run(plan, signal, &tell).await
}

/// The whole page.
#[component]
pub(super) fn BenchPage() -> impl IntoView {
    let words = use_i18n();
    let language = language::follow();
    let (plan, at_once) = asked();
    let bench = Bench {
        plan: RwSignal::new(plan),
        state: RwSignal::new(State::Idle),
        controller: RwSignal::new_local(None),
        report: RwSignal::new(Report::default()),
        notice: RwSignal::new(None),
    };
    let dark = RwSignal::new(false);
    theme::follow(dark);
    api::expose_scripts();
    Effect::new(move |_| document().set_title(t_string!(words, bench.document)));
    if at_once {
        start(bench, language.get_untracked().as_deref());
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
                <h1 id="bench-title">{t!(words, bench.heading)}</h1>
                <p class="soft lead">{t!(words, bench.lead)}</p>
                <Choices bench/>
                <div class="bench-run">
                    {move || if running() {
                        view! { <button on:click=stop>{t!(words, bench.stop)}</button> }.into_any()
                    } else {
                        let begin = move |_| start(bench, language.get_untracked().as_deref());
                        view! { <button class="first" disabled=nothing on:click=begin>{t!(words, bench.start)}</button> }.into_any()
                    }}
                    <p role="status" aria-label=move || t_string!(words, bench.progress) class="soft">
                        {move || bench.state.get().text(words.get_locale())}
                    </p>
                </div>
                {move || bench.notice.get().map(|notice| {
                    view! { <p role="alert" class="bench-notice">{move || notice.text(words.get_locale())}</p> }
                })}
            </section>
            <Results report=bench.report running=Signal::derive(running)/>
        </main>
    }
}

/// Which networks, on which engines, how often.
#[component]
fn Choices(bench: Bench) -> impl IntoView {
    let (words, plan) = (use_i18n(), bench.plan);
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
    let family = move |family: FamilyInfo| {
        let own = |name: &&str| family.variants.iter().any(|(variant, _)| variant == name);
        view! { <fieldset><legend>{family.title}</legend>{net::names().filter(own).map(network).collect_view()}</fieldset> }
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
            {FAMILIES.map(family)}
            <fieldset>
                <legend>{t!(words, bench.engines)}</legend>
                {[(Wish::Gpu, "WebGPU"), (Wish::Cpu, "CPU")].map(engine)}
            </fieldset>
            <fieldset>
                <legend>{t!(words, bench.at_most)}</legend>
                <label><input type="number" min="1" max="1000" aria-label=move || t_string!(words, bench.passes_name) prop:value=move || plan.read().passes on:change=passes/>{t!(words, bench.passes)}</label>
                <label><input type="number" min="1" max="600" aria-label=move || t_string!(words, bench.seconds_name) prop:value=move || plan.read().seconds on:change=seconds/>{t!(words, bench.seconds)}</label>
            </fieldset>
        </div>
    }
}
