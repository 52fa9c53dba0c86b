//! A chart on the page: the picture by plotters, and over it a link for every part with its exact value.

use leptos::ev::{KeyboardEvent, MouseEvent, PointerEvent};
use leptos::prelude::*;
use leptos_i18n::td_string;
use wasm_bindgen::JsCast;
use web_sys::{Element, HtmlElement};
use words::i18n::use_i18n;

use super::comparison::Comparison;
use super::download::{DownloadButtons, FileDownload};
use super::link::stage_address;
use analysis::compare::chart::{Chart, ChartError, HitArea};

/// A chart, or the reason why it could not be drawn.
pub(super) type Drawn = Result<Chart, ChartError>;

/// Returns the link that a key moves to from this one.
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
    // With a modifier, these keys belong to the browser.
    if event.alt_key() || event.ctrl_key() || event.meta_key() || event.shift_key() {
        return;
    }
    let link = event.target().and_then(|target| target.dyn_into::<Element>().ok());
    let next = link.and_then(|link| neighbour(&event.key(), &link));
    if let Some(next) = next.as_ref().and_then(|next| next.dyn_ref::<HtmlElement>()) {
        event.prevent_default();
        // A link that cannot be focused leaves the focus where it is.
        let _ = next.focus();
    }
}

/// Returns the part of the chart under the pointer, or the nearest one.
fn under(event: &PointerEvent, chart: &Chart) -> Option<usize> {
    let hits = event.current_target().and_then(|target| target.dyn_into::<Element>().ok())?;
    let seen = hits.get_bounding_client_rect();
    let along = |at: i32, from: f64, length: f64, size: u32| (f64::from(at) - from) / length.max(1.0) * f64::from(size);
    let x = along(event.client_x(), seen.left(), seen.width(), chart.size.0);
    let y = along(event.client_y(), seen.top(), seen.height(), chart.size.1);
    chart.nearest((x, y))
}

/// A chart with its readout and its downloads.
#[component]
pub(super) fn Figure(
    /// The name of the chart in file names.
    #[prop(into)]
    file: Signal<String>,
    /// The title of the chart.
    #[prop(into)]
    title: Signal<String>,
    /// The chart.
    #[prop(into)]
    drawn: Signal<Drawn>,
    /// The text beside the buttons while nothing is pointed at.
    #[prop(into, optional)]
    hint: Signal<String>,
) -> impl IntoView {
    let (words, comparison) = (use_i18n(), expect_context::<Comparison>());
    let pointed = RwSignal::new(None::<usize>);
    // The part that the Tab key returns to.
    let current = RwSignal::new(0);
    let touched = StoredValue::new(false);
    // The part that a touch reads, and the part that it read when it came down.
    let read = StoredValue::new((None::<usize>, None::<usize>));
    // Redrawn once for each change, and not before the width is known.
    let drawn = Memo::new(move |_| if comparison.width.get() == 0 { Ok(Chart::default()) } else { drawn.get() });
    // Kept, because a sliding finger reads it at every move.
    let chart = Memo::new(move |_| drawn.get().unwrap_or_default());
    // The value and the address of a part.
    let hit = move |place: usize| {
        let link = |hit: &HitArea| (hit.title.clone(), stage_address(&hit.network, hit.opens.as_deref()));
        chart.with(|chart| chart.hits.get(place).map(link))
    };
    let place = move |(place, hit): (usize, &HitArea), size: (u32, u32)| {
        let [left, top, width, height] = hit.area;
        let part = |pixels: f64, of: u32| 100.0 * pixels / f64::from(of.max(1));
        let style = format!(
            "left:{:.4}%;top:{:.4}%;width:{:.4}%;height:{:.4}%",
            part(left, size.0),
            part(top, size.1),
            part(width, size.0),
            part(height, size.1)
        );
        let focus = move |_| {
            current.set(place);
            pointed.set(Some(place));
        };
        let over = move |event: PointerEvent| {
            if event.pointer_type() != "touch" {
                pointed.set(Some(place));
            }
        };
        view! {
            <a
                href=stage_address(&hit.network, hit.opens.as_deref())
                tabindex=move || if current.get() == place { "0" } else { "-1" }
                aria-label=hit.title.clone()
                title=hit.title.clone()
                data-value=hit.value.to_string()
                style=style
                class:pointed=move || pointed.get() == Some(place)
                on:pointerenter=over
                on:focus=focus
            ></a>
        }
    };
    // A bar may be narrower than a finger: a touch reads the nearest bar, slides along, and opens the bar it has read.
    let slide = move |event: PointerEvent| {
        touched.set_value(event.pointer_type() == "touch");
        if !touched.get_value() {
            return;
        }
        let place = under(&event, &chart.read_untracked());
        if event.type_() == "pointerdown" {
            read.set_value((place, read.get_value().0));
        } else {
            read.update_value(|read| read.0 = place);
        }
        pointed.set(place);
    };
    let press = move |event: MouseEvent| {
        if !touched.get_value() {
            return;
        }
        event.prevent_default();
        let (now, before) = read.get_value();
        if let Some((_, address)) = now.filter(|_| now == before).and_then(|place| untrack(|| hit(place))) {
            // If the browser refuses, the readout is a link too.
            let _ = window().location().set_href(&address);
        }
    };
    let keyed = move |event: KeyboardEvent| {
        touched.set_value(false);
        step(&event);
    };
    let picture = move || {
        let Chart { svg, size, hits } = chart.get();
        pointed.set(None);
        read.set_value((None, None));
        current.set(0);
        view! {
            <div class="plot" inner_html=svg aria-hidden="true"></div>
            <div
                class="hits"
                role="group"
                aria-label=move || title.get()
                on:keydown=keyed
                on:pointerdown=slide
                on:pointermove=slide
                on:click=press
            >
                {hits.iter().enumerate().map(|one| place(one, size)).collect_view()}
            </div>
        }
    };
    let readout = move || match pointed.get().and_then(hit) {
        Some((words, address)) => view! {
            <a class="readout mono" href=address tabindex="-1">
                {words}
            </a>
        }
        .into_any(),
        None => view! { <span class="readout mono">{hint.get()}</span> }.into_any(),
    };
    let failed = move || {
        let ChartError::Draw(reason) = drawn.read().as_ref().err()?.clone();
        Some(td_string!(words.get_locale(), compare.charts.failed, reason = reason))
    };
    view! {
        <figure class="chart">
            <div class="chart-picture">{picture}</div>
            <figcaption>
                {readout} <span class="spring"></span>
                <DownloadButtons name=title downloads=FileDownload::of_chart(&file.read_untracked(), chart.into()) />
            </figcaption>
            {move || failed().map(|text| view! { <p role="alert">{text}</p> })}
        </figure>
    }
}
