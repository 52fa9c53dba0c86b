//! The names of classes, read from a file beside the weights.

use messages::{Explain, Message, display_in_english, message};
use serde_json::Value;

/// The most bytes of a file of names: 21,843 names of ImageNet take about 500 kB.
pub const MAX_CLASS_NAMES_BYTES: u64 = 8 << 20;

/// The reason why a file of names cannot be used.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ClassNamesError {
    /// The file is neither a text nor JSON of a known form.
    Format,
    /// The file has another number of names than the network has classes.
    Count {
        /// The number of names.
        names: usize,
        /// The number of classes.
        classes: usize,
    },
}

display_in_english!(ClassNamesError);

impl Explain for ClassNamesError {
    fn message(&self) -> Message {
        match self {
            Self::Format => message!("class_names.format"),
            Self::Count { names, classes } => message!("class_names.count", names, classes),
        }
    }
}

/// The names of the classes of one network, in the order of their numbers.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ClassNames(Vec<String>);

impl ClassNames {
    /// Reads one name for each of `classes` classes.
    ///
    /// The file is a text with one name per line, or JSON: an array of names; an object from numbers to names (`{"0":
    /// "cat"}`, as `id2label` of transformers) or to identifier and name (`{"0": ["n02123045", "tabby"]}`, as Keras has
    /// it); an object from names to numbers (`class_to_idx` of torchvision); or an object with one of these under
    /// `id2label`, `label2id`, `class_to_idx`, `label_names`, `classes` or `names`.
    ///
    /// # Errors
    /// [`ClassNamesError`] if it has none of these forms, or another number of names.
    pub fn read(bytes: &[u8], classes: usize) -> Result<Self, ClassNamesError> {
        let text = std::str::from_utf8(bytes).map_err(|_| ClassNamesError::Format)?;
        let text = text.trim_start_matches('\u{feff}').trim();
        let names = if text.starts_with(['{', '[']) {
            let value: Value = serde_json::from_str(text).map_err(|_| ClassNamesError::Format)?;
            from_json(&value).ok_or(ClassNamesError::Format)?
        } else {
            text.lines().map(|line| line.trim().to_owned()).collect()
        };
        if text.is_empty() || names.iter().any(|name| name.chars().any(char::is_control)) {
            return Err(ClassNamesError::Format);
        }
        if names.len() == classes {
            Ok(Self(names))
        } else {
            Err(ClassNamesError::Count { names: names.len(), classes })
        }
    }

    /// Returns the name of a class.
    pub fn get(&self, class: usize) -> Option<&str> {
        self.0.get(class).map(String::as_str)
    }
}

/// The keys under which files of other programs hold the names.
const KEYS: [&str; 6] = ["id2label", "label2id", "class_to_idx", "label_names", "classes", "names"];

fn from_json(value: &Value) -> Option<Vec<String>> {
    match value {
        Value::Array(names) => names.iter().map(name).collect(),
        Value::Object(object) => match KEYS.iter().find_map(|key| object.get(*key)) {
            Some(inner @ (Value::Array(_) | Value::Object(_))) => from_json(inner),
            _ => {
                let numbered = |(key, value): (&String, &Value)| Some((key.parse().ok()?, name(value)?));
                let indexed =
                    |(key, value): (&String, &Value)| Some((usize::try_from(value.as_u64()?).ok()?, key.clone()));
                let pairs: Option<Vec<(usize, String)>> = object.iter().map(numbered).collect();
                in_order(pairs.or_else(|| object.iter().map(indexed).collect())?)
            }
        },
        _ => None,
    }
}

/// Returns a name, which may stand behind its identifier.
fn name(value: &Value) -> Option<String> {
    match value {
        Value::String(name) => Some(name.clone()),
        Value::Array(parts) => parts.last()?.as_str().map(str::to_owned),
        _ => None,
    }
}

/// Returns the names in the order of their numbers, which must be 0, 1, 2 and so on.
fn in_order(mut pairs: Vec<(usize, String)>) -> Option<Vec<String>> {
    net::order::sort_by_key(&mut pairs, |pair| pair.0);
    let is_dense = pairs.iter().enumerate().all(|(place, (number, _))| place == *number);
    is_dense.then(|| pairs.into_iter().map(|(_, name)| name).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_form_gives_the_same_names() {
        let want = Ok(ClassNames(vec!["red fox".to_owned(), "owl".to_owned()]));
        for text in [
            "red fox\nowl\n",
            "\u{feff}red fox\r\nowl",
            r#"["red fox", "owl"]"#,
            r#"{"1": "owl", "0": "red fox"}"#,
            r#"{"0": ["n1", "red fox"], "1": ["n2", "owl"]}"#,
            r#"{"owl": 1, "red fox": 0}"#,
            r#"{"architectures": ["ResNet"], "id2label": {"0": "red fox", "1": "owl"}, "label2id": {}}"#,
            r#"{"num_classes": 2, "label_names": ["red fox", "owl"]}"#,
        ] {
            assert_eq!(ClassNames::read(text.as_bytes(), 2), want, "{text}");
        }
    }

    #[test]
    fn other_files_and_counts_are_refused() {
        for bytes in [&b"\xff\xfe"[..], b"", b"{", b"[1, 2]", b"{\"0\": \"a\", \"2\": \"b\"}", b"a\x07\nb"] {
            assert_eq!(ClassNames::read(bytes, 2), Err(ClassNamesError::Format), "{bytes:?}");
        }
        assert_eq!(ClassNames::read(b"a\nb\nc", 2), Err(ClassNamesError::Count { names: 3, classes: 2 }));
    }
}
