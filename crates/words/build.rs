//! Turns the texts in `locales` into code.
//!
//! `leptos_i18n_build` does the same, but also brings data for dates and currencies, which take longer to build than
//! everything else.

use std::error::Error;
use std::path::Path;

use leptos_i18n_codegen::gen_code;
use leptos_i18n_parser::parse_locales::options::{Config, ParseOptions};
use leptos_i18n_parser::parse_locales::parse_locales;
use messages::Language;

/// The namespaces: one file per part of the pages, in every language. The messages of errors are not among them: the
/// crate `messages` has them.
const NAMESPACES: [&str; 38] = [
    "learn",
    "compare",
    "measures",
    "papers",
    "published",
    "variants",
    "classes",
    "convolution",
    "relu",
    "pooling",
    "normalisation",
    "dropout",
    "small_kernels",
    "parameters",
    "inception",
    "one_by_one",
    "average_pooling",
    "side_classifiers",
    "shortcut",
    "residual_blocks",
    "halving",
    "stage",
    "take",
    "second",
    "tour",
    "bench",
    "input",
    "photo",
    "strip",
    "answer",
    "ablation",
    "why",
    "supply",
    "inspector",
    "insight",
    "operations",
    "pixel",
    "families",
];

fn main() -> Result<(), Box<dyn Error>> {
    println!("cargo::rerun-if-changed=build.rs");
    println!("cargo::rerun-if-changed=locales");
    let mut config = Config::new(Language::default().code())?;
    for language in Language::all().filter(|language| *language != Language::default()) {
        config = config.add_locale(language.code())?;
    }
    config = config.add_namespaces(NAMESPACES)?;
    // Texts that contain numbers are also needed as strings, for the accessible names that screen readers read.
    config.options = ParseOptions::new().interpolate_display(true);
    let words = parse_locales(None, config)?;
    // Report texts that one language has and another lacks.
    let faults: Vec<String> = words.diag.warnings().iter().map(ToString::to_string).collect();
    if !faults.is_empty() {
        return Err(faults.join("; ").into());
    }
    let code = gen_code(&words, None, false, None, false)?;
    std::fs::write(Path::new(&std::env::var("OUT_DIR")?).join("words.rs"), code.to_string())?;
    Ok(())
}
