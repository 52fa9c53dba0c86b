//! Numbers in a notation that is the same in every language.

pub(in crate::app) use analysis::compare::units::{bytes as size, grouped};

/// Writes a value with a fixed number of decimals and a true minus sign.
pub(in crate::app) fn decimal(value: f32, decimals: usize) -> String {
    if !value.is_finite() {
        return if value.is_nan() { "NaN".to_owned() } else { format!("{}∞", if value < 0.0 { "−" } else { "" }) };
    }
    let text = format!("{:.decimals$}", value.abs());
    let is_zero = text.bytes().all(|b| matches!(b, b'0' | b'.'));
    if value < 0.0 && !is_zero { format!("−{text}") } else { text }
}

/// Replaces `*` by a multiplication dot.
pub(in crate::app) fn arithmetic(expression: &str) -> String {
    expression.replace('*', "·")
}

/// Writes a fraction of one as percent.
pub(in crate::app) fn percent(share: f32) -> String {
    let percent = share * 100.0;
    match percent {
        p if p >= 99.95 => "100 %".to_owned(),
        p if p >= 0.05 => format!("{p:.1} %"),
        _ => "0.0 %".to_owned(),
    }
}

/// Writes milliseconds: one decimal below 10 ms, none above.
pub(in crate::app) fn milliseconds(ms: f64) -> String {
    if ms < 10.0 { format!("{ms:.1} ms") } else { format!("{ms:.0} ms") }
}
