//! The top bar of the page: the networks, the engine, the language, the theme, and notices.

pub mod side_page;
pub mod theme;

use leptos::prelude::*;
use leptos_i18n::{t, t_string};
use words::i18n::use_i18n;

use super::components::deferred::Deferred;
use super::start;
use super::state::{EngineStatus, Page};
use super::wording::families;
use super::wording::format::{milliseconds, size};
use super::wording::language::LanguageChoice;
use engine::{EngineChoice, EngineKind};
use messages::Explain as _;
use net::{self, FAMILIES, MemoryNeeds, family_info};
use side_page::page_address;
use theme::ThemeButton;

/// Opens a network, or shows a notice with the reason why it cannot be opened.
fn open(page: Page, name: &str) {
    if let Err(unopened) = start::open_network(page, name) {
        page.notices.show(|locale| unopened.text(locale));
    }
}

/// The families of networks, in the order of their years.
#[component]
fn Timeline() -> impl IntoView {
    let page = expect_context::<Page>();
    let family = Memo::new(move |_| page.network.graph().read().family);
    let years = FAMILIES.iter().map(|info| {
        let now = move || family.get() == info.family;
        let open = move |_| {
            // A press on the current family changes nothing.
            if !now() {
                open(page, info.default_network);
            }
        };
        let new = move || families::new(page.words.get_locale(), info.family);
        view! {
            <li>
                <button aria-current=move || now().then_some("true") title=new on:click=open>
                    <span class="dot" aria-hidden="true"></span>
                    <b>{info.title}</b>
                    " "
                    <span class="faint">{info.year}</span>
                </button>
            </li>
        }
    });
    view! {
        <nav class="timeline" aria-label=move || t_string!(page.words, stage.families)>
            <ol>{years.collect_view()}</ol>
        </nav>
        <Deferred>
            <Variants />
        </Deferred>
    }
}

/// The variants of the current family.
#[component]
fn Variants() -> impl IntoView {
    let page = expect_context::<Page>();
    let family = Memo::new(move |_| page.network.graph().read().family);
    let network = Memo::new(move |_| page.network.graph().read().name);
    let choose = move |event| open(page, &event_target_value(&event));
    let variants = move || {
        let one = |(name, english): &(&'static str, &'static str)| {
            let (name, english) = (*name, *english);
            // The option shows the memory of a network before it is loaded.
            let needs = net::network(name).map(|graph| size(MemoryNeeds::of(&graph).total_bytes())).unwrap_or_default();
            let text = move || {
                let variant = families::variant(page.words.get_locale(), name).unwrap_or(english);
                t_string!(page.words, stage.variant_needs, variant = variant, needs = needs.clone())
            };
            view! {
                <option value=name selected=move || network.get() == name>
                    {text}
                </option>
            }
        };
        family_info(family.get()).variants.iter().map(one).collect_view()
    };
    view! {
        <select
            class="variant"
            aria-label=move || t_string!(page.words, stage.variant)
            prop:value=move || network.get()
            on:change=choose
        >
            {variants}
        </select>
    }
}

/// The top bar, with the notices below it.
#[component]
pub(super) fn Header() -> impl IntoView {
    let (words, page) = (use_i18n(), expect_context::<Page>());
    // While no engine runs, the list shows what was chosen.
    let serving = move || match page.run.status().get() {
        EngineStatus::Gpu { .. } => EngineKind::Gpu.name(),
        EngineStatus::Cpu { .. } => EngineKind::Cpu.name(),
        EngineStatus::Starting | EngineStatus::Failed => page.run.choice().get().name(),
    };
    let last_ms = Memo::new(move |_| page.run.readout().read().as_ref().map(|readout| readout.milliseconds));
    let light = move || match page.run.status().get() {
        EngineStatus::Starting => "light starting",
        EngineStatus::Failed => "light failed",
        _ => "light",
    };
    let time = move || match (page.run.status().get(), last_ms.get()) {
        (EngineStatus::Starting, _) => t_string!(words, stage.status.starting).to_owned(),
        (EngineStatus::Failed, _) => t_string!(words, stage.status.failed).to_owned(),
        (_, Some(last_ms)) => milliseconds(last_ms),
        (_, None) => String::new(),
    };
    let detail = move || match page.run.status().get() {
        EngineStatus::Starting => t_string!(words, stage.status.is_starting).to_owned(),
        EngineStatus::Gpu { adapter, direct: true } => t_string!(words, stage.status.gpu, adapter = adapter),
        EngineStatus::Gpu { adapter, direct: false } => t_string!(words, stage.status.gpu_2d, adapter = adapter),
        EngineStatus::Cpu { why: Some(why) } => {
            t_string!(words, stage.status.cpu_why, why = why.text(words.get_locale()))
        }
        EngineStatus::Cpu { why: None } => t_string!(words, stage.status.cpu).to_owned(),
        EngineStatus::Failed => t_string!(words, stage.status.none).to_owned(),
    };
    let choose = move |event| {
        if let Some(choice) = EngineChoice::named(&event_target_value(&event)) {
            page.run.choose(choice);
        }
    };
    view! {
        <header>
            <h1 class="brand">"Layerscope"</h1>
            <Deferred>
                <Timeline />
            </Deferred>
            <div class="head-end">
                <a class="elsewhere" href=move || page_address("/learn", page.language.get().as_deref())>
                    {t!(words, stage.learn)}
                </a>
                <a class="elsewhere" href=move || page_address("/compare", page.language.get().as_deref())>
                    {t!(words, stage.compare)}
                </a>
                <div class="badge" title=detail>
                    <span class=light aria-hidden="true"></span>
                    <select aria-label=move || t_string!(words, stage.engine) prop:value=serving on:change=choose>
                        <option value="auto">{t!(words, stage.automatic)}</option>
                        <option value="gpu">"WebGPU"</option>
                        <option value="cpu">"CPU"</option>
                    </select>
                    <span class="time" aria-label=move || t_string!(words, stage.last_pass)>
                        {time}
                    </span>
                </div>
                <LanguageChoice />
                <ThemeButton dark=page.appearance.dark />
            </div>
        </header>
        {move || {
            page.network
                .offered()
                .map(|choice| {
                    let address = choice.to_link().unwrap_or_default();
                    let asks = move || t_string!(words, supply.asks, address = address.clone());
                    let answer = move |accept| move |_| page.network.answer_offer(accept);
                    view! {
                        <div class="notice" role="alert">
                            <p>{asks}</p>
                            <button on:click=answer(true)>{t!(words, supply.asks_load)}</button>
                            <button aria-label=move || t_string!(words, supply.asks_not) on:click=answer(false)>
                                "×"
                            </button>
                        </div>
                    }
                })
        }}
        {move || {
            page.notices
                .text()
                .get()
                .map(|notice| {
                    view! {
                        <div class="notice" role="alert">
                            <p>{notice}</p>
                            <button
                                aria-label=move || t_string!(words, stage.dismiss)
                                on:click=move |_| page.notices.dismiss()
                            >
                                "×"
                            </button>
                        </div>
                    }
                })
        }}
    }
}
