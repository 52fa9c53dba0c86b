//! A chart on the page: plotters' picture, and over it what can be pointed at, with the exact value of each.

use leptos::ev::{KeyboardEvent, MouseEvent};
use leptos::prelude::*;
use wasm_bindgen::JsCast;
use web_sys::{Element, HtmlElement};

use super::export::{Saved, Tools};
use super::{Comparison, stage};
use crate::compare::chart::{Chart, ChartError, Hit};

/// What is drawn, or why not.
pub(super) type Drawn = Result<Chart, ChartError>;

/// The link beside this one that a key leads to.
fn neighbour(key: &str, link: &Element) -> Option<Element> {
    match key {
        "ArrowRight" | "ArrowDown" => link.next_element_sibling(),
        "ArrowLeft" | "ArrowUp" => link.previous_element_sibling(),
        "Home" => link.parent_element()?.first_element_child(),
        "End" => link.parent_element()?.last_element_child(),
        _ => None,
    }
}

fn step(event: &KeyboardEvent) {
    // With others these keys are the browser's own.
    if event.alt_key() || event.ctrl_key() || event.meta_key() || event.shift_key() {
        return;
    }
    let link = event.target().and_then(|target| target.dyn_into::<Element>().ok());
    let next = link.and_then(|link| neighbour(&event.key(), &link));
    if let Some(next) = next.as_ref().and_then(|next| next.dyn_ref::<HtmlElement>()) {
        event.prevent_default();
        // An element that cannot be focused leaves the focus where it is.
        let _ = next.focus();
    }
}

/// A chart with its readout and what it can be saved as.
#[component]
pub(super) fn Figure(
    /// Its name in files.
    #[prop(into)]
    file: Signal<String>,
    /// Its name for people.
    #[prop(into)]
    title: Signal<String>,
    /// The chart.
    #[prop(into)]
    drawn: Signal<Drawn>,
    /// Words beside the buttons, until something is pointed at.
    #[prop(into, optional)]
    hint: Signal<String>,
) -> impl IntoView {
    let comparison = expect_context::<Comparison>();
    let pointed = RwSignal::new(None::<String>);
    // The one that the keyboard comes back to.
    let current = RwSignal::new(0);
    let touched = StoredValue::new(false);
    let read = StoredValue::new(None::<String>);
    // Drawn once for each change, and not before its width is known.
    let drawn = Memo::new(move |_| if comparison.width.get() == 0 { Ok(Chart::default()) } else { drawn.get() });
    let chart = Signal::derive(move || drawn.get().unwrap_or_default());
    let place = move |(place, hit): (usize, &Hit), size: (u32, u32)| {
        let [left, top, width, height] = hit.area;
        let part = |pixels: f64, of: u32| 100.0 * pixels / f64::from(of.max(1));
        let style = format!(
            "left:{:.4}%;top:{:.4}%;width:{:.4}%;height:{:.4}%",
            part(left, size.0),
            part(top, size.1),
            part(width, size.0),
            part(height, size.1)
        );
        let text = hit.title.clone();
        let (over, focused, pressed) = (text.clone(), text.clone(), text.clone());
        let focus = move |_| {
            current.set(place);
            pointed.set(Some(focused.clone()));
        };
        // A finger points first, and opens what it has pointed at.
        let press = move |event: MouseEvent| {
            if touched.get_value() && read.get_value().as_ref() != Some(&pressed) {
                event.prevent_default();
                read.set_value(Some(pressed.clone()));
                pointed.set(Some(pressed.clone()));
            }
        };
        view! {
            <a href=stage(&hit.network, hit.opens.as_deref()) tabindex=move || if current.get() == place { "0" } else { "-1" } aria-label=text
                title=hit.title.clone() data-value=hit.value.to_string() style=style
                on:pointerenter=move |_| pointed.set(Some(over.clone())) on:focus=focus on:click=press></a>
        }
    };
    let picture = move || {
        let Chart { svg, size, hits } = chart.get();
        pointed.set(None);
        read.set_value(None);
        current.set(0);
        view! {
            <div class="plot" inner_html=svg aria-hidden="true"></div>
            <div class="hits" role="group" aria-label=move || title.get()
                on:keydown=move |event| step(&event) on:pointerdown=move |event| touched.set_value(event.pointer_type() == "touch")>
                {hits.iter().enumerate().map(|one| place(one, size)).collect_view()}
            </div>
        }
    };
    view! {
        <figure class="chart">
            <div class="chart-picture">{picture}</div>
            <figcaption>
                <span class="readout mono">{move || pointed.get().unwrap_or_else(|| hint.get())}</span>
                <span class="spring"></span>
                <Tools name=title saved=Saved::of_chart(&file.read_untracked(), chart)/>
            </figcaption>
            {move || drawn.read().as_ref().err().map(|error| view! { <p role="alert">{error.to_string()}</p> })}
        </figure>
    }
}
