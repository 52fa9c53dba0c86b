//! What is moved: sliders, choices, switches.

use leptos::prelude::*;

use super::address::Knob;

/// A slider with its name and what it says.
#[component]
pub(super) fn Slider(
    /// What it moves.
    knob: Knob,
    /// Its name.
    #[prop(into)]
    name: Signal<String>,
    /// Its value as people read it.
    #[prop(into)]
    shown: Signal<String>,
) -> impl IntoView {
    let slide = move |event| {
        if let Ok(value) = event_target_value(&event).parse() {
            knob.set(value);
        }
    };
    view! {
        <label class="slider">
            <span class="slider-name">{move || name.get()}</span>
            <output class="mono">{move || shown.get()}</output>
            <input type="range" min=knob.least max=knob.most step=knob.step prop:value=move || knob.get().to_string()
                aria-label=move || name.get() aria-valuetext=move || shown.get() on:input=slide/>
        </label>
    }
}

/// One of a few, as buttons of which one is pressed.
#[component]
pub(super) fn Choice<T: Copy + PartialEq + Send + Sync + 'static>(
    /// What is chosen.
    value: RwSignal<T>,
    /// The name of the whole.
    #[prop(into)]
    name: Signal<String>,
    /// All there are, each with what it is called.
    options: Vec<(T, Signal<String>)>,
) -> impl IntoView {
    let buttons = options.into_iter().map(|(option, called)| {
        let pressed = move || if value.get() == option { "true" } else { "false" };
        view! {
            <button type="button" aria-pressed=pressed on:click=move |_| value.set(option)>{move || called.get()}</button>
        }
    });
    view! { <div class="choice" role="group" aria-label=move || name.get()>{buttons.collect_view()}</div> }
}

/// A switch.
#[component]
pub(super) fn Toggle(
    /// Whether it is on.
    value: RwSignal<bool>,
    /// Its name.
    #[prop(into)]
    name: Signal<String>,
) -> impl IntoView {
    view! {
        <label class="toggle">
            <input type="checkbox" prop:checked=move || value.get() on:change=move |event| value.set(event_target_checked(&event))/>
            <span>{move || name.get()}</span>
        </label>
    }
}
