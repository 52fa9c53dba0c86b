//! The table at the end of a run of the tests: each step with its time, its tests and its slowest part.

use std::time::Duration;

use comfy_table::presets::ASCII_MARKDOWN;
use comfy_table::{CellAlignment, Table};

use crate::process::format_duration;
use crate::test_count::{TestCount, strip_colours};

/// A part of a step that took longer than the others: a test, or a program with many tests.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct SlowestPart {
    name: String,
    seconds: f64,
}

impl SlowestPart {
    /// Finds the slowest part in the output of cargo's test runner or of Node's.
    ///
    /// Cargo gives the time of each test program. Node gives that of each test and of each suite; a suite is not a part
    /// of its own.
    pub(crate) fn parse_output(text: &str) -> Option<Self> {
        let mut slowest: Option<Self> = None;
        let mut note = |name: &str, seconds: f64| {
            if slowest.as_ref().is_none_or(|known| known.seconds < seconds) {
                slowest = Some(Self { name: name.to_owned(), seconds });
            }
        };
        let (mut program, mut suites) = (String::new(), Vec::new());
        for line in text.lines().map(strip_colours) {
            let line = line.trim_start();
            if let Some(running) = line.strip_prefix("Running ").or_else(|| line.strip_prefix("Doc-tests ")) {
                program = running.split(" (").next().unwrap_or(running).to_owned();
            } else if let Some((_, time)) = line.split_once("; finished in ") {
                if let Ok(seconds) = time.trim_end_matches('s').parse() {
                    note(&program, seconds);
                }
            } else if let Some(suite) = line.strip_prefix("▶ ") {
                suites.push(suite.to_owned());
            } else if let Some((name, seconds)) = node_test(line)
                && !suites.iter().any(|suite| suite == name)
            {
                note(name, seconds);
            }
        }
        slowest
    }
}

impl SlowestPart {
    /// Returns the slower of two parts.
    pub(crate) fn slower(a: Option<Self>, b: Option<Self>) -> Option<Self> {
        a.into_iter().chain(b).max_by(|a, b| a.seconds.total_cmp(&b.seconds))
    }
}

/// Returns the name and the seconds of a test in a line like `✔ a digit is drawn (1234.5ms)`.
fn node_test(line: &str) -> Option<(&str, f64)> {
    let rest = line.strip_prefix("✔ ").or_else(|| line.strip_prefix("✖ "))?;
    let (name, time) = rest.rsplit_once(" (")?;
    let milliseconds: f64 = time.strip_suffix("ms)")?.parse().ok()?;
    Some((name, milliseconds / 1e3))
}

/// A step that has ended.
#[derive(Debug)]
pub(crate) struct EndedStep {
    pub(crate) title: &'static str,
    pub(crate) time: Duration,
    pub(crate) count: TestCount,
    pub(crate) slowest: Option<SlowestPart>,
}

/// Returns a table with a row for each step and one for all of them.
pub(crate) fn table(steps: &[EndedStep]) -> String {
    let mut table = Table::new();
    table.load_preset(ASCII_MARKDOWN).set_header(["step", "time", "passed", "failed", "slowest part"]);
    let (mut all, mut total) = (Duration::ZERO, TestCount::default());
    for EndedStep { title, time, count, slowest } in steps {
        all += *time;
        total.add(*count);
        let slowest = slowest.as_ref().map_or_else(String::new, |part| {
            format!("{} ({})", part.name, format_duration(Duration::from_secs_f64(part.seconds)))
        });
        table.add_row([
            (*title).to_owned(),
            format_duration(*time),
            count.passed.to_string(),
            count.failed.to_string(),
            slowest,
        ]);
    }
    table.add_row(["all", &format_duration(all), &total.passed.to_string(), &total.failed.to_string(), ""]);
    for column in table.column_iter_mut().skip(1).take(3) {
        column.set_cell_alignment(CellAlignment::Right);
    }
    table.to_string()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn slowest(text: &str) -> Option<(String, f64)> {
        SlowestPart::parse_output(text).map(|part| (part.name, part.seconds))
    }

    #[test]
    fn the_slowest_test_program_is_named() {
        let text = "     Running tests/cli.rs (target/debug/deps/cli-1)\n\
                    test result: ok. 1 passed; 0 failed; 0 ignored; 0 measured; 0 filtered out; finished in 12.50s\n\
                    \u{1b}[1m     Running\u{1b}[0m unittests src/lib.rs (target/debug/deps/net-1)\n\
                    test result: ok. 9 passed; 0 failed; 0 ignored; 0 measured; 0 filtered out; finished in 0.10s\n";
        assert_eq!(slowest(text), Some(("tests/cli.rs".to_owned(), 12.5)));
    }

    #[test]
    fn the_slowest_test_of_node_is_named_and_no_suite() {
        let text = "▶ digits, with WebGPU\n  ✔ a seven (drawn) is read (2500.5ms)\n  ✖ an eight (900ms)\n\
                    ✔ digits, with WebGPU (3400.1ms)\nℹ tests 2\n";
        assert_eq!(slowest(text), Some(("a seven (drawn) is read".to_owned(), 2.5005)));
        assert_eq!(slowest("nothing ran"), None);
    }

    #[test]
    fn the_table_adds_up() {
        let step = |title, passed| EndedStep {
            title,
            time: Duration::from_secs(40),
            count: TestCount { passed, failed: 1 },
            slowest: Some(SlowestPart { name: "a".to_owned(), seconds: 3.0 }),
        };
        let text = table(&[step("clippy", 2), step("native", 3)]);
        assert!(text.contains("| native | ") && text.contains("| a (3.0 s)"), "{text}");
        let last = text.lines().last().expect("should have rows");
        assert!(last.contains("1 min 20 s") && last.contains(" 5 ") && last.contains(" 2 "), "{text}");
    }
}
