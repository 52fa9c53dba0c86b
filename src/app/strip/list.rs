//! The list of test pictures, class by class. One is chosen by a pointer or the arrow keys.

use leptos_i18n::t_string;
use std::sync::Arc;

use leptos::ev::{KeyboardEvent, MouseEvent};
use leptos::leptos_dom::helpers::request_animation_frame;
use leptos::prelude::*;
use wasm_bindgen::JsCast;
use web_sys::{HtmlCanvasElement, HtmlElement, ScrollIntoViewOptions, ScrollLogicalPosition};

use super::state::StripState;
use crate::app::components::picture::draw_photo;
use crate::app::photo::{cropped_photo_of, picture_number};
use crate::app::wording::classes::cifar10;
use input::ImagePack;
use net::Classes;

/// The beginning of the id of a picture's element. The number of the picture follows.
const PREFIX: &str = "test-picture-";

/// Returns the number of a picture among those of its class, from 1.
fn rank(pack: &ImagePack, index: usize) -> usize {
    (0..=index).filter(|&at| pack.label(at) == pack.label(index)).count()
}

fn id(index: usize) -> String {
    format!("{PREFIX}{index}")
}

/// Returns the number of the picture whose element has the id `id`.
fn number(id: &str) -> Option<usize> {
    id.strip_prefix(PREFIX)?.parse().ok()
}

fn element(index: usize) -> Option<HtmlElement> {
    document().get_element_by_id(&id(index))?.dyn_into().ok()
}

/// Returns the pictures in the order of the list.
fn order(pack: &ImagePack) -> Vec<usize> {
    net::order::order(pack.len(), &mut |a, b| pack.label(a).cmp(&pack.label(b)))
}

/// Returns the place in `order` that a key leads to from `from`. Arrow keys move by a picture or by a row.
fn step(order: &[usize], from: usize, key: &str) -> Option<usize> {
    let last = order.len().checked_sub(1)?;
    // The pictures of one row have the same top.
    let top = |at: usize| element(order[at]).map(|element| element.offset_top());
    let row = |back: bool| {
        let (here, left) = (top(from)?, element(order[from])?.offset_left());
        let all: Box<dyn Iterator<Item = usize>> =
            if back { Box::new((0..from).rev()) } else { Box::new(from + 1..=last) };
        let mut beyond = all.filter(|&at| top(at) != Some(here));
        let first = beyond.next()?;
        let same_row = std::iter::once(first).chain(beyond.take_while(|&at| top(at) == top(first)));
        same_row.min_by_key(|&at| element(order[at]).map_or(i32::MAX, |e| (e.offset_left() - left).abs()))
    };
    match key {
        "ArrowRight" => Some((from + 1).min(last)),
        "ArrowLeft" => Some(from.saturating_sub(1)),
        "ArrowDown" => row(false),
        "ArrowUp" => row(true),
        "Home" => Some(0),
        "End" => Some(last),
        _ => None,
    }
}

#[component]
pub(super) fn PictureList(strip: StripState, pack: Arc<ImagePack>) -> impl IntoView {
    let page = strip.page;
    let order = StoredValue::new(order(&pack));
    let shown =
        Memo::new(move |_| page.input.photo().read().as_ref().and_then(|cropped| picture_number(&cropped.name)));
    let stored_pack = StoredValue::new(pack);
    let choose = move |index: usize| {
        if let Some(cropped) = stored_pack.with_value(|pack| cropped_photo_of(pack, index)) {
            page.input.show_photo(cropped);
        }
    };
    let press = move |event: KeyboardEvent| {
        if event.ctrl_key() || event.alt_key() || event.meta_key() {
            return;
        }
        let next = order.with_value(|order| {
            let from = shown.get_untracked().and_then(|index| order.iter().position(|&at| at == index));
            match from {
                Some(from) => step(order, from, &event.key()),
                None => step(order, 0, &event.key()).map(|_| 0),
            }
            .map(|at| order[at])
        });
        if let Some(index) = next {
            event.prevent_default();
            // The stage handles the same keys.
            event.stop_propagation();
            choose(index);
            if let Some(element) = element(index) {
                let options = ScrollIntoViewOptions::new();
                options.set_block(ScrollLogicalPosition::Nearest);
                element.scroll_into_view_with_scroll_into_view_options(&options);
            }
        }
    };
    let pack = stored_pack.get_value();
    let words = page.words;
    let classes = (0..Classes::Cifar10.count()).map(|class| {
        let name = move || cifar10(words.get_locale(), class);
        let of_class: Vec<usize> = (0..pack.len()).filter(|&index| pack.label(index) == Some(class)).collect();
        let pictures = of_class.into_iter().map(|index| picture(strip, &pack, index, shown)).collect_view();
        view! {
            <div role="group" aria-label=name class="strip-class">
                <span class="soft small" aria-hidden="true">
                    {name}
                </span>
                <div class="strip-pictures">{pictures}</div>
            </div>
        }
    });
    // One listener serves all pictures.
    let pressed = move |event: MouseEvent| {
        let target = event.target().and_then(|target| target.dyn_into::<HtmlElement>().ok());
        if let Some(index) = target.and_then(|target| number(&target.id())) {
            choose(index);
        }
    };
    // Draw the pictures once the list is on the page, and again when the browser has discarded the canvases.
    Effect::new(move |_| {
        page.appearance.restored.track();
        request_animation_frame(move || {
            stored_pack.try_with_value(|pack| {
                for index in 0..pack.len() {
                    let canvas = element(index).and_then(|element| element.dyn_into::<HtmlCanvasElement>().ok());
                    if let (Some(canvas), Some(photo)) = (canvas, pack.photo(index)) {
                        draw_photo(&canvas, &photo);
                    }
                }
            });
        });
    });
    let active = move || shown.get().map(id);
    view! {
        <div
            class="strip-list"
            role="listbox"
            tabindex="0"
            aria-label=move || t_string!(words, strip.title)
            aria-activedescendant=active
            on:keydown=press
            on:click=pressed
        >
            {classes.collect_view()}
        </div>
    }
}

fn picture(strip: StripState, pack: &ImagePack, index: usize, shown: Memo<Option<usize>>) -> impl IntoView + use<> {
    let answer = strip.answers.with_value(|answers| answers.get(index).copied());
    let truth = pack.label(index);
    let words = strip.page.words;
    let answered = move || answer.and_then(|answer| answer.get());
    let class = move || match answered() {
        None => "strip-picture",
        answer if answer == truth => "strip-picture right",
        Some(_) => "strip-picture wrong",
    };
    let number = rank(pack, index);
    let title = move || {
        let class = truth.map_or("", |class| cifar10(words.get_locale(), class));
        t_string!(words, strip.picture, class = class, number = number)
    };
    let name = move || match answered() {
        Some(answer) if truth != Some(answer) => {
            t_string!(words, strip.taken, picture = title(), answer = cifar10(words.get_locale(), answer))
        }
        _ => title(),
    };
    view! {
        <canvas
            id=id(index)
            class=class
            role="option"
            aria-selected=move || (shown.get() == Some(index)).to_string()
            aria-label=name
            title=title
        ></canvas>
    }
}
