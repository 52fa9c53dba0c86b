//! The head of the page: the network, the engine, the theme.

use leptos::prelude::*;

use super::format::milliseconds;
use super::lab::{Choice, Lab, Status};
use super::start;
use super::theme::ThemeButton;

/// The variants of the family, by name, as a person reads them.
const VARIANTS: [(&str, &str); 2] = [("lenet5", "as published"), ("lenet5-modern", "as taught today")];

/// The top bar.
#[component]
pub(super) fn Header() -> impl IntoView {
    let lab = expect_context::<Lab>();
    let serving = move || match lab.status.get() {
        Status::Gpu { .. } => "gpu",
        _ => "cpu",
    };
    let light = move || match lab.status.get() {
        Status::Starting => "light starting",
        Status::Failed => "light failed",
        _ => "light",
    };
    let time = move || match (lab.status.get(), lab.frame.read().as_ref()) {
        (Status::Starting, _) => "starting".to_owned(),
        (Status::Failed, _) => "failed".to_owned(),
        (_, Some(frame)) => milliseconds(frame.milliseconds),
        (_, None) => String::new(),
    };
    let detail = move || match lab.status.get() {
        Status::Starting => "The engine is starting.".to_owned(),
        Status::Gpu { adapter, direct: true } => format!("WebGPU on {adapter}. Maps are drawn from its memory."),
        Status::Gpu { adapter, direct: false } => {
            format!("WebGPU on {adapter}. It cannot show its own pictures here, so maps are drawn on a 2D canvas.")
        }
        Status::Cpu { why: Some(why) } => format!("candle on the CPU: {why}"),
        Status::Cpu { why: None } => "candle on the CPU.".to_owned(),
        Status::Failed => "No engine runs; reload the page.".to_owned(),
    };
    let choose = move |event| match event_target_value(&event).as_str() {
        "gpu" => lab.choice.set(Choice::Gpu),
        _ => lab.choice.set(Choice::Cpu),
    };
    view! {
        <header>
            <h1 class="brand">"Layerscope"</h1>
            <p class="family"><span class="dot" aria-hidden="true"></span><b>"LeNet-5"</b>" "<span class="faint">"1998"</span></p>
            <div class="variants" role="group" aria-label="Variant">
                {VARIANTS.map(|(name, words)| view! {
                    <button aria-pressed=move || (lab.graph.read().name == name).to_string()
                        on:click=move |_| start::open_network(lab, name)>{words}</button>
                })}
            </div>
            <span class="spring"></span>
            <div class="badge" title=detail>
                <span class=light aria-hidden="true"></span>
                <select aria-label="Engine" prop:value=serving on:change=choose>
                    <option value="gpu">"WebGPU"</option>
                    <option value="cpu">"CPU"</option>
                </select>
                <span class="time" aria-label="Time of the last pass">{time}</span>
            </div>
            <ThemeButton dark=lab.dark/>
        </header>
        {move || lab.notice.get().map(|notice| view! {
            <div class="notice" role="alert">
                <p>{notice}</p>
                <button aria-label="Dismiss" on:click=move |_| lab.notice.set(None)>"×"</button>
            </div>
        })}
    }
}
