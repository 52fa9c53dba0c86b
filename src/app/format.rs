//! Numbers as people read them.

/// A value with so many decimals and a true minus sign.
pub(super) fn decimal(value: f32, decimals: usize) -> String {
    if !value.is_finite() {
        return if value.is_nan() { "NaN".to_owned() } else { format!("{}∞", if value < 0.0 { "−" } else { "" }) };
    }
    let text = format!("{:.decimals$}", value.abs());
    let is_zero = text.bytes().all(|b| matches!(b, b'0' | b'.'));
    if value < 0.0 && !is_zero { format!("−{text}") } else { text }
}

/// A whole number in groups of three.
pub(super) fn grouped(n: u64) -> String {
    let digits = n.to_string();
    let mut out = String::with_capacity(digits.len() + digits.len() / 3);
    for (i, digit) in digits.chars().enumerate() {
        if i > 0 && (digits.len() - i).is_multiple_of(3) {
            out.push(',');
        }
        out.push(digit);
    }
    out
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

/// So many bytes, with the prefix that suits them: `247 kB`, `46.8 MB`, `553 MB`.
pub(super) fn size(bytes: u64) -> String {
    match bytes {
        0..1_000 => format!("{bytes} bytes"),
        1_000..1_000_000 => format!("{} kB", bytes.div_ceil(1000)),
        1_000_000..100_000_000 => format!("{:.1} MB", bytes as f64 / 1e6),
        _ => format!("{} MB", bytes.div_ceil(1_000_000)),
    }
}
