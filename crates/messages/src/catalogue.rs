//! The texts of all messages, as constants that `build.rs` writes.

include!(concat!(env!("OUT_DIR"), "/catalogue.rs"));

/// The number of a text in the catalogue.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct TextId(u16);

impl TextId {
    /// Returns the number of the text with this key. It must contain exactly the values with these names.
    ///
    /// [`message!`](crate::message!) calls this while the code is compiled: an unknown key, or a value too many or too
    /// few, is a compile error.
    pub const fn find(key: &str, values: &[&str]) -> Self {
        let mut at = 0;
        while at < KEYS.len() {
            if is_equal(KEYS[at], key) {
                assert!(contains_all(VALUES[at], values), "should name each value that the text contains");
                assert!(contains_all(values, VALUES[at]), "should have a place in the text for each value");
                return Self(at as u16);
            }
            at += 1;
        }
        panic!("should be a key of crates/words/locales/en/errors.json");
    }

    /// Returns the text in the language at this position of the list.
    pub(crate) fn text(self, language: usize) -> &'static str {
        TEXTS[language][usize::from(self.0)]
    }
}

/// Returns the keys of all messages, sorted.
pub fn keys() -> impl Iterator<Item = &'static str> {
    KEYS.into_iter()
}

/// Returns whether all of `needles` are among `names`.
const fn contains_all(names: &[&str], needles: &[&str]) -> bool {
    let mut at = 0;
    while at < needles.len() {
        let mut here = 0;
        while here < names.len() && !is_equal(names[here], needles[at]) {
            here += 1;
        }
        if here == names.len() {
            return false;
        }
        at += 1;
    }
    true
}

const fn is_equal(a: &str, b: &str) -> bool {
    let (a, b) = (a.as_bytes(), b.as_bytes());
    if a.len() != b.len() {
        return false;
    }
    let mut at = 0;
    while at < a.len() {
        if a[at] != b[at] {
            return false;
        }
        at += 1;
    }
    true
}
