//! Table I: which maps of S2 each map of C3 reads, to be changed cell by cell, and what comes of it.

use leptos::ev::KeyboardEvent;
use leptos::html;
use leptos::prelude::*;
use leptos_i18n::{t, t_string};
use wasm_bindgen::JsCast;
use web_sys::HtmlElement;
use words::i18n::use_i18n;

use super::window::cells;
use super::{Halves, Seen, table_of};
use crate::app::learn::address::Knobs;
use crate::app::learn::figure::Fact;
use crate::app::learn::numbers::count;
use crate::app::learn::shown::Shown;
use crate::app::picture::Picture;
use analysis::lesson::connections::{C3_MAPS, Connections, S2_MAPS};

/// Sides of a map of S2 and of one of C3, in pixels, and of their pictures, in CSS pixels.
const S2: usize = 14;
const C3: usize = 10;
const PICTURE: f32 = 24.0;

/// What the arrow keys do among the cells, of which each step is a map of C3 or of S2.
fn step(key: &str, across: bool) -> Option<[isize; 2]> {
    let (along, down) = if across { ([1, 0], [0, 1]) } else { ([0, 1], [1, 0]) };
    let back = |step: [isize; 2]| step.map(|part| -part);
    match key {
        "ArrowRight" => Some(along),
        "ArrowLeft" => Some(back(along)),
        "ArrowDown" => Some(down),
        "ArrowUp" => Some(back(down)),
        _ => None,
    }
}

/// The table with its counts.
#[component]
pub(super) fn Table(
    /// What can be moved.
    knobs: Knobs,
    /// Which cells are set.
    halves: Halves,
    /// The pass over the digit with the connections that are left.
    seen: Shown<Seen>,
) -> impl IntoView {
    let words = use_i18n();
    let table = Memo::new(move |_| table_of(halves));
    let trained = Connections::table_one();
    let chosen = knobs.whole("c3", 4, [1, C3_MAPS]);
    let number = move |n: u64| count(words.get_locale(), n);
    let set = move |table: Connections| {
        for (knob, half) in halves.into_iter().zip(table.halves()) {
            knob.set(half as f64);
        }
    };
    // One cell at a time is reached by tabulator; arrow keys go on from there.
    let current = RwSignal::new([0_usize; 2]);
    let frame = NodeRef::<html::Div>::new();
    let walk = move |event: KeyboardEvent| {
        // On narrow screens the table lies on its side.
        let narrow = window().match_media("(max-width: 820px)").ok().flatten().is_some_and(|query| query.matches());
        let Some(by) = step(&event.key(), !narrow) else { return };
        event.prevent_default();
        let [map, input] = current.get_untracked();
        let [map, input] = [(map, by[0], C3_MAPS), (input, by[1], S2_MAPS)]
            .map(|(at, by, count)| at.saturating_add_signed(by).min(count - 1));
        current.set([map, input]);
        let cell = frame.get_untracked().and_then(|frame| {
            frame
                .query_selector(&format!("[data-cell=\"{map}-{input}\"]"))
                .ok()?
                .and_then(|cell| cell.dyn_into::<HtmlElement>().ok())
        });
        if let Some(cell) = cell {
            // What cannot be focused is there to be pressed all the same.
            let _ = cell.focus();
        }
    };
    let cell = move |map: usize, input: usize| {
        let on = move || table.get().reads(map, input);
        let named =
            move || t_string!(words, convolution.cell, map = number(map as u64 + 1), input = number(input as u64 + 1));
        let tab = move || if current.get() == [map, input] { "0" } else { "-1" };
        let press = move |_| {
            current.set([map, input]);
            chosen.set(map as f64 + 1.0);
            set(table.get_untracked().toggled(map, input));
        };
        view! {
            <button type="button" class="cell" class:chosen=move || chosen.whole() == map + 1
                class:added=move || on() && !trained.reads(map, input) data-cell=format!("{map}-{input}")
                aria-label=named aria-pressed=move || if on() { "true" } else { "false" } tabindex=tab
                on:click=press on:focus=move |_| current.set([map, input])>{move || if on() { "×" } else { "" }}</button>
        }
    };
    let head = move |map: usize| {
        let name =
            Signal::derive(move || t_string!(words, convolution.map_of, layer = "C3", map = number(map as u64 + 1)));
        let picture = Signal::derive(move || seen.with(|seen| cells(&seen.outputs[2], C3, map)).flatten());
        view! {
            <button type="button" class="cell head" class:chosen=move || chosen.whole() == map + 1
                aria-label=move || name.get() aria-pressed=move || if chosen.whole() == map + 1 { "true" } else { "false" }
                title=move || name.get() on:click=move |_| chosen.set(map as f64 + 1.0)>
                <Picture cells=picture name scale=PICTURE / C3 as f32/>
            </button>
        }
    };
    let source = move |input: usize| {
        let name =
            Signal::derive(move || t_string!(words, convolution.map_of, layer = "S2", map = number(input as u64 + 1)));
        let picture = Signal::derive(move || seen.with(|seen| cells(&seen.outputs[1], S2, input)).flatten());
        view! { <Picture cells=picture name scale=PICTURE / S2 as f32/> }
    };
    let columns = (0..C3_MAPS).map(|map| {
        view! {
            {head(map)}
            {(0..S2_MAPS).map(|input| cell(map, input)).collect_view()}
        }
    });
    let counted = Memo::new(move |_| table.get().counts().ok());
    let preset = move |table_of: Connections, name: Signal<String>| {
        let pressed = move || if table.get() == table_of { "true" } else { "false" };
        view! { <button type="button" aria-pressed=pressed on:click=move |_| set(table_of)>{move || name.get()}</button> }
    };
    let said = move || {
        let (table, map) = (table.get(), chosen.whole() - 1);
        let inputs = table.inputs(map);
        let parameters = Connections::cost(inputs).map_or(0, |cost| cost.parameters);
        let (map, inputs, parameters) = (number(map as u64 + 1), number(inputs as u64), number(parameters));
        let alike = table.alike(chosen.whole() - 1).len();
        if alike == 0 {
            t_string!(words, convolution.alone, map = map, inputs = inputs, parameters = parameters)
        } else {
            t_string!(
                words,
                convolution.alike,
                map = map,
                inputs = inputs,
                parameters = parameters,
                others = number(alike as u64)
            )
        }
    };
    let answer = Signal::derive(move || {
        seen.with(Seen::answer).flatten().map_or_else(|| "–".to_owned(), |digit| number(digit as u64))
    });
    view! {
        <div class="table-head">
            <h2>{t!(words, convolution.table)}</h2>
            <div class="choice" role="group" aria-label=move || t_string!(words, convolution.table)>
                {preset(Connections::table_one(), Signal::derive(move || t_string!(words, convolution.table_one).to_owned()))}
                {preset(Connections::all(), Signal::derive(move || t_string!(words, convolution.all).to_owned()))}
            </div>
        </div>
        <div class="table-one">
            <div class="cells" role="group" aria-label=move || t_string!(words, convolution.table) node_ref=frame on:keydown=walk>
                <span class="corner mono" aria-hidden="true"><span>"C3→"</span><span>"S2↓"</span></span>
                {(0..S2_MAPS).map(source).collect_view()}
                {columns.collect_view()}
            </div>
            <div class="facts">
                <Fact name=Signal::derive(move || t_string!(words, convolution.parameters).to_owned())
                    value=Signal::derive(move || counted.get().map_or_else(|| "–".to_owned(), |counts| number(counts.parameters)))/>
                <Fact name=Signal::derive(move || t_string!(words, convolution.connections).to_owned())
                    value=Signal::derive(move || counted.get().map_or_else(|| "–".to_owned(), |counts| number(counts.connections)))/>
                <Fact name=Signal::derive(move || t_string!(words, convolution.distinct).to_owned())
                    value=Signal::derive(move || format!("{} / {}", number(table.get().distinct() as u64), number(C3_MAPS as u64)))/>
                <Fact name=Signal::derive(move || t_string!(words, convolution.answer).to_owned()) value=answer/>
            </div>
        </div>
        <p class="small" aria-live="polite">
            {said}
            {move || (table.get().added() > 0).then(|| view! { " " {t!(words, convolution.untrained)} })}
        </p>
    }
}
