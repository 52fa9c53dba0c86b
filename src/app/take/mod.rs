//! Take it away: the stage and its maps as files, the activations, the link, and a frame for other pages.

mod files;
mod stage;

use std::pin::Pin;

use leptos::prelude::*;
use leptos::task::spawn_local;
use wasm_bindgen::JsValue;
use wasm_bindgen_futures::JsFuture;

use super::lab::Lab;
use super::link;

/// What is on its way; the error is a sentence's end.
type Taking = Pin<Box<dyn Future<Output = Result<String, String>>>>;

/// An error of the browser's, as words.
fn words(error: &JsValue) -> String {
    super::store::message(error)
}

/// Puts text on the clipboard.
async fn copy(text: String) -> Result<(), String> {
    let promise = window().navigator().clipboard().write_text(&text);
    JsFuture::from(promise).await.map(|_| ()).map_err(|error| words(&error))
}

/// Copies the page's address as it is now.
async fn take_link(lab: Lab) -> Result<String, String> {
    copy(untrack(|| link::address(lab, false))).await?;
    Ok("The link is on the clipboard.".to_owned())
}

/// Copies a frame with the stage as it is now.
async fn take_frame(lab: Lab) -> Result<String, String> {
    let address = untrack(|| link::address(lab, true)).replace('&', "&amp;");
    copy(format!("<iframe src=\"{address}\" title=\"Layerscope\" width=\"960\" height=\"600\"></iframe>")).await?;
    Ok("The frame for your page is on the clipboard.".to_owned())
}

/// The disclosure named "Take it away".
#[component]
pub(super) fn TakeAway() -> impl IntoView {
    let lab = expect_context::<Lab>();
    let said = RwSignal::new(String::new());
    let button = move |name: &'static str, take: fn(Lab) -> Taking| {
        let press = move |_| {
            said.set(String::new());
            spawn_local(async move {
                said.set(match take(lab).await {
                    Ok(text) => text,
                    Err(reason) => format!("This could not be taken away: {reason}."),
                });
            });
        };
        view! { <button on:click=press>{name}</button> }
    };
    view! {
        <section class="take" aria-label="Take it away">
            <details>
                <summary><span class="caps">"Take it away"</span></summary>
                <div class="take-body">
                    {button("Save the stage as PNG", |lab| Box::pin(stage::png(lab)))}
                    {button("Save the architecture as SVG", |lab| Box::pin(files::architecture(lab)))}
                    {button("Save this map as PNG", |lab| Box::pin(files::map_png(lab)))}
                    {button("Save this map as CSV", |lab| Box::pin(files::map_csv(lab)))}
                    {button("Save this map as .npy", |lab| Box::pin(files::map_npy(lab)))}
                    {button("Save all activations as .safetensors", |lab| Box::pin(files::activations(lab)))}
                    {button("Copy the link", |lab| Box::pin(take_link(lab)))}
                    {button("Copy a frame for another page", |lab| Box::pin(take_frame(lab)))}
                    <p class="soft small" role="status" aria-label="What was taken away">{said}</p>
                </div>
            </details>
        </section>
    }
}
