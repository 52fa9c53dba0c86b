//! Numbers as people read them.

pub(super) use analysis::compare::units::{bytes as size, grouped};

/// A value with so many decimals and a true minus sign.
pub(super) fn decimal(value: f32, decimals: usize) -> String {
    if !value.is_finite() {
        return if value.is_nan() { "NaN".to_owned() } else { format!("{}∞", if value < 0.0 { "−" } else { "" }) };
    }
    let text = format!("{:.decimals$}", value.abs());
    let is_zero = text.bytes().all(|b| matches!(b, b'0' | b'.'));
    if value < 0.0 && !is_zero { format!("−{text}") } else { text }
}

/// Arithmetic with the signs that people write.
pub(super) fn arithmetic(expression: &str) -> String {
    expression.replace('*', "·")
}

/// A share of one, as a percentage.
pub(super) fn percent(share: f32) -> String {
    let percent = share * 100.0;
    match percent {
        p if p >= 99.95 => "100 %".to_owned(),
        p if p >= 0.05 => format!("{p:.1} %"),
        _ => "0.0 %".to_owned(),
    }
}

/// Milliseconds, as exact as they are worth.
pub(super) fn milliseconds(ms: f64) -> String {
    if ms < 10.0 { format!("{ms:.1} ms") } else { format!("{ms:.0} ms") }
}
