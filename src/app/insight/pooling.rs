//! Max pooling: who wins.

use leptos::prelude::*;

use super::parts::{Found, ONE_OF_TWO, cells, extent_of, figure, number, percent};
use crate::app::format::grouped;
use crate::engine::Extent;
use crate::stage::{Insight, MaxPooling, Won};

fn with<R>(found: Found, look: impl FnOnce(&MaxPooling) -> R) -> Option<R> {
    found.with(|insight| match insight {
        Some(Insight::MaxPooling(pooling)) => Some(look(pooling)),
        _ => None,
    })
}

/// How many pixels go on.
fn sentence(pooling: &MaxPooling) -> String {
    let (winners, pixels) = (pooling.winners(), pooling.values.len());
    let share = winners as f64 / pixels.max(1) as f64;
    let most = pooling.wins.iter().copied().max().unwrap_or(0);
    let often = if most > 1 { format!(", some of them up to {most} times") } else { String::new() };
    format!(
        "Of {} pixels {} ({}) are the greatest of a window and go on{often}; the others are dropped.",
        grouped(pixels as u64),
        grouped(winners as u64),
        percent(share)
    )
}

/// The window that is pointed at.
fn window(won: &Won) -> AnyView {
    let (row, column) = won.place();
    let next = match won.next {
        Some(next) if next == won.greatest => ", and another equals it".to_owned(),
        Some(next) => format!("; the next is {}", number(f64::from(next))),
        None => String::new(),
    };
    let greatest = number(f64::from(won.greatest));
    let words = format!("{greatest} at row {}, column {} wins{next}.", row + 1, column + 1);
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
                    view! { <td class:chosen=chosen>{number(f64::from(value))}{chosen.then(|| view! { <span class="hidden-text">" wins"</span> })}</td> }
                })
                .collect_view();
            view! { <tr>{numbers}</tr> }
        })
        .collect_view();
    let caption = format!(
        "rows {}–{}, columns {}–{} of the input map",
        won.rows.start + 1,
        won.rows.end,
        won.columns.start + 1,
        won.columns.end
    );
    view! {
        <p>{words}</p>
        <table class="numbers-grid"><caption>{caption}</caption><tbody>{rows}</tbody></table>
    }
    .into_any()
}

pub(super) fn view(found: Found, columns: usize) -> AnyView {
    let map = Signal::derive(move || with(found, |p| cells(&p.values, p.columns, extent_of(&[&p.values]))));
    let wins = Signal::derive(move || {
        with(found, |p| {
            let wins: Vec<f32> = p.wins.iter().map(|&wins| wins as f32).collect();
            let most = wins.iter().fold(1.0_f32, |most, &wins| most.max(wins));
            cells(&wins, p.columns, Extent { min: 0.0, max: most })
        })
    });
    let title = move || with(found, |p| format!("· map {}", p.map + 1));
    view! {
        <h3 class="caps">"Winners " <span>{title}</span></h3>
        <p>{move || with(found, sentence)}</p>
        <div class="insight-maps">
            {figure(map, columns, ONE_OF_TWO, "before pooling")}
            {figure(wins, columns, ONE_OF_TWO, "windows won")}
        </div>
        {move || with(found, |p| p.won.as_ref().map(window)).flatten()}
    }
    .into_any()
}
