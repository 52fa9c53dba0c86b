//! The choice of the test picture of a lesson.

use leptos::html;
use leptos::prelude::*;
use leptos_i18n::t_string;
use words::i18n::use_i18n;

use super::examples::Example;
use super::settings::{NumberSetting, Settings};
use layerscope::app::components::picture::{Appearance, draw_photo};
use layerscope::app::wording::classes::cifar10;
use layerscope::app::wording::numbers::count;

/// The number of shipped test pictures, for the digits and for CIFAR-10.
const PICTURES: usize = 300;
/// The side of the picture, in CSS pixels.
const SHOWN: usize = 96;

/// Adds the number of the test picture, with the link parameter `picture`.
pub(super) fn picture_setting(settings: Settings, first: usize) -> NumberSetting {
    settings.whole("picture", first, [0, PICTURES - 1])
}

/// The picture, its class, and the buttons to its neighbours.
#[component]
pub(super) fn PictureChooser(
    /// The number of the picture.
    setting: NumberSetting,
    /// The picture, once loaded.
    #[prop(into)]
    example: Signal<Option<Example>>,
    /// True if the picture is a digit.
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
    let description =
        Memo::new(move |_| {
            let locale = words.get_locale();
            let number = count(locale, setting.whole() as u64 + 1);
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
        let next = (setting.value.get_untracked() as isize + by).rem_euclid(PICTURES as isize);
        setting.set(next as f64);
    };
    view! {
        <div class="example" role="group" aria-label=move || t_string!(words, learn.picture)>
            <canvas
                node_ref=canvas
                class="picture"
                role="img"
                aria-label=move || description.get()
                style=format!("width:{SHOWN}px;height:{SHOWN}px")
            ></canvas>
            <div>
                <p class="small" aria-live="polite">
                    {move || description.get()}
                </p>
                <button
                    type="button"
                    aria-label=move || t_string!(words, learn.picture_previous)
                    on:click=move |_| turn(-1)
                >
                    "‹"
                </button>
                <button type="button" aria-label=move || t_string!(words, learn.picture_next) on:click=move |_| turn(1)>
                    "›"
                </button>
            </div>
        </div>
    }
}
