//! Local response normalisation: who holds a value down.

use leptos::prelude::*;

use super::parts::{Found, ONE_OF_TWO, bar, cells, extent_of, figure, number, percent};
use crate::stage::{Inhibition, Insight, ResponseNorm};

fn with<R>(found: Found, look: impl FnOnce(&ResponseNorm) -> R) -> Option<R> {
    found.with(|insight| match insight {
        Some(Insight::ResponseNorm(response)) => Some(look(response)),
        _ => None,
    })
}

/// What is left of the map, or who weighs most on the value that is pointed at.
fn sentence(response: &ResponseNorm) -> String {
    let Some(at) = &response.at else {
        return match response.kept {
            Some(kept) => format!(
                "{} of this map's strength is left after its neighbours were weighed: |after| / |before| = {}.",
                percent(kept),
                number(kept)
            ),
            None => "This map is silent here: zeros stay zeros.".to_owned(),
        };
    };
    let heaviest = at.neighbours.iter().max_by(|a, b| a.square.total_cmp(&b.square)).filter(|n| n.square > 0.0);
    match heaviest {
        None => "All neighbours are silent at this pixel.".to_owned(),
        Some(own) if own.channel == response.map => {
            format!("The value weighs most on itself: {} of the sum of squares.", percent(own.share))
        }
        Some(other) => {
            format!("Map {} weighs most: {} of the sum of squares.", other.channel + 1, percent(other.share))
        }
    }
}

/// The neighbours and the arithmetic of the value that is pointed at.
fn inhibition(response: &ResponseNorm, at: &Inhibition) -> AnyView {
    let norm = response.norm;
    let rows = at
        .neighbours
        .iter()
        .map(|n| {
            let own = n.channel == response.map;
            view! {
                <tr class:own=own>
                    <th scope="row">{n.channel + 1}{own.then_some(" (this map)")}</th>
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
            <caption>{format!("Row {}, column {}", at.cell.0 + 1, at.cell.1 + 1)}</caption>
            <thead><tr><th scope="col">"Map"</th><th scope="col">"x"</th><th scope="col">"x²"</th><th scope="col">"Share"</th></tr></thead>
            <tbody>{rows}</tbody>
        </table>
        <div class="sums">
            <p class="mono">{divided}</p>
            <p class="mono">{result}<b>{number(f64::from(at.output))}</b></p>
        </div>
        <p class="soft small">{format!("If all of them were silent, it would be divided by {}.", number(at.silent))}</p>
    }
    .into_any()
}

pub(super) fn view(found: Found, columns: usize) -> AnyView {
    let picture = move |of: fn(&ResponseNorm) -> &Vec<f32>| {
        Signal::derive(move || with(found, |r| cells(of(r), r.columns, extent_of(&[of(r)]))))
    };
    let title = move || with(found, |r| format!("· map {}", r.map + 1));
    view! {
        <h3 class="caps">"Neighbours " <span>{title}</span></h3>
        <p>{move || with(found, sentence)}</p>
        <div class="insight-maps">
            {figure(picture(|r| &r.before), columns, ONE_OF_TWO, "before")}
            {figure(picture(|r| &r.after), columns, ONE_OF_TWO, "after")}
        </div>
        {move || with(found, |r| r.at.as_ref().map(|at| inhibition(r, at))).flatten()}
    }
    .into_any()
}
