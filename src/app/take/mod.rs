//! Exports: the stage and its maps as files, the activations, the link, and a frame for other pages.

mod export;
mod files;
mod stage;

use leptos_i18n::{t, t_string, td_string};
use messages::Explain as _;
use std::pin::Pin;
use words::i18n::{Locale, use_i18n};

use leptos::prelude::*;
use leptos::task::spawn_local;

use super::browser::clipboard::{CopyError, copy};
use super::link;
use super::state::Page;
use export::{ExportError, Exported};

/// Describes the result of an export in a sentence.
fn text(locale: Locale, result: &Result<Exported, ExportError>) -> String {
    let reason = match result {
        Ok(Exported::Link) => return td_string!(locale, take.taken.link).to_owned(),
        Ok(Exported::Frame) => return td_string!(locale, take.taken.frame).to_owned(),
        Ok(Exported::File(file)) => return td_string!(locale, take.taken.file, file = file),
        Err(ExportError::NoPass) => td_string!(locale, take.fault.nothing).to_owned(),
        Err(ExportError::Canvas) => td_string!(locale, take.fault.canvas).to_owned(),
        Err(ExportError::Script) => td_string!(locale, take.fault.script).to_owned(),
        Err(ExportError::OtherScript) => td_string!(locale, take.fault.other_script).to_owned(),
        Err(ExportError::Clipboard(CopyError)) => td_string!(locale, take.fault.clipboard).to_owned(),
        Err(ExportError::Readback(error)) => error.text(locale),
        Err(ExportError::Message(reason)) => reason.clone(),
    };
    td_string!(locale, take.failed, reason = reason)
}

/// A running export.
type Export = Pin<Box<dyn Future<Output = Result<Exported, ExportError>>>>;

/// Copies a link to the current state of the page.
async fn take_link(page: Page) -> Result<Exported, ExportError> {
    copy(&untrack(|| link::address(page, false))).await?;
    Ok(Exported::Link)
}

/// Copies the HTML of a frame with the current state of the stage.
async fn take_frame(page: Page) -> Result<Exported, ExportError> {
    let address = untrack(|| link::address(page, true)).replace('&', "&amp;");
    copy(&format!("<iframe src=\"{address}\" title=\"Layerscope\" width=\"960\" height=\"600\"></iframe>")).await?;
    Ok(Exported::Frame)
}

/// The disclosure named "Take it away".
#[component]
pub(super) fn TakeAway() -> impl IntoView {
    let page = expect_context::<Page>();
    let (words, result) = (use_i18n(), RwSignal::new_local(None::<Result<Exported, ExportError>>));
    let button = move |name: fn(Locale) -> &'static str, take: fn(Page) -> Export| {
        let press = move |_| {
            result.set(None);
            spawn_local(async move { result.set(Some(take(page).await)) });
        };
        view! { <button on:click=press>{move || name(words.get_locale())}</button> }
    };
    let shown = move || result.with(|result| result.as_ref().map(|result| text(words.get_locale(), result)));
    view! {
        <section class="take" aria-label=move || t_string!(words, take.title)>
            <details>
                <summary>
                    <span class="caps">{t!(words, take.title)}</span>
                </summary>
                <div class="take-body">
                    {button(|locale| td_string!(locale, take.stage_png), |page| Box::pin(stage::png(page)))}
                    {button(|locale| td_string!(locale, take.svg), |page| Box::pin(files::architecture(page)))}
                    {button(|locale| td_string!(locale, take.map_png), |page| Box::pin(files::map_png(page)))}
                    {button(|locale| td_string!(locale, take.map_csv), |page| Box::pin(files::map_csv(page)))}
                    {button(|locale| td_string!(locale, take.map_npy), |page| Box::pin(files::map_npy(page)))}
                    {button(|locale| td_string!(locale, take.activations), |page| Box::pin(files::activations(page)))}
                    {button(|locale| td_string!(locale, take.link), |page| Box::pin(take_link(page)))}
                    {button(|locale| td_string!(locale, take.frame), |page| Box::pin(take_frame(page)))}
                    <p class="soft small" role="status" aria-label=move || t_string!(words, take.status)>
                        {shown}
                    </p>
                </div>
            </details>
        </section>
    }
}
