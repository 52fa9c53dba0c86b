//! The texts of the pages: every language has all of them, and the code has none.

mod page_code;

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::Path;
use std::str::FromStr as _;
use std::sync::OnceLock;

use messages::Language;
use net::FAMILIES;
use page_code::{PAGE_CODE, sources};
use proc_macro2::{Delimiter, TokenStream, TokenTree};
use serde_json::Value;

/// Files of the pages whose texts may be in English: they address scripts or the console, or pass on an error as the
/// browser reports it.
const ENGLISH_ONLY: [&str; 13] = [
    "bench/progress.rs",
    "browser/clock.rs",
    "browser/fetch.rs",
    "browser/js.rs",
    "browser/save.rs",
    // Built natively, a page only prints a hint.
    "main.rs",
    "script/",
    "second/input.rs",
    "session/engine.rs",
    "session/weights.rs",
    "store/",
    "worker/",
    // The authors and licences of photos.
    "photo/samples.rs",
];

/// Words that are the same in every language: names of networks, layers, engines, formats and units, formulas, and the
/// languages' own names.
const NAMES: [&str; 19] = [
    "Layerscope",
    "English",
    "中文",
    "ReLU",
    "MAC",
    "BN",
    "LRN",
    "Softmax",
    "NaN",
    "WebGPU",
    "CPU",
    "Markdown",
    "ms",
    "F(x)",
    "|F(x)|",
    "tanh(⅔",
    "exp(−",
    "max(0,",
    "GFLOP/s",
];

/// Names of keys, data kinds and objects in browsers.
const KEYS: [&str; 12] = [
    "Arrow",
    "ArrowDown",
    "ArrowLeft",
    "ArrowRight",
    "ArrowUp",
    "End",
    "Enter",
    "Escape",
    "Files",
    "Home",
    "PageDown",
    "PageUp",
];

/// Attributes whose values people see or hear.
const READ_ATTRIBUTES: [&str; 7] = ["aria_label", "label", "title", "alt", "placeholder", "valuetext", "description"];

/// Returns the codes of the languages that are compared with English. Each is a folder of texts.
fn other_languages() -> impl Iterator<Item = &'static str> {
    Language::all().skip(1).map(Language::code)
}

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

fn flatten(prefix: &str, value: &Value, out: &mut BTreeMap<String, String>) {
    match value {
        Value::Object(entries) => {
            for (key, value) in entries {
                flatten(&format!("{prefix}.{key}"), value, out);
            }
        }
        Value::String(text) => drop(out.insert(prefix.to_owned(), text.clone())),
        other => panic!("{prefix} is {other}, and a text should be a string"),
    }
}

/// Returns all texts of a language, by file and key.
fn words(language: &str) -> BTreeMap<String, String> {
    let folder = root().join("crates/words/locales").join(language);
    let mut out = BTreeMap::new();
    for entry in fs::read_dir(&folder).expect("should have the folder") {
        let path = entry.expect("should be readable").path();
        let text = fs::read_to_string(&path).expect("should be readable");
        let value: Value = serde_json::from_str(&text).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
        flatten(&path.file_stem().expect("should have a name").to_string_lossy(), &value, &mut out);
    }
    assert!(!out.is_empty());
    out
}

/// Returns the placeholders of a text, its variables and elements, sorted.
fn text_placeholders(text: &str) -> Vec<String> {
    let variables = text.split("{{").skip(1).filter_map(|rest| rest.split_once("}}")).map(|(name, _)| name.trim());
    let elements = text.split('<').skip(1).filter_map(|rest| rest.split_once('>')).map(|(name, _)| name.trim());
    let mut holes: Vec<String> = variables.chain(elements).map(str::to_owned).collect();
    holes.sort();
    holes.dedup();
    holes
}

#[test]
fn no_key_is_missing_in_any_language() {
    let first = words(Language::default().code());
    for language in other_languages() {
        let other = words(language);
        let missing: Vec<_> = first.keys().filter(|key| !other.contains_key(*key)).collect();
        let surplus: Vec<_> = other.keys().filter(|key| !first.contains_key(*key)).collect();
        assert!(missing.is_empty() && surplus.is_empty(), "{language}: missing {missing:?}, surplus {surplus:?}");
        for (key, text) in &first {
            let there = &other[key];
            assert_eq!(text_placeholders(text), text_placeholders(there), "{language}: {key}");
            assert!(!there.trim().is_empty() && !text.trim().is_empty(), "{key} is empty");
        }
    }
}

#[test]
fn chinese_texts_are_chinese() {
    let han = |text: &str| text.chars().any(|c| ('\u{4e00}'..='\u{9fff}').contains(&c));
    let (english, chinese) = (words("en"), words("zh"));
    for (key, text) in &chinese {
        // A name or a formula is the same in both languages, and some texts consist of placeholders alone.
        let same = english[key] == *text && text.split_whitespace().count() <= 2;
        let put = text_of(&format!("\"{text}\"")).is_some_and(|rest| !has_word(&rest));
        assert!(han(text) || same || put, "{key}: {text}");
    }
    let mixed: Vec<_> = english.iter().filter(|(_, text)| han(text)).collect();
    assert!(mixed.is_empty(), "{mixed:?}");
}

/// Returns the text of a string literal without its formatted parts.
fn text_of(literal: &str) -> Option<String> {
    let inner = literal.strip_prefix('"')?.strip_suffix('"')?;
    let mut text = String::new();
    let mut depth = 0;
    for c in inner.chars() {
        match c {
            '{' => depth += 1,
            '}' => depth -= 1,
            c if depth == 0 => text.push(c),
            _ => {}
        }
    }
    Some(text)
}

/// Returns whether a text contains a word that people would read.
fn has_word(text: &str) -> bool {
    let letters = |word: &str| word.chars().filter(|c| c.is_alphabetic()).count() > 1;
    // Declarations of style contain a colon.
    let style = |word: &str| word.trim_end_matches(':').contains(':');
    text.split_whitespace().any(|word| letters(word) && !style(word) && !NAMES.contains(&word))
}

/// Returns the class names of the style sheets. A view may list several of them in one string.
fn classes() -> &'static BTreeSet<String> {
    static CLASSES: OnceLock<BTreeSet<String>> = OnceLock::new();
    CLASSES.get_or_init(|| {
        let mut files = Vec::new();
        sources(&root().join("static"), "css", &mut files);
        let sheets = files.iter().map(|file| fs::read_to_string(file).expect("should be readable"));
        let name = |part: &str| part.chars().take_while(|c| c.is_alphanumeric() || *c == '-').collect::<String>();
        sheets.flat_map(|sheet| sheet.split('.').skip(1).map(name).collect::<Vec<_>>()).collect()
    })
}

/// Returns whether a text in code is a sentence, although it is not in a view.
fn is_sentence(text: &str) -> bool {
    let words: Vec<&str> = text.split_whitespace().collect();
    let known = words.iter().all(|word| classes().contains(*word));
    // Text for the browser: addresses, elements, media queries.
    let code = ["var(--", "://", "](", "<", "(pointer", "(prefers", ":not(", "translate("]
        .iter()
        .any(|part| text.contains(part));
    // The message of a panic.
    let fault = text.starts_with("should ");
    !known && !code && !fault && !is_svg_path(text) && words.iter().filter(|word| has_word(word)).count() > 2
}

/// Returns whether a text is the data of an SVG path: it consists of numbers and commands, and begins with a move.
fn is_svg_path(text: &str) -> bool {
    let in_data = |c: char| c.is_ascii_digit() || "MmZzLlHhVvCcSsQqTtAa.,- ".contains(c);
    text.starts_with(['M', 'm']) && text.chars().any(|c| c.is_ascii_digit()) && text.chars().all(in_data)
}

/// Returns whether a text in code begins like a label: a capital, then a small letter.
fn is_label(text: &str) -> bool {
    let mut chars = text.chars();
    let begins =
        chars.next().is_some_and(|c| c.is_ascii_uppercase()) && chars.next().is_some_and(|c| c.is_ascii_lowercase());
    begins && has_word(text) && !KEYS.contains(&text) && !text.ends_with("Error")
}

/// The context of tokens.
#[derive(Clone, Copy, PartialEq)]
enum TokenContext {
    Code,
    /// Between the elements of a view.
    View,
    /// In the value of an attribute that people see or hear.
    ReadAttribute,
    /// In the value of another attribute.
    OtherAttribute,
}

/// Collects texts in code: between elements, in attributes that people see or hear, and sentences anywhere.
fn collect_texts(tokens: TokenStream, place: TokenContext, out: &mut Vec<(usize, String)>) {
    let trees: Vec<TokenTree> = tokens.into_iter().collect();
    let is = |at: Option<usize>, c: char| {
        at.and_then(|at| trees.get(at)).is_some_and(|tree| matches!(tree, TokenTree::Punct(p) if p.as_char() == c))
    };
    let ident = |at: Option<usize>| match at.and_then(|at| trees.get(at)) {
        Some(TokenTree::Ident(ident)) => ident.to_string(),
        _ => String::new(),
    };
    let mut here = place;
    for (at, tree) in trees.iter().enumerate() {
        let before = at.checked_sub(1);
        match tree {
            TokenTree::Ident(_) if place == TokenContext::View && is(Some(at + 1), '=') => {
                let name = ident(Some(at));
                let heard = READ_ATTRIBUTES.contains(&name.as_str()) || name == "name";
                here = if heard { TokenContext::ReadAttribute } else { TokenContext::OtherAttribute };
            }
            // The end of an element's tag. The `>` of an arrow is not one.
            TokenTree::Punct(p)
                if place == TokenContext::View && p.as_char() == '>' && !is(before, '=') && !is(before, '-') =>
            {
                here = TokenContext::View;
            }
            TokenTree::Group(group) => {
                // Skip attributes: they hold documentation and the messages of errors.
                if is(before, '#') || (is(before, '!') && is(at.checked_sub(2), '#')) {
                    continue;
                }
                let view = is(before, '!') && ident(at.checked_sub(2)) == "view";
                let inner = match here {
                    _ if view => TokenContext::View,
                    // Braces in a view contain code.
                    TokenContext::View if group.delimiter() == Delimiter::Brace => TokenContext::Code,
                    other => other,
                };
                collect_texts(group.stream(), inner, out);
            }
            TokenTree::Literal(literal) => {
                let Some(text) = text_of(&literal.to_string()) else { continue };
                let found = match here {
                    TokenContext::Code => is_sentence(&text) || is_label(&text),
                    TokenContext::View | TokenContext::ReadAttribute => has_word(&text),
                    TokenContext::OtherAttribute => false,
                };
                if found {
                    out.push((literal.span().start().line, text));
                }
            }
            _ => {}
        }
    }
}

fn words_in(code: &str) -> Vec<(usize, String)> {
    let mut out = Vec::new();
    collect_texts(TokenStream::from_str(code).expect("should be Rust"), TokenContext::Code, &mut out);
    out
}

#[test]
fn no_text_is_in_the_code() {
    let mut files = Vec::new();
    for folder in PAGE_CODE.map(|folder| root().join(folder)) {
        let mut here = Vec::new();
        sources(&folder, "rs", &mut here);
        here.retain(|file| {
            let name = file.strip_prefix(&folder).expect("should lie there").to_string_lossy().into_owned();
            !ENGLISH_ONLY.iter().any(|unspoken| name.starts_with(unspoken))
        });
        files.extend(here);
    }
    assert!(files.len() > 100, "{files:?}");
    let mut found = Vec::new();
    for file in files {
        let code = fs::read_to_string(&file).expect("should be readable");
        found.extend(words_in(&code).into_iter().map(|(line, text)| format!("{}:{line}: {text}", file.display())));
    }
    assert!(found.is_empty(), "{}", found.join("\n"));
}

/// Checks the files that are not code: the pages before the code loads, and the name of the installed page.
#[test]
fn static_files_have_every_language() {
    for page in ["index.html", "compare.html", "learn.html"] {
        let text = fs::read_to_string(root().join(page)).expect("should be readable");
        let count = |language: &str| text.matches(&format!("<span lang=\"{language}\">")).count();
        let english = count(Language::default().code());
        assert!(english >= 2 && other_languages().all(|language| count(language) == english), "{page}");
    }
    let manifest = fs::read_to_string(root().join("static/manifest.webmanifest")).expect("should be readable");
    let manifest: Value = serde_json::from_str(&manifest).expect("should be JSON");
    let shortcuts = manifest["shortcuts"].as_array().expect("should be a list");
    for (object, name) in
        [(&manifest, "name"), (&manifest, "description")].into_iter().chain(shortcuts.iter().map(|one| (one, "name")))
    {
        assert!(object[name].is_string(), "{object}");
        for language in other_languages() {
            assert!(object[format!("{name}_localized")][language].is_string(), "{name} in {language}: {object}");
        }
    }
}

#[test]
fn variants_match_the_families() {
    let english = words("en");
    let said: BTreeMap<String, &str> = FAMILIES
        .iter()
        .flat_map(|family| family.variants)
        .map(|(name, words)| (format!("variants.{}", name.replace('-', "_")), *words))
        .collect();
    let there: BTreeMap<String, &str> = english
        .iter()
        .filter(|(key, _)| key.starts_with("variants."))
        .map(|(key, text)| (key.clone(), text.as_str()))
        .collect();
    assert_eq!(there, said, "the command line has these texts in English, the pages in every language");
}

#[test]
fn texts_in_code_are_detected() {
    let found = |code: &str| words_in(code).len();
    assert_eq!(found(r#"fn f() { view! { <p>"Hello"</p> } }"#), 1);
    assert_eq!(found(r#"fn f() { view! { <p>{t!(words, a.b)}</p> } }"#), 0);
    assert_eq!(found(r#"fn f() { view! { <input title="Hello" class="a bc def ghi"/> } }"#), 1);
    assert_eq!(found(r#"fn f() { let text = format!("All of these {n} pass"); }"#), 1);
    assert_eq!(found(r#"fn f() { view! { <p title=format!("Hello {n}")>{n}</p> } }"#), 1);
    assert_eq!(found(r#"fn f() { view! { <p class=format!("mono soft {n}")>{n}</p>"Hello" } }"#), 1);
    assert_eq!(found(r#"fn f() { let name = ("Operation", 1); }"#), 1);
    assert_eq!(found(r#"fn f() { let key = "ArrowLeft"; }"#), 0);
    assert_eq!(found(r#"fn f() { let path = "/learn/relu"; }"#), 0);
    assert_eq!(found(r#"fn f() { button("M3 3h1.6v10H3zM14 3v10L9.6 8z M4 3v10l8-5z"); }"#), 0);
    assert_eq!(found(r#"fn f() { button("Match all last tilts"); }"#), 1);
    assert_eq!(
        found(
            r#"/// Some words of documentation.
        #[doc = "all of this is a reason"] fn f() {}"#
        ),
        0
    );
    assert_eq!(found(r#"fn f() { view! { <a class="brand">"Layerscope"</a> } }"#), 0);
}

/// Collects the keys of `message!("key", ...)` in code.
fn message_keys(tokens: TokenStream, out: &mut BTreeSet<String>) {
    let trees: Vec<TokenTree> = tokens.into_iter().collect();
    for (at, tree) in trees.iter().enumerate() {
        let TokenTree::Group(group) = tree else { continue };
        let is_message =
            at.checked_sub(2).is_some_and(|name| matches!(&trees[name], TokenTree::Ident(ident) if ident == "message"));
        if let (true, Some(TokenTree::Literal(key))) = (is_message, group.stream().into_iter().next()) {
            out.insert(key.to_string().trim_matches('"').to_owned());
        }
        message_keys(group.stream(), out);
    }
}

/// Every message in the catalogue is the message of an error. The compiler checks the converse: `message!` accepts no
/// key that the catalogue lacks, nor other values than those in the text. The build script of `messages` checks that
/// every language has the same keys and values.
#[test]
fn every_message_belongs_to_an_error() {
    let (mut files, mut used) = (Vec::new(), BTreeSet::new());
    for folder in ["src", "crates"] {
        sources(&root().join(folder), "rs", &mut files);
    }
    for file in files {
        let code = fs::read_to_string(&file).expect("should be readable");
        message_keys(TokenStream::from_str(&code).expect("should be Rust"), &mut used);
    }
    let unused: Vec<&str> = messages::keys().filter(|key| !used.contains(*key)).collect();
    assert!(unused.is_empty(), "no error has these messages: {unused:?}");
}

/// Errors whose texts are in the code: those of the command line, of training and of the tasks, and what workers send to
/// the page.
const OWN_TEXTS: [&str; 7] = [
    "crates/cli/",
    "crates/compress/",
    "crates/train/",
    "crates/lessons/src/trainer/serve.rs",
    "src/app/browser/yielding.rs",
    "src/app/worker/serve.rs",
    "xtask/",
];

/// The texts of all other errors are in the catalogue, where the page finds them in its language.
#[test]
fn no_text_of_an_error_is_in_the_code() {
    let mut files = Vec::new();
    for folder in ["src", "crates"] {
        sources(&root().join(folder), "rs", &mut files);
    }
    for file in files {
        let name = file.strip_prefix(root()).expect("should lie there").to_string_lossy().into_owned();
        let code = fs::read_to_string(&file).expect("should be readable");
        assert!(!code.contains("#[error(") || OWN_TEXTS.iter().any(|own| name.starts_with(own)), "{name}");
    }
}
