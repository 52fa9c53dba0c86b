//! The panel that explains an answer.

use leptos::prelude::*;
use leptos_i18n::{t, t_string, td_string};
use words::i18n::{Locale, use_i18n};

use super::current::class;
use super::picture::EvidencePicture;
use super::state::{Evidence, EvidenceError, Found};
use super::{cam, occlude};
use crate::app::state::Page;
use crate::app::wording::classes::class_name;
use crate::app::wording::format::{decimal, percent};
use analysis::evidence::ClassActivation;
use messages::Explain as _;
use net::Graph;

/// Returns two sentences that describe the evidence.
fn sentences(locale: Locale, graph: &Graph, evidence: &Evidence) -> [String; 2] {
    let ((rows, columns), class) = (evidence.positions, class_name(locale, graph.classes, evidence.class));
    let values = &evidence.values;
    let least = (0..values.len()).min_by(|&a, &b| values[a].total_cmp(&values[b])).unwrap_or(0);
    match evidence.found {
        Found::Map { bias } => {
            let mean = values.iter().sum::<f32>() / values.len().max(1) as f32;
            let most = values.iter().copied().fold(f32::NEG_INFINITY, f32::max);
            let least = values.get(least).copied().unwrap_or(0.0);
            [
                td_string!(
                    locale,
                    why.said.adds,
                    rows = rows,
                    columns = columns,
                    class = class,
                    least = decimal(least, 2),
                    most = decimal(most, 2)
                ),
                td_string!(
                    locale,
                    why.said.mean,
                    mean = decimal(mean, 3),
                    bias = decimal(bias, 3),
                    score = decimal(mean + bias, 3)
                ),
            ]
        }
        Found::Occlusion { patch, stride, whole } => {
            let lowest = values.get(least).copied().unwrap_or(whole);
            let most = if lowest < whole {
                td_string!(
                    locale,
                    why.said.falls,
                    row = least / columns.max(1) + 1,
                    column = least % columns.max(1) + 1,
                    rows = rows,
                    columns = columns,
                    class = class,
                    whole = percent(whole),
                    lowest = percent(lowest)
                )
            } else {
                td_string!(locale, why.said.holds, class = class, whole = percent(whole))
            };
            [most, td_string!(locale, why.said.patch, patch = patch, stride = stride)]
        }
    }
}

/// Returns a sentence that says why a run ended early.
fn error_text(locale: Locale, error: &EvidenceError) -> String {
    let broken = |reason: &str| td_string!(locale, why.trouble.broken, reason = reason);
    match error {
        EvidenceError::Unmovable(error) => {
            td_string!(locale, why.trouble.unmovable, reason = error.text(locale))
        }
        EvidenceError::Changed => td_string!(locale, why.trouble.changed).to_owned(),
        EvidenceError::NoEngine => broken(td_string!(locale, why.trouble.no_engine)),
        EvidenceError::Nothing => broken(td_string!(locale, why.trouble.nothing)),
        EvidenceError::Broken(reason) => broken(reason),
        EvidenceError::NoMap(reason) => reason.clone(),
    }
}

/// Renders a field for a number of pixels.
fn field(
    label: impl Fn() -> &'static str + Send + 'static,
    value: Signal<usize>,
    set: impl Fn(usize) + 'static,
) -> impl IntoView {
    // Set the number on every input, not on change: the default stride follows the patch, and must not change when a
    // person leaves the field of the patch.
    let input = move |event| {
        if let Ok(number) = event_target_value(&event).parse() {
            set(number);
        }
    };
    view! {
        <label>
            {label}" "<input type="number" min="1" prop:value=move || value.get().to_string() on:input=input />
        </label>
    }
}

/// The most classes that are listed. A longer list would block the page; the best class is explained in any case.
const MAX_OPTIONS: usize = 2000;

/// Renders the list of classes. There can be a thousand, so it is built only when the panel opens.
fn classes(page: Page) -> impl IntoView {
    let graph = page.network.graph().get();
    let (words, of) = (page.words, graph.classes);
    let option = |class: usize| {
        view! { <option value=class.to_string()>{move || class_name(words.get_locale(), of, class)}</option> }
    };
    let options = (0..graph.classes.count().min(MAX_OPTIONS)).map(option).collect_view();
    let pick = move |event| page.why.pick(event_target_value(&event).parse().ok());
    let answer = move || {
        let class = class(page).filter(|_| page.why.picked().get().is_none())?;
        Some(class_name(words.get_locale(), page.network.graph().read().classes, class))
    };
    view! {
        <label class="why-class">
            {t!(words, why.class)}" "
            <select
                on:change=pick
                prop:value=move || page.why.picked().get().map_or_else(String::new, |class| class.to_string())
            >
                <option value="">
                    {move || match answer() {
                        Some(class) => t_string!(words, why.answer_named, class = class),
                        None => t_string!(words, why.answer).to_owned(),
                    }}
                </option>
                {options}
            </select>
        </label>
    }
}

/// Renders the controls and the evidence.
fn body(page: Page) -> impl IntoView {
    let (words, why) = (page.words, page.why);
    let side = Memo::new(move |_| {
        let (_, height, width) = page.network.graph().read().input.shape.chw();
        height.min(width)
    });
    // By default, the side of the patch is a quarter of the input, and the stride is half of the patch.
    let (wished_patch, wished_stride) = (RwSignal::new(None::<usize>), RwSignal::new(None::<usize>));
    let patch = Signal::derive(move || wished_patch.get().unwrap_or(side.get() / 4));
    let stride = Signal::derive(move || wished_stride.get().unwrap_or(patch.get().div_ceil(2)));
    let has_map = Memo::new(move |_| ClassActivation::of(&page.network.graph().read()).is_some());
    let map_button = move || {
        if has_map.get() {
            let pressed = move || why.follows().get().to_string();
            let toggle = move |_| {
                occlude::cancel(page);
                why.toggle_map();
            };
            view! {
                <button aria-pressed=pressed on:click=toggle>
                    {t!(words, why.map)}
                </button>
            }
            .into_any()
        } else {
            view! { <p class="soft small">{t!(words, why.no_map)}</p> }.into_any()
        }
    };
    let runs = Memo::new(move |_| why.progress().read().is_some());
    let run_button = move || {
        if runs.get() {
            let (done, all) = (
                move || why.progress().get().map_or(0, |(done, _)| done),
                move || why.progress().get().map_or(1, |(_, all)| all),
            );
            view! {
                <progress
                    aria-label=move || t_string!(words, why.places)
                    max=move || all().to_string()
                    prop:value=move || done() as f64
                ></progress>
                <span class="soft small mono">{move || t_string!(words, why.so_far, done = done(), all = all())}</span>
                <button on:click=move |_| occlude::cancel(page)>{t!(words, why.cancel)}</button>
            }
            .into_any()
        } else {
            let start = move |_| occlude::start(page, patch.get_untracked(), stride.get_untracked());
            view! {
                <button disabled=move || class(page).is_none() on:click=start>
                    {t!(words, why.run)}
                </button>
            }
            .into_any()
        }
    };
    let current = Memo::new(move |_| why.current(page));
    let found = move || {
        let evidence = current.get()?;
        let graph = page.network.graph().get();
        let locale = words.get_locale();
        let [first, second] = sentences(locale, &graph, &evidence);
        let what = match evidence.found {
            Found::Map { .. } => td_string!(locale, why.map),
            Found::Occlusion { .. } => td_string!(locale, why.occlusion),
        };
        let legend = match evidence.found {
            Found::Map { .. } => td_string!(locale, why.legend.map),
            Found::Occlusion { .. } => td_string!(locale, why.legend.occlusion),
        };
        let class = class_name(locale, graph.classes, evidence.class);
        let label = td_string!(locale, why.over, what = what, class = class);
        Some(view! {
            <figure class="why-found">
                <EvidencePicture name=label />
                <figcaption>
                    <div role="status" aria-label=td_string!(locale, why.evidence)>
                        <p>{first}</p>
                        <p>{second}</p>
                    </div>
                    <p class="soft">{legend}</p>
                </figcaption>
            </figure>
        })
    };
    let error = move || {
        let locale = words.get_locale();
        why.error().get().map(|error| {
            view! {
                <p class="why-said" role="alert">
                    {error_text(locale, &error)}
                </p>
            }
        })
    };
    view! {
        {move || classes(page)}
        {map_button}
        <div class="why-patch" role="group" aria-label=move || t_string!(words, why.patch)>
            {field(move || t_string!(words, why.patch), patch, move |pixels| wished_patch.set(Some(pixels)))}
            {field(move || t_string!(words, why.stride), stride, move |pixels| wished_stride.set(Some(pixels)))}
        </div>
        <div class="why-run">{run_button}</div>
        {error}
        {found}
    }
}

/// The disclosure named "Why this answer".
#[component]
pub(in crate::app) fn WhyView() -> impl IntoView {
    let (words, page) = (use_i18n(), expect_context::<Page>());
    cam::follow(page);
    let open = RwSignal::new(false);
    let toggled = move |event| open.set(event_target::<web_sys::Element>(&event).has_attribute("open"));
    view! {
        <section class="why" aria-label=move || t_string!(words, why.title)>
            <details on:toggle=toggled>
                <summary>
                    <span class="caps">{t!(words, why.title)}</span>
                </summary>
                <div class="why-body">{move || open.get().then(|| body(page))}</div>
            </details>
        </section>
    }
}
