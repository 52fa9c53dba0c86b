//! A number with its name.

use leptos::prelude::*;

/// A number in large type with its name.
#[component]
pub(super) fn Fact(
    /// The name.
    #[prop(into)]
    name: Signal<String>,
    /// The number as text.
    #[prop(into)]
    value: Signal<String>,
    /// The arithmetic behind it, empty if there is none.
    #[prop(into, optional)]
    how: Signal<String>,
) -> impl IntoView {
    view! {
        <div class="fact" role="group" aria-label=move || name.get()>
            <span class="fact-name">{move || name.get()}</span>
            <output class="fact-value">{move || value.get()}</output>
            {move || (!how.read().is_empty()).then(|| view! { <span class="mono soft">{how.get()}</span> })}
        </div>
    }
}
