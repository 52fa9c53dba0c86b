//! The papers' own tables, made again.

use std::sync::Arc;

use leptos::prelude::*;

use super::export::{Saved, Tools};
use crate::compare::papers::{Cell, PaperTable, Row, tables};

fn cell(cell: &Cell) -> impl IntoView + use<> {
    let printed = cell.differs().then(|| {
        let printed =
            cell.printed.clone().filter(|printed| !printed.is_empty()).unwrap_or_else(|| "nothing".to_owned());
        let note = cell.note.clone().unwrap_or_default();
        view! { <span class="printed">{format!("printed: {printed}")}</span><span class="why">{note}</span> }
    });
    view! { <td class:differs=cell.differs()>{cell.ours.clone()}{printed}</td> }
}

fn shown(table: PaperTable) -> impl IntoView {
    let table = Arc::new(table);
    let row = |row: &Row| view! { <tr><th scope="row">{row.name.clone()}</th>{row.cells.iter().map(cell).collect_view()}</tr> };
    let head = |head: &String| view! { <th scope="col">{head.clone()}</th> };
    let differences = table.differences().count();
    let verdict = match differences {
        0 => "as printed".to_owned(),
        1 => "1 figure differs from what was printed".to_owned(),
        count => format!("{count} figures differ from what was printed"),
    };
    let file = table.title.to_lowercase().replace([',', ' '], "-").replace("--", "-");
    let (of_cells, of_json) = (table.clone(), table.clone());
    let json = move || serde_json::to_string_pretty(&*of_json).unwrap_or_default();
    let saved = Saved::of_table(&file, move || of_cells.cells(), json);
    view! {
        <details class="paper">
            <summary><b>{table.title}</b>" "<span class="soft">{verdict}</span></summary>
            <p class="soft lead">{table.caption}" "<span class="faint">{table.source}</span></p>
            <div class="table-frame" tabindex="0" role="region" aria-label=table.title>
                <table class="times printed-table">
                    <thead><tr>{table.heads.iter().map(head).collect_view()}</tr></thead>
                    <tbody>{table.rows.iter().map(row).collect_view()}</tbody>
                </table>
            </div>
            <div class="bench-run"><Tools name=table.title saved/></div>
        </details>
    }
}

/// All tables, folded.
#[component]
pub(super) fn Papers() -> impl IntoView {
    let body = match tables() {
        Ok(tables) => tables.into_iter().map(shown).collect_view().into_any(),
        Err(error) => view! { <p role="alert">{error.to_string()}</p> }.into_any(),
    };
    view! {
        <section aria-labelledby="papers-title">
            <h2 id="papers-title">"The papers' own tables"</h2>
            <p class="soft lead">"Made again from the graphs, and held cell by cell against what was printed."</p>
            {body}
        </section>
    }
}
