//! The table of the confusion matrix.

use leptos::prelude::*;
use leptos_i18n::{t, t_string};
use words::i18n::use_i18n;

use super::confusion::ConfusionMatrix;
use crate::app::wording::classes::cifar10;
use net::Classes;

fn classes() -> std::ops::Range<usize> {
    0..Classes::Cifar10.count()
}

#[component]
pub(super) fn ConfusionTable(#[prop(into)] confusion: Signal<ConfusionMatrix>) -> impl IntoView {
    let words = use_i18n();
    let name = move |class: usize| move || cifar10(words.get_locale(), class);
    let heads = classes().map(|class| {
        view! {
            <th scope="col">
                <span>{name(class)}</span>
            </th>
        }
    });
    let row = move |truth: usize| {
        let all = move || classes().map(|answer| confusion.read().of(truth, answer)).sum::<u32>().max(1);
        let cells = classes().map(|answer| {
            let count = move || confusion.read().of(truth, answer);
            // The square root makes a single mistake visible.
            let share = move || format!("--share:{:.3}", (count() as f32 / all() as f32).sqrt());
            let title = move || {
                let (class, answer) = (name(truth)(), name(answer)());
                t_string!(words, strip.cell, class = class, answer = answer, count = count())
            };
            view! {
                <td class:same=truth == answer style=share title=title>
                    {move || if count() == 0 { String::new() } else { count().to_string() }}
                </td>
            }
        });
        view! {
            <tr>
                <th scope="row">{name(truth)}</th>
                {cells.collect_view()}
            </tr>
        }
    };
    view! {
        <table class="strip-matrix">
            <caption class="soft small">{t!(words, strip.matrix)}</caption>
            <thead>
                <tr>
                    <td></td>
                    {heads.collect_view()}
                </tr>
            </thead>
            <tbody>{classes().map(row).collect_view()}</tbody>
        </table>
    }
}
