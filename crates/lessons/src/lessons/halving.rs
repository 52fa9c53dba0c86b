//! Half the size, twice the width: the stages of a network, and the cost of a layer in each.

mod growth;
mod stages;

use leptos::prelude::*;
use leptos_i18n::t;
use words::i18n::use_i18n;

use self::growth::WidthGrowth;
use self::stages::Stages;
use crate::settings::Settings;

/// The body of the lesson.
#[component]
pub(super) fn Halving(
    /// The settings of the lesson.
    settings: Settings,
) -> impl IntoView {
    let words = use_i18n();
    view! {
        <div class="lesson-text">
            <p>{t!(words, halving.what)}</p>
            <p>{t!(words, halving.paper_says)}</p>
            <WidthGrowth settings />
        </div>
        <div class="lesson-figure halving">
            <Stages settings />
        </div>
    }
}
