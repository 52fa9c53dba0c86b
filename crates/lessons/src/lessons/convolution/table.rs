//! Table I of the paper: the maps of S2 that each map of C3 reads. Each cell can be switched.

use leptos::ev::KeyboardEvent;
use leptos::html;
use leptos::prelude::*;
use leptos_i18n::{t, t_string};
use wasm_bindgen::JsCast;
use web_sys::HtmlElement;
use words::i18n::use_i18n;

use super::connection_settings::ConnectionSettings;
use super::pass::{C3, DigitPass, S2, map_cells};
use crate::fact::Fact;
use crate::latest::LatestResult;
use crate::settings::Settings;
use crate::text::dash;
use analysis::lesson::connections::{C3_MAPS, Connections, S2_MAPS};
use layerscope::app::components::picture::Picture;
use layerscope::app::wording::numbers::count;

/// The side of the picture of a map, in CSS pixels.
const PICTURE: f32 = 24.0;

/// Returns the step of an arrow key in the table, as maps of C3 and of S2.
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
    /// The settings of the lesson.
    settings: Settings,
    /// The connections that are set.
    connections: ConnectionSettings,
    /// The pass over the digit with these connections.
    pass: LatestResult<DigitPass>,
) -> impl IntoView {
    let words = use_i18n();
    let table = Memo::new(move |_| connections.get());
    let trained = Connections::table_one();
    let chosen = settings.whole("c3", 4, [1, C3_MAPS]);
    let number = move |n: u64| count(words.get_locale(), n);
    // The Tab key reaches one cell; the arrow keys move on from there.
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
            // A cell without focus can still be clicked.
            let _ = cell.focus();
        }
    };
    let cell = move |map: usize, input: usize| {
        let on = move || table.get().reads(map, input);
        let cell_name =
            move || t_string!(words, convolution.cell, map = number(map as u64 + 1), input = number(input as u64 + 1));
        let tab = move || if current.get() == [map, input] { "0" } else { "-1" };
        let press = move |_| {
            current.set([map, input]);
            chosen.set(map as f64 + 1.0);
            connections.set(table.get_untracked().toggled(map, input));
        };
        view! {
            <button
                type="button"
                class="cell"
                class:chosen=move || chosen.whole() == map + 1
                class:added=move || on() && !trained.reads(map, input)
                data-cell=format!("{map}-{input}")
                aria-label=cell_name
                aria-pressed=move || on().to_string()
                tabindex=tab
                on:click=press
                on:focus=move |_| current.set([map, input])
            >
                {move || if on() { "×" } else { "" }}
            </button>
        }
    };
    let head = move |map: usize| {
        let name =
            Signal::derive(move || t_string!(words, convolution.map_of, layer = "C3", map = number(map as u64 + 1)));
        let picture = Signal::derive(move || pass.with(|pass| map_cells(&pass.c3, C3, map)).flatten());
        view! {
            <button
                type="button"
                class="cell head"
                class:chosen=move || chosen.whole() == map + 1
                aria-label=move || name.get()
                aria-pressed=move || (chosen.whole() == map + 1).to_string()
                title=move || name.get()
                on:click=move |_| chosen.set(map as f64 + 1.0)
            >
                <Picture cells=picture name scale=PICTURE / C3 as f32 />
            </button>
        }
    };
    let source = move |input: usize| {
        let name =
            Signal::derive(move || t_string!(words, convolution.map_of, layer = "S2", map = number(input as u64 + 1)));
        let picture = Signal::derive(move || pass.with(|pass| map_cells(&pass.s2, S2, input)).flatten());
        view! { <Picture cells=picture name scale=PICTURE / S2 as f32 /> }
    };
    let columns = (0..C3_MAPS).map(|map| {
        view! {
            {head(map)}
            {(0..S2_MAPS).map(|input| cell(map, input)).collect_view()}
        }
    });
    let counted = Memo::new(move |_| table.get().counts().ok());
    let preset = move |preset: Connections, name: Signal<String>| {
        let pressed = move || (table.get() == preset).to_string();
        view! {
            <button type="button" aria-pressed=pressed on:click=move |_| connections.set(preset)>
                {move || name.get()}
            </button>
        }
    };
    let summary = move || {
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
    let answer =
        Signal::derive(move || pass.with(DigitPass::answer).flatten().map_or_else(dash, |digit| number(digit as u64)));
    view! {
        <div class="table-head">
            <h2>{t!(words, convolution.table)}</h2>
            <div class="choice" role="group" aria-label=move || t_string!(words, convolution.table)>
                {preset(
                    Connections::table_one(),
                    Signal::derive(move || t_string!(words, convolution.table_one).to_owned()),
                )}
                {preset(Connections::all(), Signal::derive(move || t_string!(words, convolution.all).to_owned()))}
            </div>
        </div>
        <div class="table-one">
            <div
                class="cells"
                role="group"
                aria-label=move || t_string!(words, convolution.table)
                node_ref=frame
                on:keydown=walk
            >
                <span class="corner mono" aria-hidden="true">
                    <span>"C3→"</span>
                    <span>"S2↓"</span>
                </span>
                {(0..S2_MAPS).map(source).collect_view()}
                {columns.collect_view()}
            </div>
            <div class="facts">
                <Fact
                    name=move || t_string!(words, convolution.parameters)
                    value=move || counted.get().map_or_else(dash, |counts| number(counts.parameters))
                />
                <Fact
                    name=move || t_string!(words, convolution.connections)
                    value=move || counted.get().map_or_else(dash, |counts| number(counts.connections))
                />
                <Fact
                    name=move || t_string!(words, convolution.distinct)
                    value=Signal::derive(move || {
                        format!("{} / {}", number(table.get().distinct() as u64), number(C3_MAPS as u64))
                    })
                />
                <Fact name=move || t_string!(words, convolution.answer) value=answer />
            </div>
        </div>
        <p class="small" aria-live="polite">
            {summary}
            {move || {
                (table.get().added() > 0)
                    .then(|| {
                        view! {
                            " "
                            {t!(words, convolution.untrained)}
                        }
                    })
            }}
        </p>
    }
}
