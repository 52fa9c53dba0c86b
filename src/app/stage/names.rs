//! The names on the stage: those of layers above their maps, and those of blocks at their frames. Names that would
//! overlap are left out.

use leptos::prelude::*;
use leptos_i18n::t_string;

use super::anchored_layer::AnchoredLayer;
use super::branch_class::branch_class;
use super::flight::set_folded;
use crate::app::state::Page;
use engine::NotFinite;
use net::{BlockKind, Graph, NodeId};
use scene::{BlockFrame, NameLabel, Rect, SceneTile, TileSubject, choose_forms, format_shape, short_name};

/// The width of a character of a name, in CSS pixels.
const NAME_CHAR: f32 = 7.8;
/// The width of a character of a shape, in CSS pixels.
const SHAPE_CHAR: f32 = 6.6;
/// The height of a name with its shape below it, in CSS pixels.
const TWO_LINES: f32 = 38.0;
/// The height of a name in one line, in CSS pixels.
const ONE_LINE: f32 = 19.0;
/// The width of the button that folds or unfolds, in CSS pixels.
const FOLD_BUTTON: f32 = 24.0;
/// The height of the arch above a folded residual block, in units of the scene.
const ARCH: f32 = 30.0;
/// The least scale at which the name of a block is inside its frame. At smaller scales it is above the frame.
const HEAD_SCALE: f32 = 0.2;

/// A name on the stage.
#[derive(Debug, Clone, PartialEq)]
struct Name {
    network: &'static str,
    node: NodeId,
    /// The block that the button beside the name folds or unfolds, with its name.
    block: Option<(usize, String)>,
    text: String,
    /// The shape of the output, or words for values that are not finite.
    shape: String,
    /// True if the output has values that are not finite.
    alarming: bool,
    branch: Option<usize>,
    /// True if this is the name of a block at its frame.
    frame: bool,
    /// The anchor in the scene: the middle of the upper edge of a tile, or the upper left corner of a frame.
    at: (f32, f32),
    /// True if the shape is left out for lack of space.
    brief: bool,
    /// True if the name is above its anchor, not below it.
    above: bool,
}

impl Name {
    /// Returns a key that identifies the element of this name.
    fn key(&self) -> String {
        let Self { network, node, text, shape, frame, brief, above, at, .. } = self;
        format!("{network} {} {text} {shape} {frame} {brief} {above} {} {}", node.0, at.0, at.1)
    }

    /// Returns the width and height of the full form and of the brief form, in CSS pixels. A warning is never left out.
    fn sizes(&self) -> [(f32, f32); 2] {
        let fold = if self.block.is_some() { FOLD_BUTTON } else { 0.0 };
        let (name, shape) =
            (self.text.chars().count() as f32 * NAME_CHAR + fold, self.shape.chars().count() as f32 * SHAPE_CHAR);
        let one_line = self.branch.is_some() || self.frame;
        let full = if one_line { (name + shape + 14.0, ONE_LINE) } else { (name.max(shape) + 10.0, TWO_LINES) };
        [full, if self.alarming { full } else { (name + 8.0, ONE_LINE) }]
    }
}

fn of_item(graph: &Graph, frames: &[BlockFrame], item: &SceneTile) -> Name {
    let node = graph.node(item.node);
    let (text, block) = match item.subject {
        TileSubject::Node(_) => (node.name.as_str(), None),
        TileSubject::Block(block) => {
            let name = graph.blocks[block].name.as_str();
            (name, Some((block, name.to_owned())))
        }
    };
    let branch = item.branch;
    let arches = matches!(item.subject, TileSubject::Block(block) if graph.blocks[block].kind == BlockKind::Residual);
    Name {
        network: graph.name,
        node: item.node,
        block,
        text: short_name(graph, frames, text),
        shape: if branch.is_some() { node.shape.chw().0.to_string() } else { format_shape(node.shape) },
        alarming: false,
        branch,
        frame: false,
        brief: false,
        above: true,
        at: (item.rect.x + item.rect.w / 2.0, item.rect.y - if arches { ARCH } else { 0.0 }),
    }
}

fn of_frame(graph: &Graph, frame: &BlockFrame) -> Name {
    let block = &graph.blocks[frame.block.0];
    Name {
        network: graph.name,
        node: block.output,
        block: Some((frame.block.0, block.name.clone())),
        text: block.name.clone(),
        shape: format_shape(graph.node(block.output).shape),
        alarming: false,
        branch: None,
        frame: true,
        brief: false,
        above: false,
        at: (frame.rect.x, frame.rect.y),
    }
}

/// Returns the words for the nodes whose outputs of the last pass are not finite.
fn warnings(page: Page) -> Vec<(NodeId, &'static str)> {
    let Some(readout) = page.run.readout().get() else { return Vec::new() };
    let (graph, table, words) = (page.network.graph().get(), page.network.extent_table().get(), page.words);
    let told = |(node, _): (NodeId, _)| {
        let words = match table.not_finite(node, &readout.extents)? {
            NotFinite::NaN => t_string!(words, stage.nan),
            NotFinite::Infinite => t_string!(words, stage.infinite),
        };
        Some((node, words))
    };
    graph.iter().filter_map(told).collect()
}

/// Returns the names that are visible and do not overlap.
fn names(page: Page, anchored: AnchoredLayer, warnings: &[(NodeId, &'static str)]) -> Vec<Name> {
    let (graph, scene) = (page.network.graph().get(), page.view.scene().get());
    let now = page.selection.node();
    let (scale, seen) = anchored.visible();
    let seen = seen.grown(TWO_LINES / scale);
    let near = scale >= HEAD_SCALE;
    // The names of layers leave out the name of their block only where that is legible.
    let prefixes: &[BlockFrame] = if near { &scene.frames } else { &[] };
    let items = scene.seen(seen).map(|item| of_item(&graph, prefixes, item));
    let frames = scene.frames.iter().filter(|frame| frame.rect.meets(seen));
    let mut all: Vec<Name> =
        items.chain(frames.map(|frame| Name { above: !near, ..of_frame(&graph, frame) })).collect();
    for name in &mut all {
        if let Some((_, words)) = warnings.iter().find(|(node, _)| *node == name.node) {
            (name.shape, name.alarming) = ((*words).to_owned(), true);
        }
    }
    let (anchor, room) = anchored.camera();
    let label = |name: &Name| {
        let point = anchor.place(Rect { x: name.at.0, y: name.at.1, w: 0.0, h: 0.0 }, room);
        let form = |(w, h): (f32, f32)| {
            let x = if name.frame { point.x } else { point.x - w / 2.0 };
            Rect { x, y: if name.above { point.y - h - 4.0 } else { point.y }, w, h }
        };
        NameLabel {
            forms: name.sizes().map(form).to_vec(),
            rank: 4 * u32::from(name.alarming) + 2 * u32::from(name.node == now) + u32::from(name.frame),
        }
    };
    let labels: Vec<NameLabel> = all.iter().map(label).collect();
    let tiles: Vec<Rect> = scene.seen(seen).map(|item| anchor.place(item.rect, room)).collect();
    let mut kept = Vec::new();
    for (name, form) in all.drain(..).zip(choose_forms(&labels, &tiles)) {
        if let Some(form) = form {
            kept.push(Name { brief: form > 0, ..name });
        }
    }
    kept
}

/// All names on the stage.
#[component]
pub(super) fn Names() -> impl IntoView {
    let page = expect_context::<Page>();
    let anchored = expect_context::<AnchoredLayer>();
    // Most passes have no warning, so that names are placed anew only when the view changes.
    let warnings = Memo::new(move |_| warnings(page));
    let all = Memo::new(move |_| names(page, anchored, &warnings.read()));
    view! {
        <div class="board names" style=move || anchored.style()>
            <For each=move || all.get() key=Name::key let(name)>
                <NameView name anchored />
            </For>
        </div>
    }
}

/// One name, with a button that folds or unfolds its block.
#[component]
fn NameView(name: Name, anchored: AnchoredLayer) -> impl IntoView {
    let page = expect_context::<Page>();
    let Name { node, block, text, shape, alarming, branch, frame, at, brief, above, .. } = name;
    let style = move || {
        let point = anchored.place(Rect { x: at.0, y: at.1, w: 0.0, h: 0.0 });
        format!("left:{:.1}px;top:{:.1}px", point.x, point.y)
    };
    let class = match (frame, branch) {
        (true, _) if above => "name of-frame above".to_owned(),
        (true, _) => "name of-frame".to_owned(),
        (_, Some(branch)) => format!("name of-branch {}", branch_class(branch)),
        _ => "name".to_owned(),
    };
    let pressed = move || (page.selection.node() == node).to_string();
    let hidden = brief && !alarming;
    let fold = block.map(|(block, name)| {
        let words = page.words;
        let does = move || {
            let block = name.clone();
            if frame {
                t_string!(words, stage.fold, block = block)
            } else {
                t_string!(words, stage.unfold, block = block)
            }
        };
        view! {
            <button
                class="fold"
                aria-label=does
                tabindex="-1"
                on:click=move |event| {
                    event.stop_propagation();
                    set_folded(page, block, frame);
                }
            >
                {if frame { "−" } else { "+" }}
            </button>
        }
    });
    view! {
        <div class=class style=style>
            <button
                class="layer"
                aria-pressed=pressed
                tabindex="-1"
                on:click=move |event| {
                    event.stop_propagation();
                    page.selection.go_to(node);
                }
            >
                <b>{text}</b>
                " "
                <span class:hidden-text=hidden class:not-finite=alarming>
                    {shape}
                </span>
            </button>
            {fold}
        </div>
    }
}
