//! A figure beside the curve that it belongs to.

use leptos::prelude::*;

/// Shows a figure behind a short piece of its curve, which has `class`.
pub(super) fn curve_fact(class: impl Into<String>, fact: impl IntoView) -> impl IntoView {
    let class = class.into();
    view! {
        <div class="curve-fact">
            <svg class="curve-sample" viewBox="0 0 28 6" aria-hidden="true">
                <line class=class x1="1" x2="27" y1="3" y2="3"></line>
            </svg>
            {fact}
        </div>
    }
}
