//! Draws the tiles, edges, signs and words of the architecture.

use std::fmt::Write as _;

use super::svg_writer::{ABLATED, ACCENT, BRANCHES, EDGE, INK, LineStyle, NAME, PLAIN, SMALL, SvgWriter};
use super::tile_text::{FILLS, TileText};
use crate::geometry::Rect;
use crate::insight::Shortcut;
use crate::layout::paths::{
    SummandPath, ablated_summands, arch, band, cross_out_ablated, edge_path, is_padded, plus, projection,
};
use crate::layout::{Edge, Route, Scene, SceneTile, Sign};
use net::{AblationFactors, Graph, Op};

/// Scale of the signs: a plus sign has a radius of 6 units.
const UNIT: f32 = 0.46;
/// Offset from one rectangle of a stack to the one behind it, and the number of rectangles behind the front one.
const STACK: (f32, usize) = (2.0, 2);
/// Feature maps with at least this side are drawn one by one if there are few.
const MAP: f32 = 16.0;
/// Fills of frames, alternating with the depth of nesting, and the colour of their outlines.
const FRAMES: ([&str; 2], &str) = (["#f6f5f1", "#ffffff"], "#b9b6ad");
/// Line widths of outlines, of edges, and of signs.
const LINES: (f32, f32, f32) = (0.7, 1.1, 1.4);
/// Dash patterns of zero-padded shortcuts, of edges that are switched off, and of scaled edges. The page uses the same.
const DASHES: (&str, &str, &str) = ("4 3", "2 4", "6 3");

/// The content of the drawing and its layout.
pub(super) struct ArchitectureDrawing<'a> {
    pub(super) graph: &'a Graph,
    pub(super) effects: &'a AblationFactors,
    pub(super) scene: &'a Scene,
    /// The same layout with every tile as wide as its words.
    pub(super) roomy: &'a Scene,
    pub(super) texts: &'a [TileText],
    /// Distance from a tile to the point where a shortcut rises.
    pub(super) rise: f32,
}

impl ArchitectureDrawing<'_> {
    /// Draws everything.
    pub(super) fn draw(&self, svg: &mut SvgWriter) {
        for frame in &self.scene.frames {
            svg.rect(frame.rect, FRAMES.0[frame.depth % 2], FRAMES.1, LINES.0);
        }
        self.scene.edges.iter().for_each(|edge| self.edge(svg, edge));
        let few = self.scene.tiles.iter().all(|tile| tile.mosaic.maps == 1 || tile.mosaic.map.1 >= MAP);
        for (tile, tile_text) in self.scene.tiles.iter().zip(self.texts) {
            draw_tile(svg, tile, tile_text, few);
        }
        self.signs(svg);
        self.ablations(svg);
        for frame in &self.scene.frames {
            let at = (frame.rect.x + 6.0, frame.rect.y + NAME + 3.0);
            let name = &self.graph.blocks[frame.block.0].name;
            svg.text(name, at, LineStyle { size: NAME, bold: true, anchor: "start", ..PLAIN });
        }
        for (place, tile_text) in self.texts.iter().enumerate() {
            self.words(svg, place, tile_text);
        }
    }

    /// Returns the SVG path of an edge from tile to tile, through the space that both tiles keep for their words.
    fn edge_path(&self, edge: &Edge) -> String {
        let (from, to) = (&self.scene.tiles[edge.from], &self.scene.tiles[edge.to]);
        let (x, y) = from.rect.right();
        let mut out = format!("M{x:.1} {y:.1}H{:.1}", self.roomy.tiles[edge.from].rect.right().0);
        out.push_str(&edge_path(self.graph, self.roomy, edge, UNIT, self.rise));
        if edge.route == Route::Direct && !self.adds(to) {
            let x = band(self.graph, to, 0, UNIT).map_or(to.rect.x, |band| band.x);
            let _ = write!(out, "H{x:.1}");
        }
        out
    }

    fn adds(&self, tile: &SceneTile) -> bool {
        matches!(self.graph.node(tile.node).op, Op::Add(_))
    }

    fn edge(&self, svg: &mut SvgWriter, edge: &Edge) {
        let (stroke, line) = match (edge.shortcut, edge.branch) {
            (true, _) => (ACCENT, LINES.2),
            (false, Some(branch)) => (BRANCHES[branch % BRANCHES.len()], LINES.2),
            (false, None) => (EDGE, LINES.1),
        };
        let dashes = if is_padded(self.graph, self.scene, edge) { DASHES.0 } else { "" };
        svg.path(&self.edge_path(edge), stroke, line, dashes);
    }

    fn signs(&self, svg: &mut SvgWriter) {
        for (place, sign) in self.scene.signs(self.graph) {
            let tile = &self.scene.tiles[place];
            match sign {
                Sign::Plus => {
                    let ((x, y), r, cross) = plus(self.roomy.tiles[place].rect, UNIT);
                    svg.path(&format!("M{:.1} {y:.1}H{:.1}", x + r, tile.rect.x), EDGE, LINES.1, "");
                    let _ = write!(svg.out, r##"<circle cx="{x:.1}" cy="{y:.1}" r="{r:.1}" fill="#ffffff""##);
                    let _ = writeln!(svg.out, r#" stroke="{ACCENT}" stroke-width="{}"/>"#, LINES.2);
                    svg.path(&cross, ACCENT, LINES.2, "");
                }
                Sign::Bands(branches) => {
                    for branch in 0..branches.len() {
                        let Some(rect) = band(self.graph, tile, branch, UNIT) else { continue };
                        svg.rect(rect, BRANCHES[branch % BRANCHES.len()], "none", 0.0);
                    }
                }
                Sign::Arch(shortcut) => {
                    let dashes = if matches!(shortcut, Shortcut::Padded { .. }) { DASHES.0 } else { "" };
                    svg.path(&arch(tile.rect, UNIT), ACCENT, LINES.2, dashes);
                    if matches!(shortcut, Shortcut::Projection { .. }) {
                        svg.rect(projection(tile.rect, UNIT), ACCENT, "none", 0.0);
                    }
                }
            }
        }
    }

    fn ablations(&self, svg: &mut SvgWriter) {
        if self.effects.is_empty() {
            return;
        }
        for (summand, factor) in ablated_summands(self.graph, self.effects, self.scene) {
            let path = match summand {
                SummandPath::Edge(place) => self.edge_path(&self.scene.edges[place]),
                SummandPath::Arch(place) => arch(self.scene.tiles[place].rect, UNIT),
            };
            svg.path(&path, "#ffffff", 2.0 * LINES.2, "");
            svg.path(&path, ABLATED, LINES.2, if factor == 0.0 { DASHES.1 } else { DASHES.2 });
        }
        let mut crossed = String::new();
        for tile in &self.scene.tiles {
            cross_out_ablated(&mut crossed, self.graph, self.effects, tile, UNIT);
        }
        if !crossed.is_empty() {
            svg.path(&crossed, ABLATED, LINES.1, "");
        }
    }

    /// Writes the name and the shape above a tile and its operation below.
    fn words(&self, svg: &mut SvgWriter, place: usize, tile_text: &TileText) {
        let Rect { x, y, w, h } = self.scene.tiles[place].rect;
        let (x, top, bottom) = (x + w / 2.0, y - tile_text.lift, y + h);
        let name = LineStyle { size: NAME, bold: true, fill: INK, ..PLAIN };
        let (kind, detail) = (tile_text.kind, tile_text.detail.as_str());
        if tile_text.turned {
            let x = x + NAME * 0.3;
            svg.pair(&tile_text.name, &tile_text.shape, (x, top), LineStyle { turned: true, anchor: "start", ..name });
            let both = if detail.is_empty() { kind.to_owned() } else { format!("{kind} {detail}") };
            svg.text(&both, (x, bottom + 5.0), LineStyle { turned: true, anchor: "end", ..PLAIN });
        } else {
            svg.text(&tile_text.name, (x, top - SMALL - 4.0), name);
            svg.text(&tile_text.shape, (x, top - 2.0), PLAIN);
            svg.text(kind, (x, bottom + SMALL + 3.0), PLAIN);
            svg.text(detail, (x, bottom + 2.0 * SMALL + 4.0), PLAIN);
        }
    }
}

/// Draws a tile. Feature maps are drawn one by one if `few` or at most three; otherwise each tower is one stack of
/// rectangles. A vector is a single rectangle.
fn draw_tile(svg: &mut SvgWriter, tile: &SceneTile, tile_text: &TileText, few: bool) {
    let (mosaic, fill) = (&tile.mosaic, FILLS[tile_text.fill].1);
    svg.out.push_str("<g>");
    let (kind, detail) = (tile_text.kind, tile_text.detail.as_str());
    svg.element("title", [&tile_text.full, tile_text.shape.as_str(), kind, detail].join(" ").trim_end());
    let line = if tile_text.folded { LINES.2 } else { LINES.0 };
    if mosaic.maps > 1 && (few || mosaic.maps <= 3) {
        mosaic.all().filter_map(|map| mosaic.place(tile.rect, map)).for_each(|rect| svg.rect(rect, fill, INK, line));
    } else {
        let behind = if mosaic.maps > 1 { STACK.1 } else { 0 };
        for tower in 0..mosaic.towers {
            let rect = mosaic.tower(tile.rect, tower);
            for place in (0..=behind).rev() {
                let off = place as f32 * STACK.0;
                let line = if place == 0 { line } else { LINES.0 };
                svg.rect(Rect { x: rect.x + off, y: rect.y - off, ..rect }, fill, INK, line);
            }
        }
    }
    svg.out.push_str("</g>\n");
}
