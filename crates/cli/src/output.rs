//! How results are printed, for a person or for a program, and notes beside them.

/// The format of a printed result.
#[derive(Debug, Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
pub(super) enum Format {
    /// Lines for a person
    Text,
    /// JSON for a program
    Json,
}

/// Prints `value` as JSON.
pub(super) fn print_json(value: &impl serde::Serialize) {
    println!("{}", serde_json::to_string_pretty(value).expect("should be plain numbers and names"));
}

/// Says on standard error what was assumed about a file.
pub(super) fn note(path: &str, text: &str) {
    eprintln!("layerscope: {path}: {text}");
}
