//! The controls of a lesson: sliders, choices and switches.

use leptos::prelude::*;

use super::link::NumberRange;
use super::settings::NumberSetting;

/// A slider with its name and its value.
#[component]
pub(super) fn Slider(
    /// The number to set.
    setting: NumberSetting,
    /// The name of the slider.
    #[prop(into)]
    name: Signal<String>,
    /// The value as text.
    #[prop(into)]
    text: Signal<String>,
) -> impl IntoView {
    view! {
        <label class="slider">
            <span class="slider-name">{move || name.get()}</span>
            <output class="mono">{move || text.get()}</output>
            <SliderInput setting name text />
        </label>
    }
}

/// The part of a slider that moves.
#[component]
pub(super) fn SliderInput(
    /// The number to set.
    setting: NumberSetting,
    /// The accessible name.
    #[prop(into)]
    name: Signal<String>,
    /// The value as text.
    #[prop(into)]
    text: Signal<String>,
) -> impl IntoView {
    let NumberRange { min, max, step, .. } = setting.range;
    let slide = move |event| {
        if let Ok(value) = event_target_value(&event).parse() {
            setting.set(value);
        }
    };
    view! {
        <input
            type="range"
            min=min
            max=max
            step=step
            prop:value=move || setting.get().to_string()
            aria-label=move || name.get()
            aria-valuetext=move || text.get()
            on:input=slide
        />
    }
}

/// One of a few options: a row of buttons, one of them pressed.
#[component]
pub(super) fn ChoiceButtons<T: Copy + PartialEq + Send + Sync + 'static>(
    /// The chosen option.
    value: RwSignal<T>,
    /// The name of the group.
    #[prop(into)]
    name: Signal<String>,
    /// The options, each with its name.
    options: Vec<(T, Signal<String>)>,
) -> impl IntoView {
    let buttons = options.into_iter().map(|(option, called)| {
        let pressed = move || (value.get() == option).to_string();
        view! {
            <button type="button" aria-pressed=pressed on:click=move |_| value.set(option)>
                {move || called.get()}
            </button>
        }
    });
    view! {
        <div class="choice" role="group" aria-label=move || name.get()>
            {buttons.collect_view()}
        </div>
    }
}

/// A switch.
#[component]
pub(super) fn Toggle(
    /// True if the switch is on.
    value: RwSignal<bool>,
    /// The name of the switch.
    #[prop(into)]
    name: Signal<String>,
) -> impl IntoView {
    view! {
        <label class="toggle">
            <input
                type="checkbox"
                prop:checked=move || value.get()
                on:change=move |event| value.set(event_target_checked(&event))
            />
            <span>{move || name.get()}</span>
        </label>
    }
}
