//! The page `/compare`.

use leptos::html;
use leptos::prelude::*;
use leptos_i18n::{t, t_string};
use words::i18n::use_i18n;

use super::address;
use super::blocks::Blocks;
use super::charts::Charts;
use super::checkpoints::Checkpoints;
use super::chooser::NetworkChooser;
use super::colours::colour_properties;
use super::comparison::Comparison;
use super::papers::PaperTables;
use super::sizes::Resolutions;
use super::table::CostTable;
use layerscope::app::browser::element_size;
use layerscope::app::components::deferred::Deferred;
use layerscope::app::header::side_page::SideHeader;
use layerscope::app::header::theme;
use layerscope::app::script::api;
use layerscope::app::wording::language;

/// The least width of a chart, in CSS pixels.
const MIN_CHART_WIDTH: u32 = 280;

/// The page `/compare`.
#[component]
pub(crate) fn ComparePage() -> impl IntoView {
    let words = use_i18n();
    let language = language::follow();
    let comparison = Comparison::new();
    provide_context(comparison);
    let notices = RwSignal::new(address::open(comparison));
    address::keep(comparison, language, notices);
    theme::follow(comparison.dark);
    api::expose_counts();
    Effect::new(move |_| document().set_title(t_string!(words, compare.document)));
    let ruler = NodeRef::<html::Div>::new();
    element_size::observe(ruler, move |width, _| {
        let width = (width as u32).max(MIN_CHART_WIDTH);
        if comparison.width.get_untracked() != width {
            comparison.width.set(width);
        }
    });
    let notice_text = move || {
        let (notices, locale) = (notices.read(), words.get_locale());
        (!notices.is_empty()).then(|| notices.iter().map(|notice| notice.text(locale)).collect::<Vec<_>>().join(" "))
    };
    view! {
        <SideHeader name=move || t_string!(words, compare.page) dark=comparison.dark language />
        <main class="bench compare" style=move || colour_properties(comparison.palette())>
            <section aria-labelledby="compare-title">
                <h1 id="compare-title">{t!(words, compare.heading)}</h1>
                <p class="soft lead">{t!(words, compare.lead)}</p>
                {move || {
                    notice_text()
                        .map(|text| {
                            view! {
                                <p role="alert" class="bench-notice">
                                    {text}
                                </p>
                            }
                        })
                }}
                <Deferred>
                    <NetworkChooser />
                </Deferred>
                <Deferred>
                    <Checkpoints notices />
                </Deferred>
                <div node_ref=ruler class="ruler" aria-hidden="true"></div>
            </section>
            <Deferred>
                <CostTable />
            </Deferred>
            <Deferred>
                <Charts />
            </Deferred>
            <Deferred>
                <Resolutions />
            </Deferred>
            <Deferred>
                <Blocks />
            </Deferred>
            <Deferred>
                <PaperTables />
            </Deferred>
        </main>
    }
}
