//! The part of the page in which an answer is explained.

use leptos::prelude::*;

use super::picture::EvidencePicture;
use super::{Evidence, Found, cam, class, occlude};
use crate::app::format::{decimal, percent};
use crate::app::lab::Lab;
use crate::evidence::ClassActivation;
use crate::net::Graph;

/// What the evidence says, in sentences.
fn sentences(graph: &Graph, evidence: &Evidence) -> [String; 2] {
    let ((rows, columns), class) = (evidence.places, graph.classes.called(evidence.class));
    let values = &evidence.values;
    let least = (0..values.len()).min_by(|&a, &b| values[a].total_cmp(&values[b])).unwrap_or(0);
    let place = format!("row {}, column {}", least / columns.max(1) + 1, least % columns.max(1) + 1);
    match evidence.found {
        Found::Map { bias } => {
            let mean = values.iter().sum::<f32>() / values.len().max(1) as f32;
            let most = values.iter().copied().fold(f32::NEG_INFINITY, f32::max);
            let least = values.get(least).copied().unwrap_or(0.0);
            [
                format!(
                    "What each of {rows} × {columns} places adds to {class}: {} to {}.",
                    decimal(least, 2),
                    decimal(most, 2)
                ),
                format!(
                    "Their mean, {}, and the bias, {}, are its score: {}.",
                    decimal(mean, 3),
                    decimal(bias, 3),
                    decimal(mean + bias, 3)
                ),
            ]
        }
        Found::Occlusion { patch, stride, whole } => {
            let lowest = values.get(least).copied().unwrap_or(whole);
            let most = if lowest < whole {
                format!(
                    "Hidden at {place} of {rows} × {columns}, {class} falls the most: from {} to {}.",
                    percent(whole),
                    percent(lowest)
                )
            } else {
                format!("Wherever the picture is hidden, {class} does not fall below its {}.", percent(whole))
            };
            [most, format!("A patch of {patch} × {patch} pixels, moved by {stride}.")]
        }
    }
}

/// A field for a number of pixels.
fn field(label: &'static str, value: Signal<usize>, set: impl Fn(usize) + 'static) -> impl IntoView {
    // At once, and not when the field is left: the stride follows the patch, and must not change under the hand.
    let input = move |event| {
        if let Ok(number) = event_target_value(&event).parse() {
            set(number);
        }
    };
    view! {
        <label>{label}" "<input type="number" min="1" prop:value=move || value.get().to_string() on:input=input/></label>
    }
}

/// The classes to pick from; they are many, so they are made when they are asked for.
fn classes(lab: Lab) -> impl IntoView {
    let graph = lab.graph.get();
    let option = |class: usize| view! { <option value=class.to_string()>{graph.classes.called(class)}</option> };
    let options = (0..graph.classes.count()).map(option).collect_view();
    let pick = move |event| lab.why.picked.set(event_target_value(&event).parse().ok());
    let answer = move || {
        class(lab).filter(|_| lab.why.picked.get().is_none()).map(|class| lab.graph.read().classes.called(class))
    };
    view! {
        <label class="why-class">"Class "
            <select on:change=pick prop:value=move || lab.why.picked.get().map_or_else(String::new, |class| class.to_string())>
                <option value="">{move || answer().map_or_else(|| "the answer".to_owned(), |name| format!("the answer: {name}"))}</option>
                {options}
            </select>
        </label>
    }
}

/// The controls, and what they have found.
fn body(lab: Lab) -> impl IntoView {
    let why = lab.why;
    let side = Memo::new(move |_| {
        let (_, height, width) = lab.graph.read().input.shape.chw();
        height.min(width)
    });
    // A quarter of the picture, and half of that, until a person says otherwise.
    let (wished_patch, wished_stride) = (RwSignal::new(None::<usize>), RwSignal::new(None::<usize>));
    let patch = Signal::derive(move || wished_patch.get().unwrap_or(side.get() / 4));
    let stride = Signal::derive(move || wished_stride.get().unwrap_or(patch.get().div_ceil(2)));
    let has_map = Memo::new(move |_| ClassActivation::of(&lab.graph.read()).is_some());
    let map_button = move || {
        if has_map.get() {
            let pressed = move || why.follows.get().to_string();
            let toggle = move |_| {
                occlude::cancel(lab);
                why.evidence.set(None);
                why.follows.update(|follows| *follows = !*follows);
            };
            view! { <button aria-pressed=pressed on:click=toggle>"Class activation map"</button> }.into_any()
        } else {
            let words = "This network does not end in global average pooling, so its score is no mean over places: there is no class activation map.";
            view! { <p class="soft small">{words}</p> }.into_any()
        }
    };
    let runs = Memo::new(move |_| why.progress.read().is_some());
    let run_button = move || {
        if runs.get() {
            let (done, all) = (
                move || why.progress.get().map_or(0, |(done, _)| done),
                move || why.progress.get().map_or(1, |(_, all)| all),
            );
            view! {
                <progress aria-label="Places that were hidden" max=move || all().to_string() prop:value=move || done() as f64></progress>
                <span class="soft small mono">{move || format!("{} of {}", done(), all())}</span>
                <button on:click=move |_| occlude::cancel(lab)>"Cancel"</button>
            }
            .into_any()
        } else {
            let start = move |_| occlude::start(lab, patch.get_untracked(), stride.get_untracked());
            view! { <button disabled=move || class(lab).is_none() on:click=start>"Hide the picture piece by piece"</button> }.into_any()
        }
    };
    let current = Memo::new(move |_| why.current(lab));
    let found = move || {
        let evidence = current.get()?;
        let graph = lab.graph.get();
        let [first, second] = sentences(&graph, &evidence);
        let what = match evidence.found {
            Found::Map { .. } => "Class activation map",
            Found::Occlusion { .. } => "Occlusion map",
        };
        let legend = match evidence.found {
            Found::Map { .. } => "Blue adds to the score, red takes from it.",
            Found::Occlusion { .. } => "Blue: the class falls where this is hidden. Red: it rises.",
        };
        let label = format!("{what} of {} over the picture", graph.classes.called(evidence.class));
        Some(view! {
            <figure class="why-found">
                <EvidencePicture name=label/>
                <figcaption><div role="status" aria-label="Evidence"><p>{first}</p><p>{second}</p></div><p class="soft">{legend}</p></figcaption>
            </figure>
        })
    };
    let said = move || why.said.get().map(|text| view! { <p class="why-said" role="alert">{text}</p> });
    view! {
        {move || classes(lab)}
        {map_button}
        <div class="why-patch" role="group" aria-label="Patch">
            {field("Patch", patch, move |pixels| wished_patch.set(Some(pixels)))}
            {field("Stride", stride, move |pixels| wished_stride.set(Some(pixels)))}
        </div>
        <div class="why-run">{run_button}</div>
        {said}
        {found}
    }
}

/// The disclosure named "Why this answer".
#[component]
pub(in crate::app) fn WhyView() -> impl IntoView {
    let lab = expect_context::<Lab>();
    cam::follow(lab);
    let open = RwSignal::new(false);
    let toggled = move |event| open.set(event_target::<web_sys::Element>(&event).has_attribute("open"));
    view! {
        <section class="why" aria-label="Why this answer">
            <details on:toggle=toggled>
                <summary><span class="caps">"Why this answer"</span></summary>
                <div class="why-body">{move || open.get().then(|| body(lab))}</div>
            </details>
        </section>
    }
}
