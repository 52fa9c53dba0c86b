//! Half the size, twice the width: the stages of a network, and what a layer of each costs.

mod rungs;
mod stages;

use leptos::prelude::*;
use leptos_i18n::t;
use words::i18n::use_i18n;

use self::rungs::Rungs;
use self::stages::Stages;
use crate::app::learn::address::Knobs;

/// The lesson.
#[component]
pub(super) fn Halving(
    /// What can be moved.
    knobs: Knobs,
) -> impl IntoView {
    let words = use_i18n();
    view! {
        <div class="lesson-text">
            <p>{t!(words, halving.what)}</p>
            <p>{t!(words, halving.paper_says)}</p>
            <Rungs knobs/>
        </div>
        <div class="lesson-figure halving">
            <Stages knobs/>
        </div>
    }
}
