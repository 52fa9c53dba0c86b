//! The scores of all classes as bars. A press chooses a class.

use leptos::prelude::*;
use leptos_i18n::{t, t_string};
use words::i18n::use_i18n;

use crate::examples::CIFAR10_CLASSES;
use crate::settings::NumberSetting;
use crate::text::dash;
use layerscope::app::wording::classes::cifar10;
use layerscope::app::wording::numbers::decimal;

/// Returns the least and the greatest score, and 0 if neither side reaches it.
fn score_range(scores: &[f32]) -> (f32, f32) {
    scores.iter().fold((0.0, 0.0), |(low, high), &score| (low.min(score), high.max(score)))
}

/// The scores of all classes. The bars start at zero and span the range of the scores.
#[component]
pub(super) fn ClassScores(
    /// The scores.
    #[prop(into)]
    scores: Signal<Option<Vec<f32>>>,
    /// The class of the greatest score, which is marked.
    answer: Memo<Option<usize>>,
    /// The chosen class.
    chosen: Memo<usize>,
    /// The setting of the class.
    class: NumberSetting,
) -> impl IntoView {
    let words = use_i18n();
    let bar = move |place: usize| {
        let score = Signal::derive(move || scores.with(|scores| scores.as_ref()?.get(place).copied()));
        let width = move || {
            let (low, high) = scores.with(|scores| scores.as_deref().map_or((0.0, 1.0), score_range));
            let (all, score) = ((high - low).max(f32::MIN_POSITIVE), score.get().unwrap_or(0.0));
            format!("margin-left:{}%;width:{}%", 100.0 * (score.min(0.0) - low) / all, 100.0 * score.abs() / all)
        };
        let pressed = move || (chosen.get() == place).to_string();
        let value = move || score.get().map_or_else(dash, |score| decimal(words.get_locale(), f64::from(score), 2));
        let below = move || score.get().is_some_and(|score| score < 0.0);
        view! {
            <button type="button" class="averaged-class" aria-pressed=pressed on:click=move |_| class.set(place as f64)>
                <span>
                    {move || cifar10(words.get_locale(), place)}
                    {move || (answer.get() == Some(place)).then_some(" ●")}
                </span>
                <span class="averaged-score" aria-hidden="true">
                    <i class:below=below style=width></i>
                </span>
                <span class="mono">{value}</span>
            </button>
        }
    };
    view! {
        <div class="averaged-classes" role="group" aria-label=move || t_string!(words, average_pooling.class)>
            <span class="caps">{t!(words, average_pooling.scores)}</span>
            {(0..CIFAR10_CLASSES).map(bar).collect_view()}
        </div>
    }
}
