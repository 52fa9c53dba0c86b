//! The papers' own tables, reproduced.

use std::sync::Arc;

use leptos::prelude::*;
use leptos_i18n::{t, td_string};
use words::i18n::{Locale, use_i18n};

use super::download::{DownloadButtons, FileDownload};
use super::terms;
use analysis::compare::TextTable;
use analysis::compare::papers::{PaperCell, PaperRow, PaperTable, TableId, TablePhrase};
use layerscope::app::wording::numbers::count;

fn cell(locale: Locale, cell: &PaperCell) -> impl IntoView + use<> {
    let printed = cell.differs().then(|| {
        let nothing = td_string!(locale, papers.nothing);
        let printed = cell.printed.as_deref().filter(|printed| !printed.is_empty()).unwrap_or(nothing);
        let printed = td_string!(locale, papers.printed, text = printed);
        let note = cell.note.clone().unwrap_or_default();
        view! {
            <span class="printed">{printed}</span>
            <span class="why">{note}</span>
        }
    });
    view! { <td class:differs=cell.differs()>{cell.ours.clone()}{printed}</td> }
}

fn paper_table(locale: Locale, table: &PaperTable) -> impl IntoView + use<> {
    let cell = |one: &PaperCell| cell(locale, one);
    let row = |row: &PaperRow| {
        view! {
            <tr>
                <th scope="row">{row.name.clone()}</th>
                {row.cells.iter().map(cell).collect_view()}
            </tr>
        }
    };
    let head = |head: &String| view! { <th scope="col">{head.clone()}</th> };
    view! {
        <p class="soft lead">
            {table.caption.clone()}" "<cite class="faint" lang="en">
                {table.source}
            </cite>
        </p>
        <div class="table-frame" tabindex="0" role="region" aria-label=table.title.clone()>
            <table class="times printed-table">
                <thead>
                    <tr>{table.heads.iter().map(head).collect_view()}</tr>
                </thead>
                <tbody>{table.rows.iter().map(row).collect_view()}</tbody>
            </table>
        </div>
    }
}

/// Returns how many numbers differ, as a sentence.
fn verdict(locale: Locale, table: &PaperTable) -> String {
    match table.differences().count() {
        0 => td_string!(locale, papers.as_printed).to_owned(),
        1 => td_string!(locale, papers.one_differs).to_owned(),
        many => td_string!(locale, papers.differ, count = count(locale, many as u64)),
    }
}

/// A folded table.
#[component]
fn FoldedTable(
    /// The table.
    table: TableId,
) -> impl IntoView {
    let words = use_i18n();
    let reproduced = Memo::new(move |_| {
        let locale = words.get_locale();
        let say = |phrase: TablePhrase<'_>| terms::say_of_papers(locale, phrase);
        table.reproduce(&say).map(Arc::new)
    });
    let title =
        move || reproduced.with(|reproduced| reproduced.as_ref().map(|table| table.title.clone()).unwrap_or_default());
    let summary = move || {
        reproduced
            .with(|reproduced| reproduced.as_ref().map(|table| verdict(words.get_locale(), table)).unwrap_or_default())
    };
    let body = move || match reproduced.get() {
        Ok(table) => paper_table(words.get_locale(), &table).into_any(),
        Err(error) => {
            let text = td_string!(words.get_locale(), compare.failed, reason = error.to_string());
            view! { <p role="alert">{text}</p> }.into_any()
        }
    };
    let cells = move || {
        let locale = words.get_locale_untracked();
        let say = |phrase: TablePhrase<'_>| terms::say_of_papers(locale, phrase);
        reproduced.with_untracked(|reproduced| {
            reproduced.as_ref().map_or_else(|_| TextTable::new(&[], &[], Vec::new()), |table| table.cells(&say))
        })
    };
    let json = move || {
        reproduced
            .with_untracked(|reproduced| {
                reproduced.as_ref().ok().and_then(|table| serde_json::to_string_pretty(&**table).ok())
            })
            .unwrap_or_default()
    };
    view! {
        <details class="paper">
            <summary>
                <b>{title}</b>
                " "
                <span class="soft">{summary}</span>
            </summary>
            {body}
            <div class="bench-run">
                <DownloadButtons name=title downloads=FileDownload::of_table(table.name(), cells, json) />
            </div>
        </details>
    }
}

/// All tables, folded.
#[component]
pub(super) fn PaperTables() -> impl IntoView {
    let words = use_i18n();
    view! {
        <section aria-labelledby="papers-title">
            <h2 id="papers-title">{t!(words, papers.heading)}</h2>
            <p class="soft lead">{t!(words, papers.lead)}</p>
            {TableId::ALL.map(|table| view! { <FoldedTable table /> }).into_iter().collect_view()}
        </section>
    }
}
