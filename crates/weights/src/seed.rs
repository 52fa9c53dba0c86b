//! The text `seed:N`, which names the weights that are generated from seed N.

use std::collections::BTreeMap;

/// The beginning of the text.
const PREFIX: &str = "seed:";

/// A text begins as `seed:N` does, but N is not a whole number of 64 bits.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub struct SeedError {
    /// The whole text.
    pub text: String,
}

/// Reads the seed of `seed:N`. Returns `None` if `text` does not begin with `seed:`.
///
/// # Errors
/// [`SeedError`] if digits and nothing else do not follow, or if they are too many.
pub fn read_seed(text: &str) -> Option<Result<u64, SeedError>> {
    let number = text.strip_prefix(PREFIX)?;
    // `parse` also takes a plus sign.
    let seed = number.parse().ok().filter(|_| number.bytes().all(|byte| byte.is_ascii_digit()));
    Some(seed.ok_or_else(|| SeedError { text: text.to_owned() }))
}

/// Returns the metadata of the weights of a seed.
pub(crate) fn metadata(seed: u64) -> BTreeMap<String, String> {
    let mut metadata = BTreeMap::new();
    metadata.insert("weights".to_owned(), write_seed(seed));
    metadata
}

/// Writes `seed:N`.
pub fn write_seed(seed: u64) -> String {
    format!("{PREFIX}{seed}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn seeds_are_read_as_they_are_written() {
        for seed in [0, 1, u64::MAX] {
            assert_eq!(read_seed(&write_seed(seed)), Some(Ok(seed)));
        }
    }

    #[test]
    fn other_texts_are_no_seeds() {
        for text in ["seed:", "seed:-1", "seed:+1", "seed:1.5", "seed:x", "seed: 1", "seed:18446744073709551616"] {
            assert!(matches!(read_seed(text), Some(Err(_))), "{text}");
        }
        assert_eq!((read_seed("bundled"), read_seed("Seed:1")), (None, None));
    }
}
