//! Formats of counts and bytes for reading.

/// Formats a whole number in groups of three digits: `61,100,840`.
pub fn grouped(n: u64) -> String {
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

/// Formats a count with a suitable prefix: `61.1 M`, `269.7 k`, `84`.
pub fn count(n: u64) -> String {
    match n {
        // A count that would be rounded up to a thousand gets the next prefix.
        0..1_000 => n.to_string(),
        1_000..999_950 => format!("{:.1} k", n as f64 / 1e3),
        999_950..999_950_000 => format!("{:.1} M", n as f64 / 1e6),
        _ => format!("{:.1} G", n as f64 / 1e9),
    }
}

/// Formats MACs: `0.71 GMAC`, `41.29 MMAC`. From 0.1 GMAC on the unit is GMAC, as in model cards.
pub fn macs(n: u64) -> String {
    match n {
        0..100_000 => format!("{} MAC", grouped(n)),
        100_000..100_000_000 => format!("{:.2} MMAC", n as f64 / 1e6),
        _ => format!("{:.2} GMAC", n as f64 / 1e9),
    }
}

/// Formats bytes with a suitable prefix: `247 kB`, `46.8 MB`, `553 MB`.
pub fn bytes(bytes: u64) -> String {
    match bytes {
        0..1_000 => format!("{bytes} bytes"),
        1_000..999_001 => format!("{} kB", bytes.div_ceil(1000)),
        999_001..100_000_000 => format!("{:.1} MB", bytes as f64 / 1e6),
        _ => format!("{} MB", bytes.div_ceil(1_000_000)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_formatted_for_reading() {
        assert_eq!(grouped(61_100_840), "61,100,840");
        assert_eq!([84, 269_722, 61_100_840, 999_960].map(count), ["84", "269.7 k", "61.1 M", "1.0 M"]);
        assert_eq!(count(15_470_000_000), "15.5 G");
        assert_eq!([714_188_480, 41_290_304, 9_408].map(macs), ["0.71 GMAC", "41.29 MMAC", "9,408 MAC"]);
        assert_eq!(
            [999, 246_824, 999_500, 46_800_000, 553_430_176].map(bytes),
            ["999 bytes", "247 kB", "1.0 MB", "46.8 MB", "554 MB"]
        );
    }
}
