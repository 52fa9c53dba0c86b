//! The page `/compare`: what networks cost, side by side.

mod blocks;
mod charts;
mod chooser;
mod export;
mod figure;
mod link;
mod notice;
mod own;
mod papers;
mod sizes;
mod table;
mod terms;

use std::sync::Arc;

use leptos::html;
use leptos::prelude::*;
use leptos_i18n::{t, t_string};
use plotters::style::RGBColor;
use words::i18n::use_i18n;

use super::deferred::Deferred;
use super::side_page::SideHeader;
use super::{api, element_size, language, theme};
use analysis::compare::chart::{ChartPalette, Scaling};
use analysis::compare::{
    self, BlockCount, CheckpointCounts, Column, Cost, LayerCosts, Measure, SortOrder, profile, sorted,
};
use blocks::Blocks;
use charts::Charts;
use chooser::Chooser;
use net::{Graph, network};
use own::Own;
use papers::Papers;
use sizes::Sizes;
use table::Table;

/// The networks that are chosen at first: one of each family, and the deepest.
const NETWORKS: [&str; 6] = ["lenet5", "alexnet", "vgg16", "googlenet", "resnet50", "resnet152"];
/// As few networks can be compared.
const FEWEST: usize = 2;
/// As many networks have a colour each, and room beside each other.
const MOST: usize = 8;
/// The narrowest chart, in CSS pixels.
const NARROWEST: u32 = 280;

/// A network of the comparison, counted.
#[derive(Debug, Clone, PartialEq)]
struct Shown {
    /// What it goes by on the page: the network's name, or a slash and the name of a checkpoint's file.
    key: String,
    column: Column,
    layers: Vec<LayerCosts>,
    blocks: Vec<BlockCount>,
    /// Its place among those chosen, which gives it its colour.
    place: usize,
}

/// What the page shows follows from this.
#[derive(Clone, Copy)]
struct Comparison {
    /// The networks, in the order of the declarations.
    chosen: RwSignal<Vec<&'static str>>,
    order: RwSignal<SortOrder>,
    /// The checkpoints that a person has opened; they are in no link.
    opened: RwSignal<Vec<Arc<CheckpointCounts>>>,
    /// The key of what the others stand against.
    baseline: RwSignal<Option<String>>,
    /// Whether side classifiers are counted.
    side: RwSignal<bool>,
    scaling: RwSignal<Scaling>,
    /// The figure of the bars.
    measure: RwSignal<Measure>,
    /// What is shown along the depth.
    cost: RwSignal<Cost>,
    /// Whether charts along the depth have one scale.
    shared: RwSignal<bool>,
    /// The blocks that are set side by side where they are not the first ones: a network's name and its block's.
    blocks: RwSignal<Vec<(String, String)>>,
    /// The room for a chart, in CSS pixels; 0 until it is known.
    width: RwSignal<u32>,
    dark: RwSignal<bool>,
    /// All that is chosen, as chosen.
    shown: Memo<Vec<Arc<Shown>>>,
}

impl Comparison {
    fn new() -> Self {
        let (chosen, side) = (RwSignal::new(NETWORKS.to_vec()), RwSignal::new(true));
        let opened = RwSignal::new(Vec::new());
        let shown = Memo::new(move |_| count(&chosen.read(), &opened.read(), side.get()));
        Self {
            chosen,
            opened,
            order: RwSignal::new(SortOrder::default()),
            baseline: RwSignal::new(None),
            side,
            scaling: RwSignal::new(Scaling::Linear),
            measure: RwSignal::new(Measure::Parameters),
            cost: RwSignal::new(Cost::Parameters),
            shared: RwSignal::new(false),
            blocks: RwSignal::new(Vec::new()),
            width: RwSignal::new(0),
            dark: RwSignal::new(false),
            shown,
        }
    }

    /// All that is chosen, in the order of the table.
    fn ordered(self) -> Vec<Arc<Shown>> {
        let shown = self.shown.read();
        let columns: Vec<&Column> = shown.iter().map(|one| &one.column).collect();
        sorted(&columns, self.order.get()).into_iter().map(|place| shown[place].clone()).collect()
    }

    /// The keys of all that is chosen, in the order of the table: by them rows and cards stay where a person is.
    fn keys(self) -> Vec<String> {
        self.ordered().iter().map(|shown| shown.key.clone()).collect()
    }

    /// One of those that are chosen.
    fn find(self, key: &str) -> Option<Arc<Shown>> {
        self.shown.read().iter().find(|shown| shown.key == key).cloned()
    }

    /// How many stand side by side, networks and checkpoints.
    fn count(self) -> usize {
        self.chosen.read().len() + self.opened.read().len()
    }

    /// Whether a checkpoint of this name is open.
    fn has(self, file: &str) -> bool {
        self.opened.read().iter().any(|opened| opened.file == file)
    }

    /// Takes the baseline away where it is no longer there.
    fn forget_baseline(self) {
        let gone = untrack(|| self.baseline.get().is_some_and(|key| self.find(&key).is_none()));
        if gone {
            self.baseline.set(None);
        }
    }

    /// The key of a checkpoint's file: no network's name has a slash.
    fn key_of(file: &str) -> String {
        format!("/{file}")
    }

    fn palette(self) -> &'static ChartPalette {
        ChartPalette::of(self.dark.get())
    }

    /// The style that gives what stands for a network its colour.
    fn colour(place: usize) -> String {
        format!("--own:var(--series-{place})")
    }

    /// The palette of the charts for the style sheet.
    fn colours(self) -> String {
        let series = self.palette().series.into_iter().enumerate();
        series
            .map(|(place, RGBColor(red, green, blue))| format!("--series-{place}:rgb({red} {green} {blue});"))
            .collect()
    }
}

fn count(chosen: &[&'static str], opened: &[Arc<CheckpointCounts>], side: bool) -> Vec<Arc<Shown>> {
    // Every name is of the table of declarations.
    let graphs: Vec<Graph> = chosen.iter().filter_map(|name| network(name).ok()).collect();
    let networks = graphs.iter().map(|graph| {
        let column = if side { Column::of(graph) } else { Column::without_auxiliary(graph) };
        (graph.name.to_owned(), column, graph)
    });
    let files = opened.iter().map(|opened| (Comparison::key_of(&opened.file), opened.column(side), &opened.graph));
    let counted = networks.chain(files).enumerate().map(|(place, (key, column, graph))| Shown {
        key,
        column,
        layers: profile(graph, side),
        blocks: compare::blocks(graph),
        place,
    });
    counted.map(Arc::new).collect()
}

/// The address of a network on the stage, at one of its layers.
fn stage(network: &str, layer: Option<&str>) -> String {
    match layer {
        Some(layer) => format!("/?net={network}&layer={layer}"),
        None => format!("/?net={network}"),
    }
}

/// The whole page.
#[component]
pub(super) fn ComparePage() -> impl IntoView {
    let words = use_i18n();
    let language = language::follow();
    let comparison = Comparison::new();
    provide_context(comparison);
    let notices = RwSignal::new(link::open(comparison));
    link::keep(comparison, language, notices);
    theme::follow(comparison.dark);
    api::expose_counts();
    Effect::new(move |_| document().set_title(t_string!(words, compare.document)));
    let ruler = NodeRef::<html::Div>::new();
    element_size::observe(ruler, move |width, _| {
        let width = (width as u32).max(NARROWEST);
        if comparison.width.get_untracked() != width {
            comparison.width.set(width);
        }
    });
    let noticed = move || {
        let (notices, locale) = (notices.read(), words.get_locale());
        (!notices.is_empty()).then(|| notices.iter().map(|notice| notice.text(locale)).collect::<Vec<_>>().join(" "))
    };
    view! {
        <SideHeader name=Signal::derive(move || t_string!(words, compare.page).to_owned()) dark=comparison.dark language/>
        <main class="bench compare" style=move || comparison.colours()>
            <section aria-labelledby="compare-title">
                <h1 id="compare-title">{t!(words, compare.heading)}</h1>
                <p class="soft lead">{t!(words, compare.lead)}</p>
                {move || noticed().map(|text| view! { <p role="alert" class="bench-notice">{text}</p> })}
                <Deferred><Chooser/></Deferred>
                <Deferred><Own notices/></Deferred>
                <div node_ref=ruler class="ruler" aria-hidden="true"></div>
            </section>
            <Deferred><Table/></Deferred>
            <Deferred><Charts/></Deferred>
            <Deferred><Sizes/></Deferred>
            <Deferred><Blocks/></Deferred>
            <Deferred><Papers/></Deferred>
        </main>
    }
}
