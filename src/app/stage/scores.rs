//! The scores of a network with few classes: each class with its bitmap, its score and its probability.

use leptos_i18n::t_string;
use std::sync::Arc;
use words::i18n::use_i18n;

use leptos::prelude::*;
use leptos::task::spawn_local;

use crate::app::answer;
use crate::app::components::picture::{Cells, Picture};
use crate::app::state::Page;
use crate::app::wording::classes::class_name;
use crate::app::wording::format::{decimal, percent};
use engine::Extent;
use messages::Explain as _;
use net::{BITMAP_WIDTH, Graph, Op};
use scene::paint::Ramp;
use scene::{Rect, scores_are_rows};
use weights::Array;

/// A row needs at least this height, in CSS pixels, for two numbers one above the other.
const TIGHT: f32 = 26.0;
/// The least height of a row, in CSS pixels. Lower rows are illegible and hidden.
const MIN_PITCH: f32 = 11.0;

/// The scores of the network, if they are drawn as rows.
#[component]
pub(super) fn Scores() -> impl IntoView {
    let page = expect_context::<Page>();
    let graph = Memo::new(move |_| page.network.graph().get());
    move || {
        let graph = graph.get();
        scores_are_rows(&graph).then(|| view! { <Rows graph /> })
    }
}

/// Loads the bitmaps of the classes if the scores are distances from bitmaps, as in LeNet-5.
fn pictures(page: Page, graph: &Arc<Graph>) -> RwSignal<Option<Arc<Array>>> {
    let pictures = RwSignal::new(None);
    if matches!(graph.node(graph.logits).op, Op::Rbf(_)) {
        let graph = Arc::clone(graph);
        Effect::new(move |_| {
            let Some(opened) = page.network.supply.opened.get().filter(|opened| opened.is_of(&graph)) else {
                return;
            };
            let name = format!("{}.weight", graph.node(graph.logits).name);
            spawn_local(async move {
                match opened.source.load(&name).await {
                    Ok(array) => pictures.set(Some(Arc::new(array))),
                    Err(error) => page.notices.show(|locale| error.text(locale)),
                }
            });
        });
    }
    pictures
}

/// One row for each class.
#[component]
fn Rows(graph: Arc<Graph>) -> impl IntoView {
    let (words, page) = (use_i18n(), expect_context::<Page>());
    let lowest = graph.lowest_wins;
    let logits = graph.logits;
    let rect = move || {
        let scene = page.view.scene().read();
        scene.tile_of(logits).map(|item| page.view.camera().get().place(item.rect, page.view.room().get()))
    };
    let (count, letters) = (graph.classes.count(), graph.classes.longest_name());
    let pitch = Memo::new(move |_| rect().map_or(0.0, |rect| rect.h / count as f32));
    let shown = Memo::new(move |_| pitch.get() >= MIN_PITCH);
    let style = move || {
        let Some(Rect { x, y, w, .. }) = rect() else { return "display:none".to_owned() };
        format!("left:{x:.1}px;top:{y:.1}px;width:{w:.1}px;--pitch:{:.2}px;--letters:{letters}", pitch.get())
    };
    let ranking = Memo::new(move |_| {
        page.run.answer().get().filter(|f| !f.blank).map(|f| answer::ranking(&f.scores, lowest)).unwrap_or_default()
    });
    let score =
        move |class: usize| page.run.answer().read().as_ref().and_then(|readout| readout.scores.get(class).copied());
    let share = move |class: usize| {
        page.run.answer().read().as_ref().and_then(|readout| readout.probabilities.get(class).copied())
    };
    let has_pictures = matches!(graph.node(logits).op, Op::Rbf(_));
    let pictures = pictures(page, &graph);
    let classes = graph.classes;
    let rows = (0..count).map(|class| {
        let picture = has_pictures.then(|| {
            let cells = Signal::derive(move || {
                let array = pictures.get()?;
                let values = array.values.chunks(*array.dims.get(1)?).nth(class)?.to_vec();
                Some(Cells {
                    values,
                    columns: BITMAP_WIDTH,
                    ramp: Ramp::Signed,
                    extent: Extent { min: -1.6, max: 1.6 },
                })
            });
            let scale = Signal::derive(move || ((pitch.get() - 8.0) / 12.0).clamp(0.5, 3.2));
            let name = Signal::derive(move || t_string!(words, stage.picture_of, class = class));
            view! { <Picture cells name scale /> }
        });
        let width = move || {
            let readout = page.run.answer().get();
            let Some(readout) = readout else { return String::new() };
            // The bar of a distance begins at zero. The bar of a score, which can be negative, begins at the lowest.
            let low = if lowest { 0.0 } else { readout.scores.iter().copied().fold(f32::MAX, f32::min) };
            let high = readout.scores.iter().copied().fold(f32::MIN, f32::max);
            let part = (readout.scores.get(class).copied().unwrap_or(low) - low) / (high - low).max(1e-6);
            format!("width:{:.1}%", part * 100.0)
        };
        view! {
            <div class="score" class:winner=move || ranking.read().first() == Some(&class)>
                <b>{move || class_name(words.get_locale(), classes, class)}</b>
                {picture}
                <span class="bar">
                    <i style=width></i>
                </span>
                <span class="numbers">
                    <span>{move || score(class).map(|s| decimal(s, 1))}</span>
                    <span class="share">{move || share(class).map(percent)}</span>
                </span>
            </div>
        }
    });
    let class = move || {
        let dim = !page.selection.receptive_fields().read().is_empty() && page.selection.current().0 != logits;
        match (dim, pitch.get() < TIGHT) {
            (true, true) => "scores dim tight",
            (true, false) => "scores dim",
            (false, true) => "scores tight",
            (false, false) => "scores",
        }
    };
    view! {
        <div class=class style=style hidden=move || !shown.get()>
            {rows.collect_view()}
        </div>
    }
}
