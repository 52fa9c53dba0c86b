//! The links of `/learn` as text: the open lesson in the path, its settings in the query.
//!
//! A setting that has its default is left out. Nothing here needs a browser.

use analysis::lesson::{Lesson, lesson};

/// The path of the page; a lesson adds its slug.
pub(super) const PATH: &str = "/learn";

/// The part of `/learn` that a link opens.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Route {
    /// The list of lessons.
    Index,
    /// A lesson.
    Lesson(&'static Lesson),
    /// The list of lessons, with a note that this slug names no lesson.
    Unknown(String),
}

impl Route {
    /// Reads the path of an address.
    pub(super) fn parse(path: &str) -> Self {
        let slug = path.split(PATH).nth(1).unwrap_or_default().trim_matches('/');
        match lesson(slug) {
            _ if slug.is_empty() => Self::Index,
            Some(lesson) => Self::Lesson(lesson),
            None => Self::Unknown(slug.to_owned()),
        }
    }
}

/// Returns the path of a lesson, or of the list of lessons if `slug` is empty.
pub(super) fn path(slug: &str) -> String {
    if slug.is_empty() { PATH.to_owned() } else { format!("{PATH}/{slug}") }
}

/// Returns whether an address lies within `/learn`.
pub(super) fn is_within(address: &str) -> bool {
    address.strip_prefix(PATH).is_some_and(|rest| rest.is_empty() || rest.starts_with(['/', '?']))
}

/// Returns the query of an address with these parameters, empty if there are none.
pub(super) fn query(parameters: &[(&str, String)]) -> String {
    let parts: Vec<String> = parameters.iter().map(|(name, value)| format!("{name}={}", encode(value))).collect();
    if parts.is_empty() { String::new() } else { format!("?{}", parts.join("&")) }
}

/// Encodes a value as `application/x-www-form-urlencoded` does.
fn encode(value: &str) -> String {
    let encode = |byte: u8| match byte {
        b' ' => "+".to_owned(),
        b'*' | b'-' | b'.' | b'_' => char::from(byte).to_string(),
        _ if byte.is_ascii_alphanumeric() => char::from(byte).to_string(),
        _ => format!("%{byte:02X}"),
    };
    value.bytes().map(encode).collect()
}

/// The values of a number setting: from `min` to `max` in steps of `step`.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct NumberRange {
    /// The value that a link leaves out.
    pub(super) default: f64,
    pub(super) min: f64,
    pub(super) max: f64,
    pub(super) step: f64,
}

impl NumberRange {
    /// Reads a value and moves it to the nearest step; `None` if it is no finite number.
    pub(super) fn parse(self, text: &str) -> Option<f64> {
        let value: f64 = text.parse().ok()?;
        let steps = ((value.clamp(self.min, self.max) - self.min) / self.step).round();
        value.is_finite().then(|| (self.min + steps * self.step).min(self.max))
    }

    /// Writes a value; `None` for the default. Differences far below a step do not count.
    pub(super) fn write(self, value: f64) -> Option<String> {
        ((value - self.default).abs() > self.step / 4.0).then(|| plain(value))
    }
}

/// Writes a number without the digits that binary fractions add.
fn plain(value: f64) -> String {
    let text = format!("{value:.6}");
    text.trim_end_matches('0').trim_end_matches('.').to_owned()
}

/// Reads a choice by its name.
pub(super) fn parse_choice<T: Copy>(text: &str, choices: &[(&str, T)]) -> Option<T> {
    choices.iter().find(|(name, _)| *name == text).map(|(_, choice)| *choice)
}

/// Writes a choice by its name; `None` for the first, which is the default.
pub(super) fn write_choice<T: PartialEq>(value: &T, choices: &[(&str, T)]) -> Option<String> {
    let place = choices.iter().position(|(_, choice)| choice == value)?;
    (choices[0].1 != *value).then(|| choices[place].0.to_owned())
}

/// Reads a switch.
pub(super) fn parse_flag(text: &str) -> bool {
    text == "1"
}

/// Writes a switch; `None` for the default.
pub(super) fn write_flag(value: bool, default: bool) -> Option<String> {
    (value != default).then(|| u8::from(value).to_string())
}

#[cfg(test)]
mod tests {
    use wasm_bindgen_test::wasm_bindgen_test;

    use super::*;

    #[wasm_bindgen_test]
    fn a_path_names_a_lesson() {
        assert_eq!(Route::parse("/learn"), Route::Index);
        assert_eq!(Route::parse("/learn/"), Route::Index);
        assert!(matches!(Route::parse("/learn/relu"), Route::Lesson(lesson) if lesson.slug == "relu"));
        assert!(matches!(Route::parse("/learn/side-classifiers/"), Route::Lesson(_)));
        assert_eq!(Route::parse("/learn/nothing"), Route::Unknown("nothing".to_owned()));
        assert_eq!((path(""), path("relu")), ("/learn".to_owned(), "/learn/relu".to_owned()));
    }

    #[wasm_bindgen_test]
    fn only_addresses_below_the_path_are_within() {
        for address in ["/learn", "/learn/relu", "/learn?lang=zh"] {
            assert!(is_within(address), "{address}");
        }
        for address in ["/", "/learned", "/compare", "https://example.org/learn"] {
            assert!(!is_within(address), "{address}");
        }
    }

    #[wasm_bindgen_test]
    fn a_query_encodes_its_values() {
        assert_eq!(query(&[]), "");
        let parameters = [("net", "resnet56-cifar".to_owned()), ("x", "a b&ü".to_owned())];
        assert_eq!(query(&parameters), "?net=resnet56-cifar&x=a+b%26%C3%BC");
    }

    #[wasm_bindgen_test]
    fn a_number_keeps_to_its_steps() {
        let rate = NumberRange { default: 0.5, min: 0.0, max: 0.9, step: 0.05 };
        assert_eq!(rate.write(0.5), None);
        assert_eq!(rate.write(0.1 + 0.2), Some("0.3".to_owned()));
        assert_eq!(rate.parse("0.9"), Some(0.9));
        assert_eq!(rate.parse("7"), Some(0.9));
        assert_eq!(rate.parse("-7"), Some(0.0));
        assert!((rate.parse("0.31").unwrap_or_default() - 0.3).abs() < 1e-9);
        assert_eq!((rate.parse("NaN"), rate.parse("inf"), rate.parse("half")), (None, None, None));
    }

    #[wasm_bindgen_test]
    fn defaults_are_left_out() {
        let choices = [("basic", false), ("bottleneck", true)];
        assert_eq!((parse_choice("bottleneck", &choices), parse_choice("other", &choices)), (Some(true), None));
        assert_eq!(write_choice(&false, &choices), None);
        assert_eq!(write_choice(&true, &choices), Some("bottleneck".to_owned()));
        assert_eq!((write_flag(true, true), write_flag(false, true)), (None, Some("0".to_owned())));
        assert!(parse_flag("1") && !parse_flag("0"));
    }
}
