//! The number of weights of a layer: shared, not shared, and fully connected.

use leptos::prelude::*;
use leptos_i18n::{t, t_string};
use words::i18n::use_i18n;

use crate::controls::Slider;
use crate::settings::Settings;
use crate::text::square;
use analysis::lesson::sharing::SharingCounts;
use layerscope::app::wording::numbers::count;
use net::Shape;

/// The input of C1.
const FIELD: Shape = Shape::maps(1, 32, 32);
/// The powers of ten that a bar spans: from one parameter to a hundred million.
const DECADES: f64 = 8.0;

/// The three counts, for any kernel size and number of maps.
#[component]
pub(super) fn Costs(
    /// The settings of the lesson.
    settings: Settings,
) -> impl IntoView {
    let words = use_i18n();
    let (kernel, maps) = (settings.whole("kernel", 5, [1, 15]), settings.whole("maps", 6, [1, 32]));
    let counted = Memo::new(move |_| SharingCounts::new(FIELD, maps.whole(), kernel.whole()).ok());
    let row = move |name: Signal<String>, of: fn(&SharingCounts) -> u64| {
        let value = Signal::derive(move || counted.with(|counted| counted.as_ref().map_or(0, of)));
        let width = move || format!("width:{:.2}%", (value.get().max(1) as f64).log10() / DECADES * 100.0);
        view! {
            <div class="fact cost" role="group" aria-label=move || name.get()>
                <span class="fact-name">{move || name.get()}</span>
                <output class="mono">{move || count(words.get_locale(), value.get())}</output>
                <span class="cost-bar">
                    <span style=width></span>
                </span>
            </div>
        }
    };
    let output = move || {
        let locale = words.get_locale();
        counted.with(|counted| {
            counted.as_ref().map(|counted| (counted.output.to_string(), count(locale, counted.connections)))
        })
    };
    let size = move || output().map(|(size, _)| size).unwrap_or_default();
    let connections = move || output().map(|(_, connections)| connections).unwrap_or_default();
    view! {
        <section class="costs" aria-labelledby="costs-title">
            <h2 id="costs-title">{t!(words, convolution.costs)}</h2>
            <div class="knobs">
                <Slider
                    setting=kernel
                    name=move || t_string!(words, convolution.kernel_size)
                    text=Signal::derive(move || square(kernel.whole()))
                />
                <Slider
                    setting=maps
                    name=move || t_string!(words, convolution.maps)
                    text=move || count(words.get_locale(), maps.whole() as u64)
                />
            </div>
            {row(Signal::derive(move || t_string!(words, convolution.shared).to_owned()), |counted| counted.shared)}
            {row(Signal::derive(move || t_string!(words, convolution.unshared).to_owned()), |counted| counted.unshared)}
            {row(Signal::derive(move || t_string!(words, convolution.full).to_owned()), |counted| counted.full)}
            <p class="small soft" aria-live="polite">
                {t!(words, convolution.scale, size = size, connections = connections)}
            </p>
        </section>
    }
}
