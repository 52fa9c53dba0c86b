//! The cost of a 3x3 layer in each stage, for any growth of the width per halving of the side.

use leptos::prelude::*;
use leptos_i18n::{t, t_string};
use words::i18n::use_i18n;

use crate::controls::Slider;
use crate::settings::Settings;
use analysis::lesson::stages::stage_layers;
use layerscope::app::wording::numbers::{compact, count, decimal};

/// The experiment with its two sliders.
#[component]
pub(super) fn WidthGrowth(
    /// The settings of the lesson.
    settings: Settings,
) -> impl IntoView {
    let words = use_i18n();
    let (width, growth) = (settings.whole("width", 64, [8, 256]), settings.number("growth", 2.0, [1.0, 4.0], 0.25));
    let rungs = Memo::new(move |_| stage_layers(width.whole(), growth.get()).unwrap_or_default());
    let factor = move || {
        let growth = growth.get();
        format!("×{}", decimal(words.get_locale(), growth, if growth.fract() == 0.0 { 0 } else { 2 }))
    };
    let verdict = move || {
        let growth = growth.get();
        if (growth - 2.0).abs() < 1e-9 {
            t_string!(words, halving.same)
        } else if growth < 2.0 {
            t_string!(words, halving.cheaper)
        } else {
            t_string!(words, halving.dearer)
        }
    };
    let rows = move || {
        let locale = words.get_locale();
        let rungs = rungs.get();
        let max = rungs.iter().map(|rung| rung.macs).max().unwrap_or(1).max(1);
        let row = |(place, rung): (usize, &analysis::lesson::stages::StageLayer)| {
            let bar = format!("width:{:.2}%", rung.macs as f64 / max as f64 * 100.0);
            let stage_name = t_string!(words, halving.rung, stage = count(locale, place as u64 + 1));
            view! {
                <div class="fact rung" role="group" aria-label=stage_name>
                    <span class="mono">{format!("{0}×{0} · {1}", rung.side, count(locale, rung.width as u64))}</span>
                    <output class="mono" data-value=rung.macs>
                        {compact(locale, rung.macs as f64)}
                    </output>
                    <span class="rung-bar">
                        <span style=bar></span>
                    </span>
                    <span class="mono soft rung-weights">{compact(locale, rung.weights as f64)}</span>
                </div>
            }
        };
        rungs.iter().enumerate().map(row).collect_view()
    };
    view! {
        <section class="rungs" aria-labelledby="rungs-title">
            <h2 id="rungs-title">{t!(words, halving.experiment)}</h2>
            <div class="knobs">
                <Slider setting=growth name=move || t_string!(words, halving.growth) text=factor />
                <Slider
                    setting=width
                    name=move || t_string!(words, halving.width)
                    text=move || count(words.get_locale(), width.whole() as u64)
                />
            </div>
            <div class="rung caption small soft">
                <span>{t!(words, halving.size)}</span>
                <span>{t!(words, halving.macs_short)}</span>
                <span></span>
                <span class="rung-weights">{t!(words, halving.weights)}</span>
            </div>
            {rows}
            <p class="small" aria-live="polite">
                {verdict}
            </p>
        </section>
    }
}
