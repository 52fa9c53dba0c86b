//! Elements of an SVG, written one after the other, and the type in which its text is set.

use std::fmt::Write as _;

use crate::geometry::Rect;

/// The size of names, and of what stands beside them.
pub(super) const NAME: f32 = 11.0;
pub(super) const SMALL: f32 = 9.0;
/// Between both where they are one line.
pub(super) const APART: f32 = 5.0;

pub(super) const INK: &str = "#1b1c1f";
pub(super) const SOFT: &str = "#4b4e55";
pub(super) const ROAD: &str = "#7d8088";
pub(super) const ACCENT: &str = "#2456d6";
pub(super) const CUT: &str = "#b2182b";
pub(super) const LANES: [&str; 4] = ["#4067cf", "#de8b1f", "#37995a", "#a260b8"];

/// About how wide a line is in a sans serif.
pub(super) fn width(text: &str, size: f32, bold: bool) -> f32 {
    text.chars().count() as f32 * size * if bold { 0.6 } else { 0.55 }
}

/// The drawing as far as it is written.
#[derive(Default)]
pub(super) struct Pen {
    pub(super) out: String,
    /// What each line of text takes.
    pub(super) texts: Vec<Rect>,
}

/// How a line is set.
#[derive(Clone, Copy)]
pub(super) struct Type {
    pub(super) size: f32,
    pub(super) bold: bool,
    /// `start`, `middle` or `end`.
    pub(super) anchor: &'static str,
    pub(super) fill: &'static str,
    /// Whether it reads upwards.
    pub(super) turned: bool,
}

/// What stands beside names.
pub(super) const PLAIN: Type = Type { size: SMALL, bold: false, anchor: "middle", fill: SOFT, turned: false };

impl Pen {
    /// Writes text as the content of an element.
    fn escape(&mut self, text: &str) {
        for c in text.chars() {
            match c {
                '&' => self.out.push_str("&amp;"),
                '<' => self.out.push_str("&lt;"),
                '>' => self.out.push_str("&gt;"),
                c => self.out.push(c),
            }
        }
    }

    /// A line of text; nothing where there is none.
    pub(super) fn text(&mut self, text: &str, at: (f32, f32), how: Type) {
        if !text.is_empty() {
            self.pair(text, "", at, how);
        }
    }

    /// A line of text and, after it, what stands beside it.
    pub(super) fn pair(&mut self, text: &str, tail: &str, (x, y): (f32, f32), how: Type) {
        let Type { size, bold, anchor, fill, turned } = how;
        let long = width(text, size, bold) + if tail.is_empty() { 0.0 } else { APART + width(tail, SMALL, false) };
        let before = match anchor {
            "start" => 0.0,
            "middle" => long / 2.0,
            _ => long,
        };
        let (up, down) = (size * 0.75, size * 0.2);
        self.texts.push(if turned {
            Rect { x: x - up, y: y + before - long, w: up + down, h: long }
        } else {
            Rect { x: x - before, y: y - up, w: long, h: up + down }
        });
        let _ =
            write!(self.out, r#"<text x="{x:.1}" y="{y:.1}" font-size="{size}" text-anchor="{anchor}" fill="{fill}""#);
        if bold {
            self.out.push_str(r#" font-weight="600""#);
        }
        if turned {
            let _ = write!(self.out, r#" transform="rotate(-90 {x:.1} {y:.1})""#);
        }
        self.out.push('>');
        self.escape(text);
        if !tail.is_empty() {
            let _ = write!(self.out, r#"<tspan dx="{APART}" font-size="{SMALL}" font-weight="400" fill="{SOFT}">"#);
            self.escape(tail);
            self.out.push_str("</tspan>");
        }
        self.out.push_str("</text>\n");
    }

    /// An element that holds text alone.
    pub(super) fn element(&mut self, name: &str, text: &str) {
        let _ = write!(self.out, "<{name}>");
        self.escape(text);
        let _ = writeln!(self.out, "</{name}>");
    }

    /// A rectangle, its line so many pixels wide.
    pub(super) fn rect(&mut self, Rect { x, y, w, h }: Rect, fill: &str, stroke: &str, line: f32) {
        let _ = writeln!(
            self.out,
            r#"<rect x="{x:.1}" y="{y:.1}" width="{w:.1}" height="{h:.1}" fill="{fill}" stroke="{stroke}" stroke-width="{line}"/>"#
        );
    }

    /// A line; `dashes` as SVG has them, or nothing.
    pub(super) fn path(&mut self, d: &str, stroke: &str, line: f32, dashes: &str) {
        let _ = write!(self.out, r#"<path d="{d}" fill="none" stroke="{stroke}" stroke-width="{line}""#);
        if !dashes.is_empty() {
            let _ = write!(self.out, r#" stroke-dasharray="{dashes}""#);
        }
        self.out.push_str("/>\n");
    }
}
