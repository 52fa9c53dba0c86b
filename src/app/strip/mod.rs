//! The test pictures of CIFAR-10: to pick from, and to check the network with, on the spot.

mod check;
mod list;
mod matrix;
mod tally;

use leptos_i18n::{t, t_string, td_string};
use std::sync::Arc;
use words::i18n::{Locale, use_i18n};

use leptos::prelude::*;
use leptos::task::spawn_local;
use web_sys::AbortController;

use super::deferred::Deferred;
use super::format::decimal;
use super::photo::{PICTURES, pictures};
use super::state::Medium;
use super::state::Page;
use input::ImagePack;
use list::List;
use matrix::Matrix;
use messages::Explain as _;
use net::Classes;
use tally::Tally;

/// What the parts of it share.
#[derive(Clone, Copy)]
struct Bench {
    page: Page,
    pack: RwSignal<Option<Arc<ImagePack>>>,
    /// What the network answered to each picture; one signal each, as one follows the other quickly.
    answers: StoredValue<Vec<RwSignal<Option<usize>>>>,
    tally: RwSignal<Tally>,
    /// Stops the check that is under way, if one is.
    running: RwSignal<Option<AbortController>, LocalStorage>,
}

impl Bench {
    fn new(page: Page) -> Self {
        Self {
            page,
            pack: RwSignal::new(None),
            answers: StoredValue::new((0..PICTURES).map(|_| RwSignal::new(None)).collect()),
            tally: RwSignal::new(Tally::default()),
            running: RwSignal::new_local(None),
        }
    }

    /// Takes back what the network answered.
    fn clear(self) {
        self.tally.set(Tally::default());
        self.answers.with_value(|answers| {
            for answer in answers {
                answer.set(None);
            }
        });
    }

    /// Stops the check that is under way.
    fn stop(self) {
        // Whoever leaves the page's network has left these signals too.
        if let Some(Some(controller)) = self.running.try_update(Option::take) {
            controller.abort();
        }
    }
}

/// How many were right, in a sentence.
fn score(locale: Locale, tally: Tally, count: usize, running: bool) -> String {
    let (right, all) = (tally.right(), tally.all());
    let share = decimal(tally.accuracy(), 1);
    match (all, running) {
        (0, _) => String::new(),
        (_, true) => td_string!(locale, strip.so_far, right = right, all = all, share = share, count = count),
        (_, false) if all as usize == count => {
            td_string!(locale, strip.done, right = right, all = all, share = share)
        }
        (_, false) => td_string!(locale, strip.stopped, right = right, all = all, share = share),
    }
}

/// The strip of test pictures, with the check, where a network looks at photos and knows their classes.
#[component]
pub(super) fn Strip() -> impl IntoView {
    let page = expect_context::<Page>();
    let known = Memo::new(move |_| {
        page.input.medium() == Medium::Photo && page.network.graph().read().classes == Classes::Cifar10
    });
    move || known.get().then(|| view! { <TestPictures/> })
}

#[component]
fn TestPictures() -> impl IntoView {
    let (words, page) = (use_i18n(), expect_context::<Page>());
    let bench = Bench::new(page);
    spawn_local(async move {
        match pictures().await {
            // Nobody may be here any more.
            Ok(pack) => drop(bench.pack.try_set(Some(pack))),
            Err(error) => page.notices.show(|locale| error.text(locale)),
        }
    });
    // Answers are those of one network with its weights.
    Effect::new(move |_| {
        page.network.supply.opened.track();
        bench.stop();
        bench.clear();
    });
    on_cleanup(move || bench.stop());
    let running = move || bench.running.read().is_some();
    let count = move || bench.pack.read().as_ref().map_or(0, |pack| pack.len());
    let ready = move || count() > 0 && page.network.supply.opened.read().is_some();
    let press = move |_| {
        if bench.running.read_untracked().is_some() {
            bench.stop();
        } else {
            check::begin(bench);
        }
    };
    let told = move || score(words.get_locale(), bench.tally.get(), count(), running());
    let list = move || bench.pack.get().map(|pack| view! { <List bench pack/> });
    let matrix = move || (bench.tally.read().all() > 0).then(|| view! { <Matrix tally=bench.tally/> });
    view! {
        <section class="strip" aria-labelledby="strip-title">
            <h2 id="strip-title" class="caps">{t!(words, strip.title)}</h2>
            <p class="soft small">{t!(words, strip.lead)}</p>
            <Deferred>{list}</Deferred>
            <div class="buttons">
                <button class="grow" disabled=move || !ready() on:click=press>
                    {move || if running() { t_string!(words, strip.stop) } else { t_string!(words, strip.check) }}
                </button>
            </div>
            <p class="strip-score" role="status" aria-label=move || t_string!(words, strip.accuracy)>{told}</p>
            {matrix}
        </section>
    }
}
