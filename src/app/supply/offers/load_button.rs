//! The button that loads an offer.

use leptos::prelude::*;
use leptos_i18n::t_string;
use words::i18n::use_i18n;

use crate::app::supply::choice::WeightsChoice;
use crate::app::supply::loaded::LoadState;
use crate::app::supply::loader::WeightsLoader;
use weights::WeightsSpec;

/// The button that loads one offer. It stays and says so when its weights are loaded, so that the focus stays on it.
#[component]
pub(super) fn LoadButton(
    supply: WeightsLoader,
    /// The weights to load.
    named: WeightsSpec,
    /// The name of the weights.
    title: Signal<String>,
    /// The label of the button while its weights are not loaded.
    verb: Signal<&'static str>,
    load: impl Fn(WeightsChoice) + Copy + Send + 'static,
) -> impl IntoView {
    let (words, named) = (use_i18n(), StoredValue::new(named));
    let choice = move || WeightsChoice::from(named.get_value());
    let chosen = Memo::new(move |_| *supply.choice.read() == Some(choice()));
    let loading = move || matches!(*supply.state.read(), LoadState::Loading { .. });
    let does = Memo::new(move |_| match (chosen.get(), loading()) {
        (true, true) => t_string!(words, supply.take.on_its_way),
        (true, false) => t_string!(words, supply.take.in_use),
        (false, _) => verb.get(),
    });
    let pressed = move |_| {
        if !chosen.get_untracked() {
            load(choice());
        }
    };
    view! {
        <button
            aria-disabled=move || chosen.get().to_string()
            aria-label=move || t_string!(words, supply.take.name, verb = does.get(), title = title.get())
            on:click=pressed
        >
            {move || does.get()}
        </button>
    }
}
