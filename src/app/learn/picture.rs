//! Which test picture a lesson looks at.

use leptos::html;
use leptos::prelude::*;
use leptos_i18n::t_string;
use words::i18n::use_i18n;

use super::address::{Knob, Knobs};
use super::network::Example;
use super::numbers::count;
use crate::app::picture::{Appearance, draw_photo};
use crate::app::said::classes::cifar10;

/// How many test pictures ship, digits as well as CIFAR-10's.
const PICTURES: usize = 300;
/// The side of the picture that is shown, in CSS pixels.
const SHOWN: usize = 96;

/// The number of the picture, in the address `picture`.
pub(super) fn picture_knob(knobs: Knobs, first: usize) -> Knob {
    knobs.whole("picture", first, [0, PICTURES - 1])
}

/// The picture, what it shows, and the way to others.
#[component]
pub(super) fn PictureChooser(
    /// Its number.
    knob: Knob,
    /// What is there of it.
    #[prop(into)]
    example: Signal<Option<Example>>,
    /// Whether it is a digit.
    #[prop(optional)]
    digit: bool,
) -> impl IntoView {
    let (words, easel) = (use_i18n(), expect_context::<Appearance>());
    let canvas = NodeRef::<html::Canvas>::new();
    Effect::new(move |_| {
        easel.restored.track();
        let (Some(canvas), Some(example)) = (canvas.get(), example.get()) else { return };
        draw_photo(&canvas, &example.photo);
    });
    let called =
        Memo::new(move |_| {
            let locale = words.get_locale();
            let number = count(locale, knob.whole() as u64 + 1);
            let all = count(locale, PICTURES as u64);
            let class = example.with(|example| example.as_ref().map(|example| example.class));
            let what = class.map_or_else(String::new, |class| {
                if digit { class.to_string() } else { cifar10(locale, class).to_owned() }
            });
            if digit {
                t_string!(words, learn.digit_named, number = number, count = all, what = what)
            } else {
                t_string!(words, learn.picture_named, number = number, count = all, what = what)
            }
        });
    let turn = move |by: isize| {
        let next = (knob.value.get_untracked() as isize + by).rem_euclid(PICTURES as isize);
        knob.set(next as f64);
    };
    view! {
        <div class="example" role="group" aria-label=move || t_string!(words, learn.picture)>
            <canvas node_ref=canvas class="picture" role="img" aria-label=move || called.get() style=format!("width:{SHOWN}px;height:{SHOWN}px")></canvas>
            <div>
                <p class="small" aria-live="polite">{move || called.get()}</p>
                <button type="button" aria-label=move || t_string!(words, learn.picture_previous) on:click=move |_| turn(-1)>"‹"</button>
                <button type="button" aria-label=move || t_string!(words, learn.picture_next) on:click=move |_| turn(1)>"›"</button>
            </div>
        </div>
    }
}
