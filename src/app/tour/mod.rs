//! Tours: twelve stops for each family. A stop is a state of the page with a few sentences. A person can leave and
//! rejoin a tour at any stop.

mod state;

pub(in crate::app) use state::TourState;

use leptos_i18n::{t, t_string, td_string};
use messages::Language;
use std::sync::Arc;
use words::i18n::use_i18n;

use leptos::prelude::*;
use leptos::task::spawn_local;
use web_sys::UrlSearchParams;

use super::browser::fetch::fetch;
use super::link;
use super::state::Page;
use net::Family;

/// Returns the address of the tour of a family.
fn address(family: Family) -> &'static str {
    match family {
        Family::LeNet => "tours/lenet.json",
        Family::AlexNet => "tours/alexnet.json",
        Family::Vgg => "tours/vgg.json",
        Family::GoogLeNet => "tours/googlenet.json",
        Family::ResNet => "tours/resnet.json",
    }
}

/// Opens the tour of the current family. `stop` is the number of the stop in a link, counted from 1; the page then
/// keeps the state of the link. Without it, the page goes to the stop at which the person left the tour.
pub(in crate::app) fn join(page: Page, stop: Option<usize>) {
    let (tour, family) = (page.tour, page.network.graph().read_untracked().family);
    spawn_local(async move {
        let known = untrack(|| tour.of(family));
        let is_new = known.is_none();
        let stops = match known {
            Some(stops) => Ok(stops),
            None => fetch(address(family))
                .await
                .and_then(|bytes| serde_json::from_slice(&bytes).map(Arc::new).map_err(|error| error.to_string())),
        };
        match stops {
            Ok(stops) => {
                let at = match stop {
                    Some(number) => number.saturating_sub(1),
                    None if is_new => 0,
                    None => tour.at().get_untracked(),
                };
                tour.open(family, stops, at);
                if stop.is_none() {
                    visit(page);
                }
            }
            Err(reason) => {
                page.notices.show(|locale| td_string!(locale, tour.failed, reason = reason));
            }
        }
    });
}

/// Brings the page to the state of the current stop.
fn visit(page: Page) {
    let (tour, family) = (page.tour, page.network.graph().read_untracked().family);
    let Some(stops) = untrack(|| tour.of(family)) else { return };
    let Some(stop) = stops.stops.get(tour.at().get_untracked()) else { return };
    if let Ok(state) = UrlSearchParams::new_with_str(&stop.state) {
        link::go(page, &state);
    }
}

/// Goes to the next stop, or to the one before.
fn step(page: Page, forward: bool) {
    page.tour.step(forward);
    visit(page);
}

/// The button that starts a tour or rejoins it.
#[component]
pub(in crate::app) fn TourButton() -> impl IntoView {
    let (words, page) = (use_i18n(), expect_context::<Page>());
    let family = Memo::new(move |_| page.network.graph().read().family);
    // Another family has another tour: close this one.
    Effect::new(move |before: Option<Family>| {
        let now = family.get();
        if before.is_some_and(|before| before != now) {
            page.tour.leave();
        }
        now
    });
    let name = move || match (page.tour.of(family.get()), page.tour.at().get()) {
        (Some(_), at) if at > 0 => t_string!(words, tour.rejoin, stop = at + 1),
        _ => t_string!(words, tour.take).to_owned(),
    };
    move || {
        (!page.tour.is_open().get()).then(|| {
            view! {
                <button class="tour-button" on:click=move |_| join(page, None)>
                    {name}
                </button>
            }
        })
    }
}

/// The card of the current stop: its text, and the buttons to the other stops.
#[component]
pub(in crate::app) fn TourCard() -> impl IntoView {
    let (words, page) = (use_i18n(), expect_context::<Page>());
    let tour = page.tour;
    let stops = Memo::new(move |_| tour.stops().get().map(|(_, stops)| stops));
    let stop = Memo::new(move |_| stops.get().and_then(|stops| stops.stops.get(tour.at().get()).cloned()));
    let count = move || stops.read().as_ref().map_or(0, |stops| stops.stops.len());
    let title = move || stops.get().map(|stops| stops.title.of(words.get_locale())).unwrap_or_default();
    let place = move || t_string!(words, tour.place, stop = tour.at().get() + 1, count = count());
    let (first, last) = (move || tour.at().get() == 0, move || tour.at().get() + 1 >= count());
    let said = move || {
        let locale = words.get_locale();
        stop.get().map(|stop| stop.text.of(locale).join(Language::from(locale).sentence_gap()))
    };
    move || {
        tour.is_open().get().then(|| {
            view! {
                <section class="tour" aria-label=move || t_string!(words, tour.name)>
                    <div class="tour-words" role="status" aria-label=move || t_string!(words, tour.stop)>
                        <p class="caps">{title}" · "{place}</p>
                        <h3>{move || stop.get().map(|stop| stop.title.of(words.get_locale()))}</h3>
                        <p>{said}</p>
                    </div>
                    <div class="tour-buttons">
                        <button disabled=first on:click=move |_| step(page, false)>
                            {t!(words, tour.previous)}
                        </button>
                        <button disabled=last on:click=move |_| step(page, true)>
                            {t!(words, tour.next)}
                        </button>
                        <button on:click=move |_| visit(page)>{t!(words, tour.again)}</button>
                        <button on:click=move |_| tour.leave()>{t!(words, tour.leave)}</button>
                    </div>
                </section>
            }
        })
    }
}
