//! The inspector: facts, values and weights of the current layer and map.

mod facts;
mod histogram;
mod kernels;
pub(super) mod pixel;

use leptos::prelude::*;
use leptos_i18n::{t, t_string};
use words::i18n::use_i18n;

use super::ablation::{self, AblationButtons};
use super::components::deferred::Deferred;
use super::header::side_page::page_address;
use super::insight::InsightView;
use super::state::{InsightValues, Page};
use super::wording::format::decimal;
use super::wording::lessons::title;
use super::wording::operations::sentence as sentence_of;
use analysis::lesson::{lesson, lessons_at};
use engine::Extent;
use facts::{describe_connections, facts, time};
use histogram::Histogram;
use kernels::Kernels;
use pixel::Pixel;
use scene::Insight;

/// The inspector in the right column.
#[component]
pub(super) fn Inspector() -> impl IntoView {
    let (words, page) = (use_i18n(), expect_context::<Page>());
    let current = Memo::new(move |_| {
        let ((node, channel), (_, map, _)) = (page.selection.channel(), page.selection.current());
        (node, map, channel)
    });
    let heading = move || {
        let (node, map, _) = current.get();
        let graph = page.network.graph().read();
        let this = graph.node(node);
        if this.shape.is_flat() || node.0 == 0 {
            this.name.clone()
        } else {
            t_string!(words, inspector.heading, layer = this.name.clone(), map = map + 1)
        }
    };
    let sentence = move || {
        let (node, _, channel) = current.get();
        let graph = page.network.graph().read();
        let locale = words.get_locale();
        describe_connections(locale, &graph, node, channel)
            .unwrap_or_else(|| sentence_of(locale, &page.view.scene().read(), &graph, node))
    };
    let facts = move || {
        let (node, _, channel) = current.get();
        let graph = page.network.graph().read();
        let locale = words.get_locale();
        facts(locale, &graph, node, channel)
            .into_iter()
            .chain(time(locale, page, node))
            .map(|(name, value)| {
                view! {
                    <dt>{name}</dt>
                    <dd>{value}</dd>
                }
            })
            .collect_view()
    };
    let values = Signal::derive(move || {
        let readout = page.run.readout().read();
        readout.as_ref().map(|readout| readout.map.2.clone()).unwrap_or_default()
    });
    let spread = move || {
        let values = values.read();
        let extent = Extent::of(&values);
        if extent.is_empty() {
            return None;
        }
        let mean = values.iter().map(|&v| f64::from(v)).sum::<f64>() / values.len() as f64;
        Some(view! {
            <dl class="facts spread">
                <dt>{t!(words, inspector.least)}</dt>
                <dd>{decimal(extent.min, 3)}</dd>
                <dt>{t!(words, inspector.mean)}</dt>
                <dd>{decimal(mean as f32, 3)}</dd>
                <dt>{t!(words, inspector.greatest)}</dt>
                <dd>{decimal(extent.max, 3)}</dd>
            </dl>
        })
    };
    let insight = Memo::new(move |_| {
        let (readout, row) = (page.run.readout().get()?, page.ablation.row().get());
        let InsightValues { node, map, cell, values } = &readout.insight;
        let row = row.filter(|row| row.node == *node);
        let graph = page.network.graph().read();
        let values = ablation::with_ablations(&graph, &page.ablation.effects().read(), *node, values);
        Insight::of(&graph, *node, *map, *cell, &values, row.as_ref().map(|row| &row.tensors))
    });
    let graph = Signal::derive(move || page.network.graph().get());
    let slugs = Memo::new(move |_| lessons_at(&page.network.graph().read(), current.get().0));
    let lessons = move || {
        let slugs = slugs.get();
        let link = |slug: &&str| {
            let lesson = lesson(slug)?;
            let slug = lesson.slug;
            let address = move || page_address(&format!("/learn/{slug}"), page.language.get().as_deref());
            Some(view! {
                " "
                <a href=address>{move || title(words.get_locale(), slug)}</a>
            })
        };
        (!slugs.is_empty()).then(|| {
            let links = slugs.iter().map(link).collect_view();
            view! {
                <p class="small">
                    <span class="soft">{t!(words, inspector.lessons)}</span>
                    {links}
                </p>
            }
        })
    };
    view! {
        <aside class="side inspector" aria-label=move || t_string!(words, inspector.title) tabindex="0">
            <h2 class="caps">{heading}</h2>
            <p class="lead">{sentence}</p>
            <dl class="facts">{facts}</dl>
            {lessons}
            <Deferred>
                <AblationButtons />
            </Deferred>
            <Deferred>
                <InsightView graph insight />
            </Deferred>
            <Deferred>
                <Pixel />
            </Deferred>
            <h3 class="caps">{t!(words, inspector.values)}</h3>
            <Deferred>
                <Histogram values />
            </Deferred>
            {spread}
            <Kernels current />
        </aside>
    }
}
