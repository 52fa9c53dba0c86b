//! Turns the list of languages (`crates/words/languages.js`) and the messages of errors
//! (`crates/words/locales/LANGUAGE/errors.json`) into tables of constants.

use std::collections::{BTreeMap, BTreeSet};
use std::error::Error;
use std::path::{Path, PathBuf};
use std::{env, fs};

use serde_json::Value;

/// The text before the rows in the list of languages.
const LIST: &str = "const LANGUAGES =";

fn main() -> Result<(), Box<dyn Error>> {
    let words = PathBuf::from(env::var("CARGO_MANIFEST_DIR")?).join("../words");
    let list = words.join("languages.js");
    println!("cargo::rerun-if-changed=build.rs");
    println!("cargo::rerun-if-changed={}", list.display());
    let languages = languages(&fs::read_to_string(&list)?)?;
    let mut texts = Vec::new();
    for [code, ..] in &languages {
        let file = words.join("locales").join(code).join("errors.json");
        println!("cargo::rerun-if-changed={}", file.display());
        texts.push(catalogue(&file)?);
    }
    compare(&languages, &texts)?;
    fs::write(Path::new(&env::var("OUT_DIR")?).join("catalogue.rs"), code(&languages, &texts))?;
    Ok(())
}

/// Reads the rows of the list: code, name, and what stands between two sentences.
fn languages(script: &str) -> Result<Vec<[String; 3]>, Box<dyn Error>> {
    let (_, rows) = script.split_once(LIST).ok_or("languages.js has no list of languages")?;
    Ok(serde_json::from_str(rows.trim().trim_end_matches(';'))?)
}

/// Reads the messages of one language, by key. The keys of nested objects are joined by dots.
fn catalogue(file: &Path) -> Result<BTreeMap<String, String>, Box<dyn Error>> {
    let mut texts = BTreeMap::new();
    flatten("", serde_json::from_str(&fs::read_to_string(file)?)?, &mut texts)?;
    Ok(texts)
}

fn flatten(prefix: &str, value: Value, texts: &mut BTreeMap<String, String>) -> Result<(), Box<dyn Error>> {
    match value {
        Value::Object(entries) => {
            for (key, value) in entries {
                flatten(&format!("{prefix}{}{key}", if prefix.is_empty() { "" } else { "." }), value, texts)?;
            }
        }
        Value::String(text) => drop(texts.insert(prefix.to_owned(), text)),
        other => return Err(format!("{prefix} is {other}, and a message should be a string").into()),
    }
    Ok(())
}

/// Returns the names of the values in a text.
fn placeholders(text: &str) -> BTreeSet<&str> {
    text.split("{{").skip(1).filter_map(|rest| rest.split_once("}}")).map(|(name, _)| name.trim()).collect()
}

/// Fails if a language lacks a message of the first one, has another one, or has other values in it.
fn compare(languages: &[[String; 3]], texts: &[BTreeMap<String, String>]) -> Result<(), Box<dyn Error>> {
    let first = texts.first().ok_or("there should be a language")?;
    for ([code, ..], other) in languages.iter().zip(texts) {
        for key in first.keys().chain(other.keys()) {
            match (first.get(key), other.get(key)) {
                (Some(here), Some(there)) if placeholders(here) == placeholders(there) => {}
                (Some(_), Some(_)) => return Err(format!("{code}: {key} has other values than in English").into()),
                _ => return Err(format!("{code}: {key} is not in every language").into()),
            }
        }
    }
    Ok(())
}

/// Returns the tables as Rust code.
fn code(languages: &[[String; 3]], texts: &[BTreeMap<String, String>]) -> String {
    let rows: Vec<[&str; 3]> = languages.iter().map(|row| row.each_ref().map(String::as_str)).collect();
    let keys: Vec<&String> = texts[0].keys().collect();
    let values: Vec<Vec<&str>> = texts[0].values().map(|text| placeholders(text).into_iter().collect()).collect();
    let texts: Vec<Vec<&String>> = texts.iter().map(|texts| texts.values().collect()).collect();
    let (count, of) = (languages.len(), keys.len());
    format!(
        "/// The languages: code, name, and what stands between two sentences.\n\
         pub(crate) const LANGUAGES: [[&str; 3]; {count}] = {rows:?};\n\
         /// The keys of all messages, sorted.\n\
         pub(crate) const KEYS: [&str; {of}] = {keys:?};\n\
         /// The names of the values of each message, sorted.\n\
         pub(crate) const VALUES: [&[&str]; {of}] = {};\n\
         /// The messages of each language.\n\
         pub(crate) static TEXTS: [[&str; {of}]; {count}] = {texts:?};\n",
        format!("{values:?}").replace("[", "&[").replacen("&[", "[", 1),
    )
}
