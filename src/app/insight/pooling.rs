//! Max pooling: the pixels that are the maximum of a window.

use leptos::prelude::*;
use leptos_i18n::{t, t_string, td_string};
use words::i18n::{Locale, use_i18n};

use super::parts::{Found, ONE_OF_TWO, cells, extent_of, figure, number, percent};
use crate::app::wording::format::grouped;
use engine::Extent;
use scene::{Insight, MaxPooling, PooledWindow};

fn with<R>(found: Found, look: impl FnOnce(&MaxPooling) -> R) -> Option<R> {
    found.with(|insight| match insight {
        Some(Insight::MaxPooling(pooling)) => Some(look(pooling)),
        _ => None,
    })
}

/// Returns a sentence that says how many pixels are a maximum.
fn sentence(locale: Locale, pooling: &MaxPooling) -> String {
    let (winners, pixels) = (pooling.winners(), pooling.values.len());
    let share = winners as f64 / pixels.max(1) as f64;
    let most = pooling.wins.iter().copied().max().unwrap_or(0);
    let (pixels, winners, share) = (grouped(pixels as u64), grouped(winners as u64), percent(share));
    if most > 1 {
        td_string!(locale, insight.winners.says_often, pixels = pixels, winners = winners, share = share, most = most)
    } else {
        td_string!(locale, insight.winners.says, pixels = pixels, winners = winners, share = share)
    }
}

/// Renders the window of the current cell.
fn window(locale: Locale, won: &PooledWindow) -> AnyView {
    let (row, column) = won.place();
    let (value, row, column) = (number(f64::from(won.greatest)), row + 1, column + 1);
    let says = match won.next {
        Some(next) if next == won.greatest => {
            td_string!(locale, insight.winners.equal, value = value, row = row, column = column)
        }
        Some(next) => {
            let next = number(f64::from(next));
            td_string!(locale, insight.winners.next, value = value, row = row, column = column, next = next)
        }
        None => td_string!(locale, insight.winners.one, value = value, row = row, column = column),
    };
    let across = won.columns.len().max(1);
    let rows = won
        .values
        .chunks(across)
        .enumerate()
        .map(|(down, values)| {
            let numbers = values
                .iter()
                .enumerate()
                .map(|(x, &value)| {
                    let chosen = down * across + x == won.winner;
                    let wins = chosen.then(|| {
                        view! { <span class="hidden-text">" "{td_string!(locale, insight.winners.wins)}</span> }
                    });
                    view! { <td class:chosen=chosen>{number(f64::from(value))}{wins}</td> }
                })
                .collect_view();
            view! { <tr>{numbers}</tr> }
        })
        .collect_view();
    let caption = td_string!(
        locale,
        insight.winners.window,
        top = won.rows.start + 1,
        bottom = won.rows.end,
        left = won.columns.start + 1,
        right = won.columns.end
    );
    view! {
        <p>{says}</p>
        <table class="numbers-grid">
            <caption>{caption}</caption>
            <tbody>{rows}</tbody>
        </table>
    }
    .into_any()
}

/// Renders the insight into max pooling.
pub(super) fn view(found: Found, columns: usize) -> AnyView {
    let words = use_i18n();
    let map = Signal::derive(move || with(found, |p| cells(&p.values, p.columns, extent_of(&[&p.values]))));
    let wins = Signal::derive(move || {
        with(found, |p| {
            let wins: Vec<f32> = p.wins.iter().map(|&wins| wins as f32).collect();
            let most = wins.iter().fold(1.0_f32, |most, &wins| most.max(wins));
            cells(&wins, p.columns, Extent { min: 0.0, max: most })
        })
    });
    let title = move || with(found, |p| t_string!(words, insight.map, map = p.map + 1));
    view! {
        <h3 class="caps">{t!(words, insight.winners.title)}" " <span>{title}</span></h3>
        <p>{move || with(found, |p| sentence(words.get_locale(), p))}</p>
        <div class="insight-maps">
            {figure(map, columns, ONE_OF_TWO, |locale| td_string!(locale, insight.winners.before))}
            {figure(wins, columns, ONE_OF_TWO, |locale| td_string!(locale, insight.winners.won))}
        </div>
        {move || with(found, |p| p.pooled_window.as_ref().map(|won| window(words.get_locale(), won))).flatten()}
    }
    .into_any()
}
