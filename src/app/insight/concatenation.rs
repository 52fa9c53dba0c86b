//! The concatenation of an Inception module: the share of each branch in maps, energy and cost.

use leptos_i18n::{t, t_string, td_string};
use std::sync::Arc;
use words::i18n::{Locale, use_i18n};

use leptos::prelude::*;

use super::parts::{Found, count, name_of, percent};
use net::Graph;
use scene::{Concatenation, Insight, ModuleBranch};

/// The count of branch colours (`--branch-0` and following). Further branches use them again from the first.
pub(in crate::app) const BRANCH_COLOURS: usize = 4;

fn with<R>(found: Found, look: impl FnOnce(&Concatenation) -> R) -> Option<R> {
    found.with(|insight| match insight {
        Some(Insight::Concatenation(concatenation)) => Some(look(concatenation)),
        _ => None,
    })
}

/// Returns the CSS colour of a branch, counted from 0.
fn colour(branch: usize) -> String {
    format!("var(--branch-{})", branch % BRANCH_COLOURS)
}

/// Returns the operations of a branch as text; a branch without operations passes its input on unchanged.
fn path(locale: Locale, branch: &ModuleBranch) -> String {
    if branch.path.is_empty() { td_string!(locale, insight.branches.unchanged).to_owned() } else { branch.path.clone() }
}

/// Returns a sentence on the branch that costs the most MACs.
fn sentence(locale: Locale, concatenation: &Concatenation) -> Option<String> {
    let branches = concatenation.branches.iter().enumerate();
    let (place, branch) = branches.max_by(|(_, a), (_, b)| a.macs.cmp(&b.macs).then(a.energy.total_cmp(&b.energy)))?;
    Some(td_string!(
        locale,
        insight.branches.says,
        branch = place + 1,
        path = path(locale, branch),
        macs = percent(branch.mac_share),
        maps = percent(branch.channel_share),
        energy = percent(branch.energy_share)
    ))
}

/// Renders one measure of all branches as a stacked bar in their colours. The table below has the numbers.
fn stacked(branches: &[ModuleBranch], title: &'static str, share: fn(&ModuleBranch) -> f64) -> AnyView {
    let parts = branches
        .iter()
        .enumerate()
        .map(|(place, branch)| {
            let style = format!("flex-grow:{:.4};background:{}", share(branch).clamp(0.0, 1.0), colour(place));
            (share(branch) > 0.0).then(|| view! { <i style=style></i> })
        })
        .collect_view();
    view! {
        <span>{title}</span>
        <div class="stack">{parts}</div>
    }
    .into_any()
}

/// Renders a table with a row for each branch.
fn table(locale: Locale, graph: &Graph, concatenation: &Concatenation) -> AnyView {
    let module = format!("{}.", name_of(graph, concatenation.node));
    let rows = concatenation
        .branches
        .iter()
        .enumerate()
        .map(|(place, branch)| {
            let name = name_of(graph, branch.end);
            let short = name.strip_prefix(&module).unwrap_or(&name).to_owned();
            let own = place == concatenation.branch;
            let swatch = format!("background:{}", colour(place));
            let range = format!("{}–{}", branch.channels.start + 1, branch.channels.end);
            view! {
                <tr class:own=own>
                    <th scope="row">
                        <i class="swatch" style=swatch aria-hidden="true"></i>
                        {place + 1}
                        " · "
                        {short}
                        {own
                            .then(|| {
                                view! { <span class="hidden-text">" "{td_string!(locale, insight.this_map)}</span> }
                            })}
                        <span>{path(locale, branch)}</span>
                    </th>
                    <td>{percent(branch.channel_share)}<span>{range}</span></td>
                    <td>{percent(branch.energy_share)}</td>
                    <td>{percent(branch.mac_share)}<span>{count(branch.macs)}</span></td>
                </tr>
            }
        })
        .collect_view();
    view! {
        <table class="insight-table">
            <thead>
                <tr>
                    <th scope="col">{td_string!(locale, insight.branches.column.branch)}</th>
                    <th scope="col">{td_string!(locale, insight.branches.column.maps)}</th>
                    <th scope="col">{td_string!(locale, insight.branches.column.energy)}</th>
                    <th scope="col">{td_string!(locale, measures.macs.title)}</th>
                </tr>
            </thead>
            <tbody>{rows}</tbody>
        </table>
    }
    .into_any()
}

/// Renders the insight into a concatenation.
pub(super) fn view(graph: Signal<Arc<Graph>>, found: Found) -> AnyView {
    let words = use_i18n();
    let title = move || with(found, |c| t_string!(words, insight.branches.of, map = c.map + 1, branch = c.branch + 1));
    let stacks = move || {
        with(found, |c| {
            view! {
                {stacked(&c.branches, t_string!(words, insight.branches.maps), |branch| branch.channel_share)}
                {stacked(&c.branches, t_string!(words, insight.branches.energy), |branch| branch.energy_share)}
                {stacked(&c.branches, t_string!(words, measures.macs.title), |branch| branch.mac_share)}
            }
        })
    };
    view! {
        <h3 class="caps">{t!(words, insight.branches.title)}" " <span>{title}</span></h3>
        <p>{move || with(found, |c| sentence(words.get_locale(), c))}</p>
        <div class="stacks" aria-hidden="true">
            {stacks}
        </div>
        {move || with(found, |c| table(words.get_locale(), &graph.read(), c))}
        <p class="soft small">{t!(words, insight.branches.hint)}</p>
    }
    .into_any()
}
