//! Pieces of text that several lessons write.

use net::network;

/// Returns the text in place of a number that is not there yet.
pub(super) fn dash() -> String {
    "–".to_owned()
}

/// Writes a side as a square: `3×3`.
pub(super) fn square(side: usize) -> String {
    format!("{side}×{side}")
}

/// Writes a number as an exponent: `⁻¹²`.
pub(super) fn superscript(number: i32) -> String {
    let digit = |digit: char| "⁰¹²³⁴⁵⁶⁷⁸⁹".chars().nth(digit.to_digit(10)? as usize);
    let sign = if number < 0 { "⁻" } else { "" };
    format!("{sign}{}", number.unsigned_abs().to_string().chars().filter_map(digit).collect::<String>())
}

/// Returns the title of a network, or its name if it has none.
pub(super) fn network_title(name: &'static str) -> &'static str {
    network(name).map_or(name, |graph| graph.title)
}
