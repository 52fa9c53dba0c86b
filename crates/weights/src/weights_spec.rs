//! Weights named by a text, in a link or in a text field.

use std::fmt;

use super::bundled::is_bundled;
use super::published::{Published, published};
use super::seed::{read_seed, write_seed};

/// The most bytes of an address in a link. Browsers and servers everywhere accept this length.
const MAX_ADDRESS_BYTES: usize = 2048;
/// The endings of the names of checkpoint files, and of files that are taken for such: they are refused with what to do.
const ENDINGS: [&str; 19] = [
    ".safetensors",
    ".pth",
    ".pt",
    ".bin",
    ".ckpt",
    ".pth.tar",
    ".pkl",
    ".pickle",
    ".zip",
    ".h5",
    ".hdf5",
    ".keras",
    ".tflite",
    ".pb",
    ".onnx",
    ".gguf",
    ".npz",
    ".npy",
    ".tar.gz",
];

/// The source of a network's weights, in the forms that a text can name.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum WeightsSpec {
    /// The file that ships with the page, written `bundled`.
    Bundled,
    /// Values generated from a seed, written `seed:N`.
    Seed(u64),
    /// A checkpoint that others publish for this network, written as its address.
    Published(&'static Published),
    /// Any other complete http or https address.
    Url(String),
}

impl WeightsSpec {
    /// Returns the source that the network called `network` starts with: its bundled file if there is one, otherwise
    /// `seed:1`.
    pub fn default_for(network: &str) -> Self {
        if is_bundled(network) { Self::Bundled } else { Self::Seed(1) }
    }

    /// Reads the source that `text` names for the network called `network`. Returns `None` if the text has none of the
    /// forms of [`WeightsSpec`], or if it is `bundled` and there is no bundled file.
    pub fn read(text: &str, network: &str) -> Option<Self> {
        if text == "bundled" {
            return is_bundled(network).then_some(Self::Bundled);
        }
        if let Some(seed) = read_seed(text) {
            return seed.ok().map(Self::Seed);
        }
        if !is_address(text) {
            return None;
        }
        let known = published(network).into_iter().find(|file| file.url() == text);
        Some(known.map_or_else(|| Self::Url(text.to_owned()), Self::Published))
    }
}

/// Writes the source in the form that [`WeightsSpec::read`] takes.
impl fmt::Display for WeightsSpec {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Bundled => f.write_str("bundled"),
            Self::Seed(seed) => f.write_str(&write_seed(*seed)),
            Self::Published(file) => f.write_str(&file.url()),
            Self::Url(url) => f.write_str(url),
        }
    }
}

/// Returns whether `text` is a complete http or https address. It does not check that anything is found there.
fn is_address(text: &str) -> bool {
    let rest = ["https://", "http://"].into_iter().find_map(|scheme| {
        let (start, rest) = text.split_at_checked(scheme.len())?;
        start.eq_ignore_ascii_case(scheme).then_some(rest)
    });
    let plain = !text.chars().any(|c| c.is_whitespace() || c.is_control());
    text.len() <= MAX_ADDRESS_BYTES && plain && rest.is_some_and(|rest| !rest.is_empty() && !rest.starts_with('/'))
}

/// Returns whether a file with this name is taken for a checkpoint, by its ending in upper or lower case.
pub fn is_checkpoint_name(name: &str) -> bool {
    let name = name.to_ascii_lowercase();
    ENDINGS.iter().any(|ending| name.len() > ending.len() && name.ends_with(ending))
}

#[cfg(test)]
mod tests {
    use super::*;
    use net::names;

    #[test]
    fn displayed_sources_are_read_again() {
        for network in names() {
            let mut all = vec![WeightsSpec::default_for(network), WeightsSpec::Seed(0), WeightsSpec::Seed(u64::MAX)];
            all.extend(published(network).into_iter().map(WeightsSpec::Published));
            all.push(WeightsSpec::Url("https://example.org/a%20b.pth?x=1".to_owned()));
            for named in all {
                assert_eq!(WeightsSpec::read(&named.to_string(), network), Some(named.clone()), "{network}: {named}");
            }
        }
    }

    #[test]
    fn bundled_weights_are_the_default() {
        assert_eq!(WeightsSpec::default_for("lenet5"), WeightsSpec::Bundled);
        assert_eq!(WeightsSpec::default_for("vgg16"), WeightsSpec::Seed(1));
        assert_eq!(WeightsSpec::read("bundled", "vgg16"), None);
    }

    #[test]
    fn a_published_file_belongs_to_its_network_only() {
        let [file, ..] = published("resnet18")[..] else { panic!("should be published") };
        assert_eq!(WeightsSpec::read(&file.url(), "resnet34"), Some(WeightsSpec::Url(file.url())));
    }

    #[test]
    fn other_texts_are_refused() {
        let long = format!("https://example.org/{}", "a".repeat(MAX_ADDRESS_BYTES));
        let hostile = ["", "seed:", "seed:-1", "seed:+1", "seed:1.5", "seed:18446744073709551616", "Bundled"];
        let addresses =
            ["javascript:alert(1)", "data:,x", "file:///etc", "https://", "https:///x", "ht", "http://a b", &long];
        for text in hostile.into_iter().chain(addresses) {
            assert_eq!(WeightsSpec::read(text, "lenet5"), None, "{text}");
        }
        assert!(WeightsSpec::read("HTTPS://example.org/x.pth", "lenet5").is_some());
        assert_eq!(WeightsSpec::read("httpsß//", "lenet5"), None);
    }

    #[test]
    fn checkpoints_are_recognized_by_their_names() {
        for name in ["a.safetensors", "resnet50-0676ba61.pth", "A.PT", "pytorch_model.bin", "last.ckpt", "best.pth.tar"]
        {
            assert!(is_checkpoint_name(name), "{name}");
        }
        for name in ["model.h5", "model.onnx", "a.pth.zip"] {
            assert!(is_checkpoint_name(name), "{name}");
        }
        for name in ["cat.png", "pth", ".pth", "photos.tar", ""] {
            assert!(!is_checkpoint_name(name), "{name}");
        }
    }
}
