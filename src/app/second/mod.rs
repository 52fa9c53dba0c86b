//! The second stage: another copy of this page in a frame, which gets the same input and the same steps.

mod input;
mod state;

use input::describe_input;
pub(in crate::app) use input::show;
pub(in crate::app) use state::SecondState;

use leptos_i18n::{Locale as _, t, t_string};

use js_sys::{Function, Reflect};
use leptos::html;
use leptos::prelude::*;
use leptos::task::spawn_local;
use wasm_bindgen::{JsCast, JsValue};
use web_sys::{HtmlIFrameElement, UrlSearchParams};

use super::browser::clock::{next_frame, now_ms};
use super::link;
use super::state::Page;
use super::wording::language::PARAMETER;
use engine::EngineChoice;
use net;

/// How long the page waits for the second stage, in milliseconds.
const PATIENCE_MS: f64 = 60_000.0;

/// Returns `window.layerscope` of the page in a frame; `None` until that page is loaded.
fn layerscope_of(frame: &HtmlIFrameElement) -> Option<JsValue> {
    let window = frame.content_window()?;
    let object = Reflect::get(&window, &"layerscope".into()).ok()?;
    object.is_object().then_some(object)
}

/// Calls a method of `window.layerscope` in a frame. Does nothing if the page in the frame is not loaded.
fn call(frame: &HtmlIFrameElement, method: &str, argument: &JsValue) {
    let Some(object) = layerscope_of(frame) else { return };
    if let Ok(method) = Reflect::get(&object, &method.into())
        && let Some(method) = method.dyn_ref::<Function>()
    {
        let _ = method.call1(&object, argument);
    }
}

/// Opens a second stage with the same network, without ablations.
fn begin(page: Page) {
    let name = page.network.graph().read_untracked().name;
    page.second.show(Some(format!("net={name}")));
}

/// Swaps the networks of both stages, with their ablations and weights. The input stays.
fn swap_networks(page: Page) {
    let second = page.second;
    let Some(Ok(theirs)) = second.state().get_untracked().map(|state| UrlSearchParams::new_with_str(&state)) else {
        return;
    };
    let mine = untrack(|| link::state(page));
    let Ok(next) = UrlSearchParams::new() else { return };
    for (name, value) in mine.iter().filter(|(name, _)| ["net", "cut", "weights", "transform"].contains(name)) {
        // A network opens with the bundled weights by default.
        if value != "bundled" {
            next.set(name, value);
        }
    }
    // The input stays in this stage.
    for (name, value) in mine.iter().filter(|(name, _)| ["input", "photo", "crop", "digit", "ink"].contains(name)) {
        theirs.set(name, value);
    }
    link::go(page, &theirs);
    second.show(Some(next.to_string().into()));
}

/// The button that opens a second stage.
#[component]
pub(in crate::app) fn SecondButton() -> impl IntoView {
    let page = expect_context::<Page>();
    move || {
        page.second.state().read().is_none().then(|| {
            view! {
                <button class="two-button" on:click=move |_| begin(page)>
                    {t!(page.words, second.begin)}
                </button>
            }
        })
    }
}

/// Renders the controls of the second stage: its network, weights and ablations.
fn controls(page: Page) -> impl IntoView {
    let (words, second) = (page.words, page.second);
    let name = Memo::new(move |_| second.get("net").unwrap_or_default());
    let choose = move |event| {
        second.set("cut", None);
        second.set("net", Some(&event_target_value(&event)));
    };
    let option = |name: &'static str| {
        let title = net::network(name).map_or(name, |graph| graph.title);
        view! { <option value=name>{title}</option> }
    };
    let networks = net::names().map(option).collect_view();
    let weights = move || second.get("weights").unwrap_or_default();
    let choose_weights = move |event| {
        let value = event_target_value(&event);
        second.set("weights", Some(value.as_str()).filter(|value| !value.is_empty()));
    };
    let same = Memo::new(move |_| page.network.graph().read().name == name.get());
    let has_ablations = Memo::new(move |_| second.get("cut").is_some());
    let ablation_buttons = move || {
        (same.get() || has_ablations.get()).then(|| {
            let toggle = move |_| {
                let text = untrack(|| page.ablation.text());
                let wanted = !has_ablations.get_untracked() && !text.is_empty();
                second.set("cut", wanted.then_some(text.as_str()));
            };
            let name = move || {
                if has_ablations.get() { t_string!(words, second.whole) } else { t_string!(words, second.same_cuts) }
            };
            let none = move || !has_ablations.get() && page.ablation.ablations().read().is_empty();
            view! {
                <button disabled=none on:click=toggle>
                    {name}
                </button>
            }
        })
    };
    view! {
        <select aria-label=move || t_string!(words, second.network) prop:value=move || name.get() on:change=choose>
            {networks}
        </select>
        <select aria-label=move || t_string!(words, second.weights) prop:value=weights on:change=choose_weights>
            <option value="">{t!(words, second.own)}</option>
            <option value="seed:1">{t!(words, second.untrained)}</option>
        </select>
        {ablation_buttons}
        <button on:click=move |_| swap_networks(page)>{t!(words, second.exchange)}</button>
        <button class="icon" aria-label=move || t_string!(words, second.close) on:click=move |_| second.show(None)>
            "×"
        </button>
    }
}

/// Returns the address of the frame.
///
/// The state may come from a link, with any characters in it. The parameters are encoded one by one, so that none of
/// them can remove the mark of the frame; without it, stages would nest.
fn frame_address(page: Page) -> String {
    let state = page.second.state().get_untracked().unwrap_or_default();
    let Ok(parameters) = UrlSearchParams::new_with_str(&state) else { return String::new() };
    parameters.delete("second");
    // The chosen engine holds for both stages.
    match page.run.choice().get_untracked() {
        EngineChoice::Auto => {}
        choice => parameters.set("engine", choice.name()),
    }
    parameters.set("embed", "second");
    // A later choice of the language reaches the frame through the storage of the browser.
    parameters.set(PARAMETER, page.words.get_locale_untracked().as_str());
    format!("/?{}", String::from(parameters.to_string()))
}

/// The second stage, if there is one.
#[component]
pub(in crate::app) fn SecondStage() -> impl IntoView {
    let page = expect_context::<Page>();
    let (words, second) = (page.words, page.second);
    let is_open = Memo::new(move |_| second.state().read().is_some());
    let node = NodeRef::<html::Iframe>::new();
    // The address is set once. Later changes of the state are sent to the loaded page.
    Effect::new(move |sent: Option<(u32, Option<String>)>| {
        let (state, loads) = (second.state().get(), second.loads.get());
        if let (Some(frame), Some(state), true) = (node.get_untracked(), &state, loads > 0)
            && sent.is_some_and(|(before, old)| before == loads && old.as_ref() != Some(state))
        {
            call(&frame, "go", &state.into());
            // The new state has its own input, so send the current one again.
            call(&frame, "show", &untrack(|| describe_input(page)));
        }
        (loads, state)
    });
    Effect::new(move |_| {
        let loads = second.loads.get();
        // Without a loaded second stage, there is nothing to send to.
        if let (Some(frame), true) = (node.get_untracked(), loads > 0) {
            call(&frame, "show", &describe_input(page));
        }
    });
    Effect::new(move |_| {
        let (loads, step, last) =
            (second.loads.get(), page.selection.step().get(), page.view.steps().read().len().saturating_sub(1));
        if let (Some(frame), true) = (node.get_untracked(), loads > 0) {
            call(&frame, "stepTo", &(step as f64 / last.max(1) as f64).into());
        }
    });
    let loaded = move |_| {
        let Some(inside) = node.get_untracked() else { return };
        spawn_local(async move {
            let since = now_ms();
            while now_ms() - since < PATIENCE_MS {
                if layerscope_of(&inside).is_some() {
                    second.photo.set_value(None);
                    second.loads.update(|loads| *loads += 1);
                    return;
                }
                next_frame().await;
            }
        });
    };
    move || {
        if !is_open.get() {
            second.loads.set(0);
            return None;
        }
        let address = frame_address(page);
        Some(view! {
            <section class="second" aria-label=move || t_string!(words, second.name)>
                <div class="second-head">{controls(page)}</div>
                <iframe node_ref=node title=move || t_string!(words, second.name) src=address on:load=loaded></iframe>
            </section>
        })
    }
}
