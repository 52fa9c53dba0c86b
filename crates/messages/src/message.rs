//! Messages: texts of the catalogue with their values.

use std::fmt;

use crate::catalogue::TextId;
use crate::language::Language;

/// The message of an error, in no particular language yet.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Message {
    /// A text of the catalogue with its values, by name. [`message!`](crate::message!) makes it.
    Text(TextId, Vec<(&'static str, Message)>),
    /// Several messages with another one between two of them.
    List(Vec<Message>, Box<Message>),
    /// Words that are the same in every language: a name, a number, or the report of a system.
    Verbatim(String),
}

impl Message {
    /// Returns the messages of several errors with `separator` between two of them.
    pub fn list(errors: &[impl Explain], separator: Self) -> Self {
        Self::List(errors.iter().map(Explain::message).collect(), Box::new(separator))
    }

    /// Returns the message in a language.
    pub fn text(&self, language: Language) -> String {
        match self {
            Self::Text(id, values) => fill(id.text(language.index()), values, language),
            Self::List(items, separator) => {
                let items: Vec<String> = items.iter().map(|item| item.text(language)).collect();
                items.join(&separator.text(language))
            }
            Self::Verbatim(text) => text.clone(),
        }
    }
}

/// Puts the values into the places `{{ name }}` of a text.
fn fill(text: &str, values: &[(&str, Message)], language: Language) -> String {
    let mut parts = text.split("{{");
    let mut out = parts.next().unwrap_or_default().to_owned();
    for part in parts {
        let (name, rest) = part.split_once("}}").unwrap_or_default();
        if let Some((_, value)) = values.iter().find(|(of, _)| *of == name.trim()) {
            out.push_str(&value.text(language));
        }
        out.push_str(rest);
    }
    out
}

/// An error that says what happened and what to do.
pub trait Explain {
    /// Returns the message: the key of its text and the values in it.
    fn message(&self) -> Message;

    /// Returns the message in a language.
    fn text(&self, language: impl Into<Language>) -> String
    where
        Self: Sized,
    {
        self.message().text(language.into())
    }

    /// Writes the message in English.
    ///
    /// # Errors
    /// Returns the error of the formatter.
    fn write_in_english(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.message().text(Language::default()))
    }
}

impl<T: Explain + ?Sized> Explain for Box<T> {
    fn message(&self) -> Message {
        (**self).message()
    }
}

impl<T: Explain> From<&T> for Message {
    fn from(error: &T) -> Self {
        error.message()
    }
}

/// Implements `From` for values that are the same in every language.
macro_rules! verbatim {
    ($($type:ty),*) => {
        $(impl From<$type> for Message {
            fn from(value: $type) -> Self {
                Self::Verbatim(value.to_string())
            }
        })*
    };
}

verbatim!(String, &String, &str, &&str, usize, &usize, u64, &u64, u16, &u16, f32);

/// Returns the [`Message`] of a text in the catalogue: `message!("key", value, other = expression)`.
///
/// The names of the values are those in the text, which is checked while the code is compiled. A value is a text, a
/// number or another error, of which the message is put into the text.
#[macro_export]
macro_rules! message {
    ($key:literal $(, $name:ident $(= $value:expr)?)* $(,)?) => {
        $crate::Message::Text(
            const { $crate::TextId::find($key, &[$(stringify!($name)),*]) },
            ::std::vec![$((stringify!($name), $crate::message!(@value $name $($value)?))),*],
        )
    };
    (@value $name:ident) => {
        $crate::Message::from($name)
    };
    (@value $name:ident $value:expr) => {
        $crate::Message::from($value)
    };
}

/// Implements `Display` for types that implement [`Explain`]: they are displayed in English.
#[macro_export]
macro_rules! display_in_english {
    ($($type:ty),+ $(,)?) => {
        $(impl ::std::fmt::Display for $type {
            fn fmt(&self, f: &mut ::std::fmt::Formatter<'_>) -> ::std::fmt::Result {
                $crate::Explain::write_in_english(self, f)
            }
        })+
    };
}

#[cfg(test)]
mod tests {
    use super::*;

    struct TowerError;

    impl Explain for TowerError {
        fn message(&self) -> Message {
            message!("ablation.tower")
        }
    }

    crate::display_in_english!(TowerError);

    #[test]
    fn values_and_nested_messages_are_put_into_the_text() {
        let message = message!("net.cut", text = "tower3", reason = &TowerError);
        assert_eq!(
            message.text(Language::default()),
            "the cut 'tower3' cannot be applied: the towers are tower1 and tower2"
        );
        let chinese = Language::with_code("zh").expect("should be a language");
        assert_eq!(message.text(chinese), "无法应用“tower3”：塔有 tower1 与 tower2");
        assert_eq!(TowerError.to_string(), "the towers are tower1 and tower2");
    }

    #[test]
    fn a_list_is_joined_as_the_language_does() {
        let list = Message::list(&[TowerError, TowerError], message!("misfit.comma"));
        let one = TowerError.to_string();
        assert_eq!(list.text(Language::default()), format!("{one}, {one}"));
    }

    #[test]
    fn every_language_has_a_code_and_a_name() {
        for language in Language::all() {
            assert_eq!(Language::with_code(language.code()), Some(language));
            assert!(!language.name().is_empty());
        }
        assert_eq!(Language::default().code(), "en");
        assert_eq!(Language::with_code("xx"), None);
    }
}
