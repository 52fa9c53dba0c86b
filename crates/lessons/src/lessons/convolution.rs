//! Convolution, subsampling and Table I: LeNet-5's first layers on a digit, and the number of their weights.

mod connection_settings;
mod costs;
mod field;
mod pass;
mod table;
mod window;

use leptos::prelude::*;
use leptos_i18n::t;
use words::i18n::use_i18n;

use self::connection_settings::ConnectionSettings;
use self::costs::Costs;
use self::pass::{DigitPass, NETWORK};
use self::table::Table;
use self::window::WindowView;
use crate::latest::LatestResult;
use crate::notices::error_notice;
use crate::picture_chooser::picture_setting;
use crate::settings::Settings;
use analysis::lesson::sharing::connections;
use layerscope::app::wording::numbers::count;
use net::network;

/// The body of the lesson.
#[component]
pub(super) fn Convolution(
    /// The settings of the lesson.
    settings: Settings,
) -> impl IntoView {
    let words = use_i18n();
    let picture = picture_setting(settings, 0);
    let table = ConnectionSettings::new(settings);
    let pass = LatestResult::new(move || DigitPass::run(picture.whole(), table.get().ablation()));
    // Parameters and connections of S2.
    let subsampling = network(NETWORK).ok().and_then(|graph| {
        let id = graph.find("S2").ok()?;
        Some((graph.parameters(id).value(), connections(&graph, id)))
    });
    let number = move |n: u64| count(words.get_locale(), n);
    let subsampled = subsampling.map(|(parameters, connections)| {
        view! {
            <p>
                {t!(
                    words, convolution.subsampling, parameters = move || number(parameters), connections = move || number(connections)
                )}
            </p>
        }
    });
    view! {
        <div class="lesson-text">
            <p>{t!(words, convolution.what)}</p>
            {subsampled}
            <Costs settings />
            <p>{t!(words, convolution.why)}</p>
        </div>
        <div class="lesson-figure convolution">
            <WindowView settings picture pass />
            <Table settings connections=table pass />
            {error_notice(pass.error())}
        </div>
    }
}
