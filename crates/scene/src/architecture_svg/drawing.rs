//! Draws the tiles, edges, signs and words of the architecture.

use std::fmt::Write as _;

use super::svg_writer::{ACCENT, CUT, INK, LANES, NAME, PLAIN, Pen, ROAD, SMALL, Type};
use super::tile_text::{FILLS, Label};
use crate::geometry::Rect;
use crate::insight::Shortcut;
use crate::layout::paths::{Way, arch, band, cross_out, cut_ways, is_padded, plus, projection, road};
use crate::layout::{Edge, Item, Road, Scene, Sign};
use net::{Effects, Graph, Op};

/// Scale of the signs: a plus sign has a radius of 6 units.
const UNIT: f32 = 0.46;
/// Offset from one sheet of a stack to the one behind it, and the number of sheets behind the front one.
const SHEET: (f32, usize) = (2.0, 2);
/// Feature maps with at least this side are drawn one by one if there are few.
const MAP: f32 = 16.0;
/// Fills of frames, alternating with the depth of nesting, and the colour of their outlines.
const FRAMES: ([&str; 2], &str) = (["#f6f5f1", "#ffffff"], "#b9b6ad");
/// Line widths of outlines, of edges, and of signs.
const LINES: (f32, f32, f32) = (0.7, 1.1, 1.4);
/// Dash patterns of zero-padded shortcuts, of edges that are switched off, and of scaled edges. The page uses the same.
const DASHES: (&str, &str, &str) = ("4 3", "2 4", "6 3");

/// The content of the drawing and its layout.
pub(super) struct Sheet<'a> {
    pub(super) graph: &'a Graph,
    pub(super) cuts: &'a Effects,
    pub(super) laid: &'a Scene,
    /// The same layout with every tile as wide as its words.
    pub(super) roomy: &'a Scene,
    pub(super) labels: &'a [Label],
    /// Distance from a tile to the point where a shortcut rises.
    pub(super) rise: f32,
}

impl Sheet<'_> {
    /// Draws everything.
    pub(super) fn draw(&self, pen: &mut Pen) {
        for frame in &self.laid.frames {
            pen.rect(frame.rect, FRAMES.0[frame.depth % 2], FRAMES.1, LINES.0);
        }
        self.laid.edges.iter().for_each(|edge| self.edge(pen, edge));
        let few = self.laid.items.iter().all(|item| item.mosaic.maps == 1 || item.mosaic.map.1 >= MAP);
        for (item, label) in self.laid.items.iter().zip(self.labels) {
            tile(pen, item, label, few);
        }
        self.signs(pen);
        self.cuts(pen);
        for frame in &self.laid.frames {
            let at = (frame.rect.x + 6.0, frame.rect.y + NAME + 3.0);
            let name = &self.graph.blocks[frame.block.0].name;
            pen.text(name, at, Type { size: NAME, bold: true, anchor: "start", ..PLAIN });
        }
        for (place, label) in self.labels.iter().enumerate() {
            self.words(pen, place, label);
        }
    }

    /// Returns the SVG path of an edge from tile to tile, through the space that both tiles keep for their words.
    fn way(&self, edge: &Edge) -> String {
        let (from, to) = (&self.laid.items[edge.from], &self.laid.items[edge.to]);
        let (x, y) = from.rect.right();
        let mut out = format!("M{x:.1} {y:.1}H{:.1}", self.roomy.items[edge.from].rect.right().0);
        out.push_str(&road(self.graph, self.roomy, edge, UNIT, self.rise));
        if edge.road == Road::Direct && !self.adds(to) {
            let x = band(self.graph, to, 0, UNIT).map_or(to.rect.x, |band| band.x);
            let _ = write!(out, "H{x:.1}");
        }
        out
    }

    fn adds(&self, item: &Item) -> bool {
        matches!(self.graph.node(item.node).op, Op::Add(_))
    }

    fn edge(&self, pen: &mut Pen, edge: &Edge) {
        let (stroke, line) = match (edge.shortcut, edge.lane) {
            (true, _) => (ACCENT, LINES.2),
            (false, Some(lane)) => (LANES[lane % LANES.len()], LINES.2),
            (false, None) => (ROAD, LINES.1),
        };
        let dashes = if is_padded(self.graph, self.laid, edge) { DASHES.0 } else { "" };
        pen.path(&self.way(edge), stroke, line, dashes);
    }

    fn signs(&self, pen: &mut Pen) {
        for (place, sign) in self.laid.signs(self.graph) {
            let item = &self.laid.items[place];
            match sign {
                Sign::Plus => {
                    let ((x, y), r, cross) = plus(self.roomy.items[place].rect, UNIT);
                    pen.path(&format!("M{:.1} {y:.1}H{:.1}", x + r, item.rect.x), ROAD, LINES.1, "");
                    let _ = write!(pen.out, r##"<circle cx="{x:.1}" cy="{y:.1}" r="{r:.1}" fill="#ffffff""##);
                    let _ = writeln!(pen.out, r#" stroke="{ACCENT}" stroke-width="{}"/>"#, LINES.2);
                    pen.path(&cross, ACCENT, LINES.2, "");
                }
                Sign::Bands(lanes) => {
                    for lane in 0..lanes.len() {
                        let Some(rect) = band(self.graph, item, lane, UNIT) else { continue };
                        pen.rect(rect, LANES[lane % LANES.len()], "none", 0.0);
                    }
                }
                Sign::Arch(shortcut) => {
                    let dashes = if matches!(shortcut, Shortcut::Padded { .. }) { DASHES.0 } else { "" };
                    pen.path(&arch(item.rect, UNIT), ACCENT, LINES.2, dashes);
                    if matches!(shortcut, Shortcut::Projection { .. }) {
                        pen.rect(projection(item.rect, UNIT), ACCENT, "none", 0.0);
                    }
                }
            }
        }
    }

    fn cuts(&self, pen: &mut Pen) {
        if self.cuts.is_empty() {
            return;
        }
        for (way, factor) in cut_ways(self.graph, self.cuts, self.laid) {
            let path = match way {
                Way::Edge(place) => self.way(&self.laid.edges[place]),
                Way::Arch(place) => arch(self.laid.items[place].rect, UNIT),
            };
            pen.path(&path, "#ffffff", 2.0 * LINES.2, "");
            pen.path(&path, CUT, LINES.2, if factor == 0.0 { DASHES.1 } else { DASHES.2 });
        }
        let mut crossed = String::new();
        for item in &self.laid.items {
            cross_out(&mut crossed, self.graph, self.cuts, item, UNIT);
        }
        if !crossed.is_empty() {
            pen.path(&crossed, CUT, LINES.1, "");
        }
    }

    /// Writes the name and the shape above a tile and its operation below.
    fn words(&self, pen: &mut Pen, place: usize, label: &Label) {
        let Rect { x, y, w, h } = self.laid.items[place].rect;
        let (x, top, bottom) = (x + w / 2.0, y - label.lift, y + h);
        let name = Type { size: NAME, bold: true, fill: INK, ..PLAIN };
        let (kind, detail) = (label.does.0, label.does.1.as_str());
        if label.turned {
            let x = x + NAME * 0.3;
            pen.pair(&label.name, &label.shape, (x, top), Type { turned: true, anchor: "start", ..name });
            let does = if detail.is_empty() { kind.to_owned() } else { format!("{kind} {detail}") };
            pen.text(&does, (x, bottom + 5.0), Type { turned: true, anchor: "end", ..PLAIN });
        } else {
            pen.text(&label.name, (x, top - SMALL - 4.0), name);
            pen.text(&label.shape, (x, top - 2.0), PLAIN);
            pen.text(kind, (x, bottom + SMALL + 3.0), PLAIN);
            pen.text(detail, (x, bottom + 2.0 * SMALL + 4.0), PLAIN);
        }
    }
}

/// Draws a tile. Feature maps are drawn one by one if `few` or at most three; otherwise each tower is one stack of
/// sheets. A vector is a single rectangle.
fn tile(pen: &mut Pen, item: &Item, label: &Label, few: bool) {
    let (mosaic, fill) = (&item.mosaic, FILLS[label.fill].1);
    pen.out.push_str("<g>");
    let (kind, detail) = (label.does.0, label.does.1.as_str());
    pen.element("title", [&label.full, label.shape.as_str(), kind, detail].join(" ").trim_end());
    let line = if label.folded { LINES.2 } else { LINES.0 };
    if mosaic.maps > 1 && (few || mosaic.maps <= 3) {
        mosaic.all().filter_map(|map| mosaic.place(item.rect, map)).for_each(|rect| pen.rect(rect, fill, INK, line));
    } else {
        let behind = if mosaic.maps > 1 { SHEET.1 } else { 0 };
        for tower in 0..mosaic.towers {
            let rect = mosaic.tower(item.rect, tower);
            for place in (0..=behind).rev() {
                let off = place as f32 * SHEET.0;
                let line = if place == 0 { line } else { LINES.0 };
                pen.rect(Rect { x: rect.x + off, y: rect.y - off, ..rect }, fill, INK, line);
            }
        }
    }
    pen.out.push_str("</g>\n");
}
