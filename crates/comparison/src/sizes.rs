//! The work of each network at 224, 112, 56, 28, 14 and 7 rows.

use std::sync::Arc;

use leptos::prelude::*;
use leptos_i18n::{t, td_string};
use words::i18n::{Locale, use_i18n};

use super::colours::colour_style;
use super::comparison::{ComparedNetwork, Comparison};
use super::terms;
use analysis::compare::{Resolution, SIZES, at_size, units};
use layerscope::app::wording::numbers::count;

/// The work of a network at one of its resolutions.
fn resolution_view(locale: Locale, compared: &ComparedNetwork, resolution: &Resolution) -> impl IntoView + use<> {
    let share = compared.column.share_of_macs(resolution);
    let (side, channels) = (resolution.side, resolution.channels);
    let size = match side {
        1 => td_string!(locale, compare.sizes.vectors, channels = channels),
        _ => td_string!(locale, compare.sizes.deep, size = side, channels = channels),
    };
    let convolutions = match resolution.convolutions {
        0 => String::new(),
        1 => td_string!(locale, compare.sizes.one_convolution).to_owned(),
        many => td_string!(locale, compare.sizes.convolutions, count = count(locale, many as u64)),
    };
    let activations = terms::bytes(locale, resolution.activation_bytes);
    let mut lines = vec![td_string!(locale, compare.sizes.activations, value = activations)];
    if resolution.parameters > 0 {
        lines.insert(0, td_string!(locale, compare.sizes.parameters, value = units::count(resolution.parameters)));
    }
    if resolution.macs > 0 {
        lines.insert(0, format!("{} · {}", terms::percent(locale, 100.0 * share, 1), units::macs(resolution.macs)));
    }
    let lines = lines.into_iter().map(|line| view! { <span class="exact">{line}</span> });
    view! {
        <div class="own">
            <b>{size}</b>
            <span class="soft">{convolutions}</span>
            <i
                class="share"
                style=format!("{};width:{:.2}%", colour_style(compared.place), 100.0 * share)
                aria-hidden="true"
            ></i>
            {lines.collect_view()}
        </div>
    }
}

/// The table of resolutions.
#[component]
pub(super) fn Resolutions() -> impl IntoView {
    let (words, comparison) = (use_i18n(), expect_context::<Comparison>());
    let heads = move || {
        let one = |compared: Arc<ComparedNetwork>| {
            view! {
                <th scope="col">
                    <span class="swatch" style=colour_style(compared.place) aria-hidden="true"></span>
                    {compared.column.title.to_string()}
                </th>
            }
        };
        comparison.ordered().into_iter().map(one).collect_view()
    };
    let rows = move || {
        let (all, locale) = (comparison.ordered(), words.get_locale());
        let row = |size: usize| {
            let cell = |compared: &Arc<ComparedNetwork>| {
                let own: Vec<_> = at_size(&compared.column, size)
                    .into_iter()
                    .map(|one| resolution_view(locale, compared, one))
                    .collect();
                if own.is_empty() {
                    view! { <td class="faint">"—"</td> }.into_any()
                } else {
                    view! { <td>{own}</td> }.into_any()
                }
            };
            let name = if size == 1 { td_string!(locale, compare.sizes.no_map).to_owned() } else { size.to_string() };
            view! {
                <tr>
                    <th scope="row">{name}</th>
                    {all.iter().map(cell).collect_view()}
                </tr>
            }
        };
        SIZES.map(row).into_iter().collect_view()
    };
    view! {
        <section>
            <h2 id="sizes-title">{t!(words, compare.sizes.title)}</h2>
            <p class="soft lead">{t!(words, compare.sizes.lead)}</p>
            <div class="table-frame" tabindex="0" role="region" aria-labelledby="sizes-title">
                <table class="times aligned">
                    <thead>
                        <tr>
                            <th scope="col">{t!(words, compare.sizes.rows)}</th>
                            {heads}
                        </tr>
                    </thead>
                    <tbody>{rows}</tbody>
                </table>
            </div>
        </section>
    }
}
