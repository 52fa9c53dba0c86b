//! Local response normalization: how much each neighbouring channel reduces a value.

use leptos::prelude::*;
use leptos_i18n::{t, t_string, td_string};
use words::i18n::{Locale, use_i18n};

use super::parts::{Found, ONE_OF_TWO, bar, cells, extent_of, figure, number, percent};
use scene::{Inhibition, Insight, ResponseNorm};

fn with<R>(found: Found, look: impl FnOnce(&ResponseNorm) -> R) -> Option<R> {
    found.with(|insight| match insight {
        Some(Insight::ResponseNorm(response)) => Some(look(response)),
        _ => None,
    })
}

/// Returns a sentence: which neighbour reduces the current value most, or, without a cell, how much of the map is left.
fn sentence(locale: Locale, response: &ResponseNorm) -> String {
    let Some(at) = &response.at else {
        return match response.norm_ratio {
            Some(kept) => {
                td_string!(locale, insight.neighbours.kept, share = percent(kept), ratio = number(kept))
            }
            None => td_string!(locale, insight.neighbours.silent).to_owned(),
        };
    };
    let heaviest = at.neighbours.iter().max_by(|a, b| a.square.total_cmp(&b.square)).filter(|n| n.square > 0.0);
    match heaviest {
        None => td_string!(locale, insight.neighbours.all_silent).to_owned(),
        Some(own) if own.channel == response.map => {
            td_string!(locale, insight.neighbours.itself, share = percent(own.share))
        }
        Some(other) => {
            td_string!(locale, insight.neighbours.other, map = other.channel + 1, share = percent(other.share))
        }
    }
}

/// Renders the neighbours and the arithmetic of the current value.
fn inhibition(locale: Locale, response: &ResponseNorm, at: &Inhibition) -> AnyView {
    let norm = response.norm;
    let rows = at
        .neighbours
        .iter()
        .map(|n| {
            let own = n.channel == response.map;
            view! {
                <tr class:own=own>
                    <th scope="row">
                        {n.channel + 1}
                        {own
                            .then(|| {
                                view! {
                                    " "
                                    {td_string!(locale, insight.this_map)}
                                }
                            })}
                    </th>
                    <td>{number(f64::from(n.value))}</td>
                    <td>{number(n.square)}</td>
                    <td>{percent(n.share)}{bar(n.share)}</td>
                </tr>
            }
        })
        .collect_view();
    let divided =
        format!("({} + {} · {})^{} = {}", norm.k, norm.alpha, number(at.squares), norm.beta, number(at.divisor));
    let result = format!("{} / {} = ", number(f64::from(at.value)), number(at.divisor));
    view! {
        <table class="insight-table">
            <caption>
                {td_string!(locale, insight.neighbours.place, row = at.cell.0 + 1, column = at.cell.1 + 1)}
            </caption>
            <thead>
                <tr>
                    <th scope="col">{td_string!(locale, insight.neighbours.map)}</th>
                    <th scope="col">"x"</th>
                    <th scope="col">"x²"</th>
                    <th scope="col">{td_string!(locale, insight.neighbours.share)}</th>
                </tr>
            </thead>
            <tbody>{rows}</tbody>
        </table>
        <div class="sums">
            <p class="mono">{divided}</p>
            <p class="mono">{result}<b>{number(f64::from(at.output))}</b></p>
        </div>
        <p class="soft small">{td_string!(locale, insight.neighbours.if_silent, divisor = number(at.zero_divisor))}</p>
    }
    .into_any()
}

/// Renders the insight into a local response normalization.
pub(super) fn view(found: Found, columns: usize) -> AnyView {
    let words = use_i18n();
    let picture = move |of: fn(&ResponseNorm) -> &Vec<f32>| {
        Signal::derive(move || with(found, |r| cells(of(r), r.columns, extent_of(&[of(r)]))))
    };
    let title = move || with(found, |r| t_string!(words, insight.map, map = r.map + 1));
    view! {
        <h3 class="caps">{t!(words, insight.neighbours.title)}" " <span>{title}</span></h3>
        <p>{move || with(found, |r| sentence(words.get_locale(), r))}</p>
        <div class="insight-maps">
            {figure(picture(|r| &r.before), columns, ONE_OF_TWO, |locale| td_string!(locale, insight.before))}
            {figure(picture(|r| &r.after), columns, ONE_OF_TWO, |locale| td_string!(locale, insight.after))}
        </div>
        {move || with(found, |r| r.at.as_ref().map(|at| inhibition(words.get_locale(), r, at))).flatten()}
    }
    .into_any()
}
