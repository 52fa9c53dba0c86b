//! The test pictures of CIFAR-10. The user can choose one of them, and check the network with all of them.

mod check;
mod confusion;
mod list;
mod matrix;
mod state;

use leptos_i18n::{t, t_string, td_string};
use words::i18n::{Locale, use_i18n};

use leptos::prelude::*;
use leptos::task::spawn_local;

use super::components::deferred::Deferred;
use super::photo::pictures;
use super::state::{Medium, Page};
use super::wording::format::decimal;
use confusion::ConfusionMatrix;
use list::PictureList;
use matrix::ConfusionTable;
use messages::Explain as _;
use net::Classes;
use state::StripState;

/// Returns the accuracy in a sentence.
fn score(locale: Locale, confusion: ConfusionMatrix, count: usize, running: bool) -> String {
    let (right, all) = (confusion.right(), confusion.all());
    let share = decimal(confusion.accuracy(), 1);
    match (all, running) {
        (0, _) => String::new(),
        (_, true) => td_string!(locale, strip.so_far, right = right, all = all, share = share, count = count),
        (_, false) if all as usize == count => {
            td_string!(locale, strip.done, right = right, all = all, share = share)
        }
        (_, false) => td_string!(locale, strip.stopped, right = right, all = all, share = share),
    }
}

/// The test pictures and their check, for networks that classify photos into the classes of CIFAR-10.
#[component]
pub(super) fn Strip() -> impl IntoView {
    let page = expect_context::<Page>();
    let known = Memo::new(move |_| {
        page.input.medium() == Medium::Photo && page.network.graph().read().classes == Classes::Cifar10
    });
    move || known.get().then(|| view! { <TestPictures /> })
}

#[component]
fn TestPictures() -> impl IntoView {
    let (words, page) = (use_i18n(), expect_context::<Page>());
    let strip = StripState::new(page);
    spawn_local(async move {
        match pictures().await {
            // The component may be removed in the meantime.
            Ok(pack) => drop(strip.pack.try_set(Some(pack))),
            Err(error) => page.notices.show(|locale| error.text(locale)),
        }
    });
    // The answers belong to one network with its weights.
    Effect::new(move |_| {
        page.network.supply.opened.track();
        strip.stop();
        strip.clear();
    });
    on_cleanup(move || strip.stop());
    let running = move || strip.running.read().is_some();
    let count = move || strip.pack.read().as_ref().map_or(0, |pack| pack.len());
    let ready = move || count() > 0 && page.network.supply.opened.read().is_some();
    let press = move |_| {
        if strip.running.read_untracked().is_some() {
            strip.stop();
        } else {
            check::begin(strip);
        }
    };
    let text = move || score(words.get_locale(), strip.confusion.get(), count(), running());
    let list = move || strip.pack.get().map(|pack| view! { <PictureList strip pack /> });
    let matrix =
        move || (strip.confusion.read().all() > 0).then(|| view! { <ConfusionTable confusion=strip.confusion /> });
    view! {
        <section class="strip" aria-labelledby="strip-title">
            <h2 id="strip-title" class="caps">
                {t!(words, strip.title)}
            </h2>
            <p class="soft small">{t!(words, strip.lead)}</p>
            <Deferred>{list}</Deferred>
            <div class="buttons">
                <button class="grow" disabled=move || !ready() on:click=press>
                    {move || if running() { t_string!(words, strip.stop) } else { t_string!(words, strip.check) }}
                </button>
            </div>
            <p class="strip-score" role="status" aria-label=move || t_string!(words, strip.accuracy)>
                {text}
            </p>
            {matrix}
        </section>
    }
}
