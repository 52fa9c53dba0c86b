//! Counts individual tests in the output of test runners.

/// The numbers of passed and failed tests.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(crate) struct TestCount {
    /// Number of passed tests.
    pub(crate) passed: usize,
    /// Number of failed tests.
    pub(crate) failed: usize,
}

impl TestCount {
    /// Counts a check that is a single test.
    pub(crate) fn single(ok: bool) -> Self {
        Self { passed: usize::from(ok), failed: usize::from(!ok) }
    }

    /// Adds the numbers of another runner.
    pub(crate) fn add(&mut self, other: Self) {
        self.passed += other.passed;
        self.failed += other.failed;
    }

    /// Adds up the summary lines of the test runners of cargo, wasm-bindgen and Node.
    ///
    /// A runner that failed without a failed test (a compile error, a killed process) counts as one failure, so that no
    /// failure goes unnoticed.
    pub(crate) fn parse_output(text: &str, succeeded: bool) -> Self {
        let mut count = Self::default();
        for line in text.lines() {
            let line = strip_colours(line);
            if let Some(rest) = line.trim_start().strip_prefix("test result: ") {
                count.passed += count_before(rest, " passed");
                count.failed += count_before(rest, " failed");
            } else if let Some((word, figure)) = node_summary(&line) {
                match word {
                    "pass" => count.passed += figure,
                    "fail" | "cancelled" => count.failed += figure,
                    _ => {}
                }
            }
        }
        if !succeeded && count.failed == 0 {
            count.failed = 1;
        }
        count
    }
}

/// Returns the number before `word` in a line like `test result: ok. 3 passed; 0 failed; ...`.
fn count_before(line: &str, word: &str) -> usize {
    let before = line.split(word).next().filter(|before| before.len() < line.len());
    before.and_then(|before| before.rsplit(' ').next()).and_then(|figure| figure.parse().ok()).unwrap_or(0)
}

/// Parses Node's `ℹ pass 3` (spec reporter) or `# pass 3` (tap reporter). Both start at the beginning of a line.
fn node_summary(line: &str) -> Option<(&str, usize)> {
    let rest = line.strip_prefix("ℹ ").or_else(|| line.strip_prefix("# "))?;
    let (word, figure) = rest.split_once(' ')?;
    Some((word, figure.trim().parse().ok()?))
}

/// Returns the line without terminal colours.
pub(crate) fn strip_colours(line: &str) -> String {
    let mut out = String::with_capacity(line.len());
    let mut chars = line.chars();
    while let Some(c) = chars.next() {
        if c == '\u{1b}' {
            // An escape sequence of a colour ends with its first letter: ESC [ 3 2 m.
            chars.by_ref().find(char::is_ascii_alphabetic);
        } else {
            out.push(c);
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn cargo_summaries_add_up() {
        let text = "test result: ok. 12 passed; 0 failed; 1 ignored; 0 measured; 0 filtered out; finished in 0.1s\n\
                    test result: \u{1b}[31mFAILED\u{1b}[0m. 3 passed; 2 failed; 0 ignored\n";
        assert_eq!(TestCount::parse_output(text, false), TestCount { passed: 15, failed: 2 });
    }

    #[test]
    fn node_summaries_are_read_in_both_forms() {
        assert_eq!(
            TestCount::parse_output("ℹ tests 9\nℹ pass 7\nℹ fail 1\nℹ cancelled 1\n", false),
            TestCount { passed: 7, failed: 2 }
        );
        assert_eq!(TestCount::parse_output("# pass 4\n# fail 0\n", true), TestCount { passed: 4, failed: 0 });
    }

    #[test]
    fn a_runner_that_died_is_a_failure() {
        assert_eq!(TestCount::parse_output("error: could not compile", false), TestCount { passed: 0, failed: 1 });
        assert_eq!(
            TestCount::parse_output("test result: ok. 2 passed; 0 failed", false),
            TestCount { passed: 2, failed: 1 }
        );
    }

    #[test]
    fn prose_is_not_a_summary() {
        assert_eq!(TestCount::parse_output("we pass 3 tests; 4 failed before", true), TestCount::default());
    }
}
