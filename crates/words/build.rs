//! Turns the words of `locales` into code. This is what `leptos_i18n_build` does, without the data for dates and
//! currencies that it can make as well, which takes longer to build than all the rest.

use std::error::Error;
use std::path::Path;

use leptos_i18n_codegen::gen_code;
use leptos_i18n_parser::parse_locales::options::{Config, ParseOptions};
use leptos_i18n_parser::parse_locales::parse_locales;

/// The parts of the pages: a file each, in every language.
const NAMESPACES: [&str; 39] = [
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
    "cut",
    "why",
    "supply",
    "faults",
    "inspector",
    "insight",
    "operations",
    "pixel",
    "families",
];

fn main() -> Result<(), Box<dyn Error>> {
    println!("cargo::rerun-if-changed=build.rs");
    println!("cargo::rerun-if-changed=locales");
    let mut config = Config::new("en")?.add_locale("zh")?.add_namespaces(NAMESPACES)?;
    // Words with numbers in them are also wanted as text, for the names that screen readers say.
    config.options = ParseOptions::new().interpolate_display(true);
    let words = parse_locales(None, config)?;
    // What one language has and another lacks.
    let faults: Vec<String> = words.diag.warnings().iter().map(ToString::to_string).collect();
    if !faults.is_empty() {
        return Err(faults.join("; ").into());
    }
    let code = gen_code(&words, None, false, None, false)?;
    std::fs::write(Path::new(&std::env::var("OUT_DIR")?).join("words.rs"), code.to_string())?;
    Ok(())
}
