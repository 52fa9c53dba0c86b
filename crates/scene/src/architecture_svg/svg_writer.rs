//! Writes the elements of an SVG one after the other, and defines its typography.

use std::fmt::Write as _;

use crate::geometry::Rect;

/// Type size of names.
pub(super) const NAME: f32 = 11.0;
/// Type size of all other text.
pub(super) const SMALL: f32 = 9.0;
/// Distance between a name and the text beside it on the same line.
pub(super) const APART: f32 = 5.0;

pub(super) const INK: &str = "#1b1c1f";
pub(super) const SOFT: &str = "#4b4e55";
pub(super) const EDGE: &str = "#7d8088";
pub(super) const ACCENT: &str = "#2456d6";
pub(super) const ABLATED: &str = "#b2182b";
pub(super) const BRANCHES: [&str; 4] = ["#4067cf", "#de8b1f", "#37995a", "#a260b8"];

/// Estimates the width of a line of text in a sans-serif face, in pixels.
pub(super) fn width(text: &str, size: f32, bold: bool) -> f32 {
    text.chars().count() as f32 * size * if bold { 0.6 } else { 0.55 }
}

/// The document written so far.
#[derive(Default)]
pub(super) struct SvgWriter {
    pub(super) out: String,
    /// The rectangle that each line of text occupies.
    pub(super) texts: Vec<Rect>,
}

/// The style of a line of text.
#[derive(Clone, Copy)]
pub(super) struct LineStyle {
    pub(super) size: f32,
    pub(super) bold: bool,
    /// The SVG `text-anchor`: `start`, `middle` or `end`.
    pub(super) anchor: &'static str,
    pub(super) fill: &'static str,
    /// True if the text is turned by 90 degrees and reads upwards.
    pub(super) turned: bool,
}

/// The style of text that is not a name.
pub(super) const PLAIN: LineStyle = LineStyle { size: SMALL, bold: false, anchor: "middle", fill: SOFT, turned: false };

impl SvgWriter {
    /// Writes text with the characters of markup escaped.
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

    /// Writes a line of text, or nothing if `text` is empty.
    pub(super) fn text(&mut self, text: &str, at: (f32, f32), style: LineStyle) {
        if !text.is_empty() {
            self.pair(text, "", at, style);
        }
    }

    /// Writes a line of text, followed on the same line by `tail` in the small style.
    pub(super) fn pair(&mut self, text: &str, tail: &str, (x, y): (f32, f32), style: LineStyle) {
        let LineStyle { size, bold, anchor, fill, turned } = style;
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

    /// Writes an element that contains only text.
    pub(super) fn element(&mut self, name: &str, text: &str) {
        let _ = write!(self.out, "<{name}>");
        self.escape(text);
        let _ = writeln!(self.out, "</{name}>");
    }

    /// Writes a rectangle whose outline is `line` pixels wide.
    pub(super) fn rect(&mut self, Rect { x, y, w, h }: Rect, fill: &str, stroke: &str, line: f32) {
        let _ = writeln!(
            self.out,
            r#"<rect x="{x:.1}" y="{y:.1}" width="{w:.1}" height="{h:.1}" fill="{fill}" stroke="{stroke}" stroke-width="{line}"/>"#
        );
    }

    /// Writes a path. `dashes` is an SVG `stroke-dasharray`, or empty for a solid line.
    pub(super) fn path(&mut self, d: &str, stroke: &str, line: f32, dashes: &str) {
        let _ = write!(self.out, r#"<path d="{d}" fill="none" stroke="{stroke}" stroke-width="{line}""#);
        if !dashes.is_empty() {
            let _ = write!(self.out, r#" stroke-dasharray="{dashes}""#);
        }
        self.out.push_str("/>\n");
    }
}
