//! The confusion matrix: what each class was taken for.

use leptos::prelude::*;

use super::tally::Tally;
use crate::net::Classes;

fn classes() -> impl Iterator<Item = (usize, &'static str)> {
    (0..Classes::Cifar10.count()).filter_map(|class| Some((class, Classes::Cifar10.name(class)?)))
}

#[component]
pub(super) fn Matrix(#[prop(into)] tally: Signal<Tally>) -> impl IntoView {
    let heads = classes().map(|(_, name)| view! { <th scope="col"><span>{name}</span></th> });
    let row = move |(truth, name): (usize, &'static str)| {
        let all = move || classes().map(|(answer, _)| tally.read().of(truth, answer)).sum::<u32>().max(1);
        let cells = classes().map(|(answer, answered)| {
            let count = move || tally.read().of(truth, answer);
            // The square root, so that a single mistake can be seen.
            let share = move || format!("--share:{:.3}", (count() as f32 / all() as f32).sqrt());
            let title = move || format!("{name}, taken for {answered}: {}", count());
            view! {
                <td class:same=truth == answer style=share title=title>
                    {move || if count() == 0 { String::new() } else { count().to_string() }}
                </td>
            }
        });
        view! { <tr><th scope="row">{name}</th>{cells.collect_view()}</tr> }
    };
    view! {
        <table class="strip-matrix">
            <caption class="soft small">"A row: pictures of a class. A column: what the network took them for."</caption>
            <thead><tr><td></td>{heads.collect_view()}</tr></thead>
            <tbody>{classes().map(row).collect_view()}</tbody>
        </table>
    }
}
