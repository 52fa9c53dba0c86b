//! Take it away: the stage and its maps as files, the activations, the link, and a frame for other pages.

mod files;
mod stage;

use leptos_i18n::{t, t_string, td_string};
use messages::Explain as _;
use std::pin::Pin;
use words::i18n::{Locale, use_i18n};

use leptos::prelude::*;
use leptos::task::spawn_local;
use wasm_bindgen::JsValue;

use super::clipboard::{CopyError, copy};
use super::link;
use super::runner::ReadbackError;
use super::state::Page;

/// What was taken away.
#[derive(Debug, Clone, PartialEq)]
enum Taken {
    /// The link, on the clipboard.
    Link,
    /// The frame, on the clipboard.
    Frame,
    /// A file of this name.
    File(String),
}

/// Why something could not be taken away.
#[derive(Debug)]
enum TakeError {
    /// There is no pass.
    Nothing,
    /// The browser gives no canvas.
    Canvas,
    /// The script that draws the stage does not arrive.
    Script,
    /// What arrived is another script.
    OtherScript,
    /// The browser lets nothing be put on the clipboard.
    Clipboard(CopyError),
    /// The values are not there.
    Look(ReadbackError),
    /// What the browser, or the writer of a format, says.
    Said(String),
}

impl TakeError {
    /// An error of the browser's.
    fn said(error: &JsValue) -> Self {
        Self::Said(super::store::message(error))
    }
}

impl From<CopyError> for TakeError {
    fn from(error: CopyError) -> Self {
        Self::Clipboard(error)
    }
}

impl From<ReadbackError> for TakeError {
    fn from(error: ReadbackError) -> Self {
        Self::Look(error)
    }
}

/// What came of it, in a sentence.
fn text(locale: Locale, result: &Result<Taken, TakeError>) -> String {
    let reason = match result {
        Ok(Taken::Link) => return td_string!(locale, take.taken.link).to_owned(),
        Ok(Taken::Frame) => return td_string!(locale, take.taken.frame).to_owned(),
        Ok(Taken::File(file)) => return td_string!(locale, take.taken.file, file = file),
        Err(TakeError::Nothing) => td_string!(locale, take.fault.nothing).to_owned(),
        Err(TakeError::Canvas) => td_string!(locale, take.fault.canvas).to_owned(),
        Err(TakeError::Script) => td_string!(locale, take.fault.script).to_owned(),
        Err(TakeError::OtherScript) => td_string!(locale, take.fault.other_script).to_owned(),
        Err(TakeError::Clipboard(CopyError)) => td_string!(locale, take.fault.clipboard).to_owned(),
        Err(TakeError::Look(error)) => error.text(locale),
        Err(TakeError::Said(reason)) => reason.clone(),
    };
    td_string!(locale, take.failed, reason = reason)
}

/// What is on its way.
type Taking = Pin<Box<dyn Future<Output = Result<Taken, TakeError>>>>;

/// Copies the page's address as it is now.
async fn take_link(page: Page) -> Result<Taken, TakeError> {
    copy(&untrack(|| link::address(page, false))).await?;
    Ok(Taken::Link)
}

/// Copies a frame with the stage as it is now.
async fn take_frame(page: Page) -> Result<Taken, TakeError> {
    let address = untrack(|| link::address(page, true)).replace('&', "&amp;");
    copy(&format!("<iframe src=\"{address}\" title=\"Layerscope\" width=\"960\" height=\"600\"></iframe>")).await?;
    Ok(Taken::Frame)
}

/// The disclosure named "Take it away".
#[component]
pub(super) fn TakeAway() -> impl IntoView {
    let page = expect_context::<Page>();
    let (words, said) = (use_i18n(), RwSignal::new_local(None::<Result<Taken, TakeError>>));
    let button = move |name: fn(Locale) -> &'static str, take: fn(Page) -> Taking| {
        let press = move |_| {
            said.set(None);
            spawn_local(async move { said.set(Some(take(page).await)) });
        };
        view! { <button on:click=press>{move || name(words.get_locale())}</button> }
    };
    let shown = move || said.with(|said| said.as_ref().map(|said| text(words.get_locale(), said)));
    view! {
        <section class="take" aria-label=move || t_string!(words, take.title)>
            <details>
                <summary><span class="caps">{t!(words, take.title)}</span></summary>
                <div class="take-body">
                    {button(|locale| td_string!(locale, take.stage_png), |page| Box::pin(stage::png(page)))}
                    {button(|locale| td_string!(locale, take.svg), |page| Box::pin(files::architecture(page)))}
                    {button(|locale| td_string!(locale, take.map_png), |page| Box::pin(files::map_png(page)))}
                    {button(|locale| td_string!(locale, take.map_csv), |page| Box::pin(files::map_csv(page)))}
                    {button(|locale| td_string!(locale, take.map_npy), |page| Box::pin(files::map_npy(page)))}
                    {button(|locale| td_string!(locale, take.activations), |page| Box::pin(files::activations(page)))}
                    {button(|locale| td_string!(locale, take.link), |page| Box::pin(take_link(page)))}
                    {button(|locale| td_string!(locale, take.frame), |page| Box::pin(take_frame(page)))}
                    <p class="soft small" role="status" aria-label=move || t_string!(words, take.status)>{shown}</p>
                </div>
            </details>
        </section>
    }
}
