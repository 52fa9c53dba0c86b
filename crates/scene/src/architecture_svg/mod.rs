//! The architecture of a network as a drawing for slides and papers: a standalone SVG.
//!
//! The drawing shows the tiles of a [`Scene`] in the same proportions but without values. Each tile is a stack of
//! rectangles. Tiles are further apart than on the page, so that each has its name, its shape and its operation beside
//! it. Lengths are in pixels of the drawing.

mod drawing;
mod svg_writer;
mod tile_text;

use std::fmt::Write as _;

use super::geometry::{Rect, scores_are_rows};
use super::layout::{Route, Scene, SceneTile, Spacing, WordSpace, branch_channels, format_shape};
use drawing::ArchitectureDrawing;
use net::{AblationFactors, Graph, NodeId};
use svg_writer::{ABLATED, APART, INK, LineStyle, NAME, PLAIN, SMALL, SvgWriter, width};
use tile_text::{FILLS, TileText, format_count, tile_text};

/// Options of the drawing.
#[derive(Debug, Clone, Copy)]
pub struct ArchitectureOptions<'a> {
    /// The ablated parts. They are crossed out.
    pub effects: &'a AblationFactors,
}

impl Default for ArchitectureOptions<'_> {
    fn default() -> Self {
        Self { effects: AblationFactors::NONE }
    }
}

/// Height of the tiles of a whole network.
const HEIGHT: f32 = 420.0;
/// Least width of a tile of the median width.
const MIN_TILE_WIDTH: f32 = 10.0;
/// The largest scale, in pixels of the drawing per scene unit.
const MAX_SCALE: f32 = 1.2;
/// Drawings wider than this have their names turned by 90 degrees.
const MAX_STRAIGHT_WIDTH: f32 = 1800.0;
/// Distance between tiles, and the extra distance before a sign.
const GAP: f32 = 17.0;
/// Distance from the feature maps of a block to its frame.
const SIDE: f32 = 6.0;
/// Extra width that the arch of a folded residual block needs, including the free space beside it.
const ARCH: f32 = 18.0;
/// Margin around the drawing.
const MARGIN: f32 = 18.0;
/// Type size of the title.
const TITLE: f32 = 17.0;
/// Side of a score cell where the scores are listed one below the other, in scene units. The page needs larger cells,
/// because it also shows the scores as text.
const SCORE: f32 = 16.0;

/// Draws the architecture as a standalone SVG document.
pub fn svg(graph: &Graph, scene: &Scene, options: &ArchitectureOptions<'_>) -> String {
    draw(graph, scene, options).out
}

fn draw(graph: &Graph, scene: &Scene, options: &ArchitectureOptions<'_>) -> SvgWriter {
    let mut widths: Vec<f32> = scene.tiles.iter().map(|tile| tile.rect.w).collect();
    net::order::sort_by(&mut widths, f32::total_cmp);
    let usual = widths.get(widths.len() / 2).copied().unwrap_or(1.0);
    let scale = (HEIGHT / scene.bounds.h).max(MIN_TILE_WIDTH / usual).min(MAX_SCALE);
    let mut small = scene.clone();
    for tile in &mut small.tiles {
        if tile.node == graph.logits && scores_are_rows(graph) {
            tile.mosaic.map = (SCORE, SCORE * tile.mosaic.rows as f32);
        }
        tile.mosaic = tile.mosaic.scaled(scale);
    }
    let mut texts: Vec<TileText> = small.tiles.iter().map(|tile| tile_text(graph, &small.frames, tile)).collect();
    let mut spacing = spacing_for(graph, &small, &texts);
    let mut laid = small.spread(graph, &spacing);
    if laid.bounds.w > MAX_STRAIGHT_WIDTH {
        // Branches keep horizontal names: their tiles lie one below the other and their names are short.
        small.tiles.iter().zip(&mut texts).for_each(|(tile, tile_text)| tile_text.turned = tile.branch.is_none());
        spacing = spacing_for(graph, &small, &texts);
        laid = small.spread(graph, &spacing);
    }
    // Edges run from the space of one tile to the space of the next, so that they do not cross its words.
    let mut roomy = laid.clone();
    for (tile, words) in roomy.tiles.iter_mut().zip(&spacing.words) {
        let more = (words.wide - tile.rect.w).max(0.0);
        (tile.rect.x, tile.rect.w) = (tile.rect.x - more / 2.0, tile.rect.w + more);
    }
    // A branch stays on its line until all branches have ended.
    for edge in laid.edges.iter().filter(|edge| laid.tiles[edge.from].branch.is_some()) {
        let to = &laid.tiles[edge.to];
        if branch_channels(graph, to.node).is_some() && to.branch.is_none() {
            let end = roomy.tiles[edge.to].rect.x - spacing.gap - spacing.sign;
            let rect = &mut roomy.tiles[edge.from].rect;
            rect.w = rect.w.max(end - rect.x);
        }
    }
    let rise = spacing.gap / 2.0;
    let drawing =
        ArchitectureDrawing { graph, effects: options.effects, scene: &laid, roomy: &roomy, texts: &texts, rise };
    let mut body = SvgWriter::default();
    drawing.draw(&mut body);
    around(&drawing, body)
}

/// Computes the space that the words need, in pixels of the drawing.
fn spacing_for(graph: &Graph, scene: &Scene, texts: &[TileText]) -> Spacing {
    let depth = scene.frames.iter().map(|frame| frame.depth + 1).max().unwrap_or(0);
    let arches = scene.edges.iter().any(|edge| edge.route != Route::Direct);
    let gap = GAP.max(2.0 * SIDE * depth as f32 + 8.0);
    let mut words: Vec<WordSpace> = texts
        .iter()
        .map(|tile_text| {
            let long = |text: &str, bold: bool| width(text, if bold { NAME } else { SMALL }, bold);
            let (name, shape) = (long(&tile_text.name, true), long(&tile_text.shape, false));
            let (kind, detail) = (long(tile_text.kind, false), long(&tile_text.detail, false));
            if tile_text.turned {
                WordSpace {
                    wide: NAME + 2.0,
                    above: name + APART + shape + tile_text.lift + 3.0,
                    below: kind + detail + 12.0,
                }
            } else {
                WordSpace { wide: name.max(shape).max(kind).max(detail), above: tile_text.lift + 22.0, below: 24.0 }
            }
        })
        .collect();
    // An arch comes down on both sides of its tile.
    for (place, words) in words.iter_mut().enumerate().filter(|(place, _)| texts[*place].is_arched()) {
        words.wide = words.wide.max(scene.tiles[place].mosaic.size().0 + ARCH);
    }
    // A frame is at least as wide as its name.
    for frame in &scene.frames {
        let block = &graph.blocks[frame.block.0];
        let inside = |tile: &SceneTile| block.nodes.contains(&tile.node.0);
        let count = scene.tiles.iter().filter(|tile| inside(tile)).count().max(1) as f32;
        let least = (width(&block.name, NAME, true) + 12.0 - (count - 1.0) * gap) / count;
        for (_, words) in scene.tiles.iter().zip(&mut words).filter(|(tile, _)| inside(tile)) {
            words.wide = words.wide.max(least);
        }
    }
    let head = if arches { 31.0 } else { 21.0 };
    Spacing { gap, sign: GAP, branches: 14.0, arch: 8.0, frame: (SIDE, head), neat: true, words }
}

/// Completes the document: adds the title above the drawing and the legend of the fills below it.
fn around(drawing: &ArchitectureDrawing<'_>, body: SvgWriter) -> SvgWriter {
    let (graph, bounds) = (drawing.graph, drawing.scene.bounds.grown(MARGIN));
    let title = format!("{}, {}", graph.title, graph.year);
    let (parameters, macs) = (format_count(graph.total_parameters()), format_count(graph.total_macs()));
    let counts = format!("{parameters} parameters, {macs} multiply-accumulates per picture");
    let size = width(&title, TITLE, true).max(width(&counts, NAME, false)) + 2.0 * MARGIN;
    let (w, x, mut y) = (bounds.w.max(size), bounds.x + MARGIN, bounds.y + bounds.h + 6.0);
    let x0 = bounds.x - (w - bounds.w) / 2.0;
    let mut svg = SvgWriter { texts: body.texts, out: String::new() };
    let left = x.min(x0 + MARGIN);
    svg.text(
        &title,
        (left, bounds.y - 22.0),
        LineStyle { size: TITLE, bold: true, anchor: "start", fill: INK, turned: false },
    );
    let start = LineStyle { anchor: "start", ..PLAIN };
    svg.text(&counts, (left, bounds.y - 6.0), LineStyle { size: NAME, ..start });
    let occur = |fill: &usize| drawing.texts.iter().any(|tile_text| tile_text.fill == *fill);
    let ablated = (!drawing.effects.is_empty()).then_some(("switched off", "#ffffff"));
    let mut at = left;
    for (name, colour) in (0..FILLS.len()).filter(occur).map(|fill| FILLS[fill]).chain(ablated) {
        let long = 18.0 + width(name, SMALL, false);
        if at > left && at + long > x0 + w - MARGIN {
            (at, y) = (left, y + 16.0);
        }
        svg.rect(Rect { x: at, y: y - 8.0, w: 13.0, h: 9.0 }, colour, INK, 0.7);
        if ablated.is_some_and(|ablated| ablated.0 == name) {
            svg.path(&format!("M{at:.1} {:.1}l13 9m-13 0l13 -9", y - 8.0), ABLATED, 1.1, "");
        }
        svg.text(name, (at + 18.0, y), start);
        at += long + 14.0;
    }
    let (top, bottom) = (bounds.y - 56.0, y + MARGIN);
    let h = bottom - top;
    let mut out = String::with_capacity(body.out.len() + svg.out.len() + 1024);
    let _ = writeln!(
        out,
        r#"<svg xmlns="http://www.w3.org/2000/svg" version="1.1" width="{w:.0}" height="{h:.0}" viewBox="{x0:.1} {top:.1} {w:.1} {h:.1}" font-family="'Source Sans 3', Helvetica, Arial, sans-serif" role="img">"#
    );
    let mut words = SvgWriter::default();
    words.element("title", &format!("The architecture of {}", graph.title));
    let shape = |node| format_shape(graph.node(node).shape);
    let from = shape(NodeId(0));
    let steps = drawing.scene.tiles.len();
    words.element(
        "desc",
        &format!(
            "{}, from an input of {from} to {} scores, in {steps} steps: {counts}. {}.",
            title,
            shape(graph.logits),
            graph.source
        ),
    );
    let _ = writeln!(out, r##"<rect x="{x0:.1}" y="{top:.1}" width="{w:.1}" height="{h:.1}" fill="#ffffff"/>"##);
    out.insert_str(out.find("<rect").unwrap_or(0), &words.out);
    out.push_str(&body.out);
    out.push_str(&svg.out);
    out.push_str("</svg>\n");
    SvgWriter { out, texts: svg.texts }
}

#[cfg(test)]
mod tests;
