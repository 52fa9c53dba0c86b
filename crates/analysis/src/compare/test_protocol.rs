//! The test sets and test protocols of published errors.

use std::collections::BTreeMap;
use std::sync::LazyLock;

use serde::Serialize;

/// A test set and the protocol of the test. It serialises to its English description.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(into = "&str")]
pub enum TestProtocol {
    /// MNIST test.
    Mnist,
    /// MNIST test; the network was trained on distorted digits as well.
    MnistDistorted,
    /// CIFAR-10 test.
    Cifar,
    /// ILSVRC-2012 validation, one crop of each image.
    OneCrop,
    /// ILSVRC-2012 validation, ten crops.
    TenCrops,
    /// [`TestProtocol::TenCrops`] for a network with the strides of the ResNet paper.
    TenCropsStrides,
    /// [`TestProtocol::TenCrops`] for a network with parameter-free shortcuts.
    TenCropsShortcuts,
    /// ILSVRC-2012 validation, densely at several scales.
    Scales,
    /// [`TestProtocol::Scales`] for a network with the strides of the ResNet paper.
    ScalesStrides,
    /// ILSVRC-2012 validation, densely at a scale of 256 pixels.
    ScaleOf256,
    /// ILSVRC-2012 validation, densely at a scale of 384 pixels; trained at several scales.
    ScaleOf384,
    /// ILSVRC-2012 test.
    Test2012,
    /// ILSVRC-2012 test; two of the networks were pretrained on all of ImageNet.
    Test2012Wider,
    /// ILSVRC-2014 validation, one crop.
    OneCrop2014,
    /// ILSVRC-2014 validation, 144 crops.
    Crops2014,
    /// ILSVRC-2014 test, 144 crops.
    Test2014Crops,
    /// ILSVRC-2014 test.
    Test2014,
    /// ILSVRC-2015 test, for networks with the strides of the ResNet paper.
    Test2015Strides,
}

/// The English descriptions by key. The page has them in every language.
const ENGLISH: &str = include_str!("../../../words/locales/en/published.json");

impl From<TestProtocol> for &'static str {
    fn from(on: TestProtocol) -> Self {
        on.english()
    }
}

impl TestProtocol {
    /// All variants.
    pub const ALL: [Self; 18] = [
        Self::Mnist,
        Self::MnistDistorted,
        Self::Cifar,
        Self::OneCrop,
        Self::TenCrops,
        Self::TenCropsStrides,
        Self::TenCropsShortcuts,
        Self::Scales,
        Self::ScalesStrides,
        Self::ScaleOf256,
        Self::ScaleOf384,
        Self::Test2012,
        Self::Test2012Wider,
        Self::OneCrop2014,
        Self::Crops2014,
        Self::Test2014Crops,
        Self::Test2014,
        Self::Test2015Strides,
    ];

    /// Returns the key of the description.
    pub fn key(self) -> &'static str {
        match self {
            Self::Mnist => "mnist",
            Self::MnistDistorted => "mnist_distorted",
            Self::Cifar => "cifar",
            Self::OneCrop => "one_crop",
            Self::TenCrops => "ten_crops",
            Self::TenCropsStrides => "ten_crops_strides",
            Self::TenCropsShortcuts => "ten_crops_shortcuts",
            Self::Scales => "scales",
            Self::ScalesStrides => "scales_strides",
            Self::ScaleOf256 => "scale_of_256",
            Self::ScaleOf384 => "scale_of_384",
            Self::Test2012 => "test_2012",
            Self::Test2012Wider => "test_2012_wider",
            Self::OneCrop2014 => "one_crop_2014",
            Self::Crops2014 => "crops_2014",
            Self::Test2014Crops => "test_2014_crops",
            Self::Test2014 => "test_2014",
            Self::Test2015Strides => "test_2015_strides",
        }
    }

    /// Returns the English description, or the key if there is no description.
    pub fn english(self) -> &'static str {
        static WORDS: LazyLock<BTreeMap<String, String>> =
            LazyLock::new(|| serde_json::from_str(ENGLISH).unwrap_or_default());
        WORDS.get(self.key()).map_or(self.key(), String::as_str)
    }

    /// Returns the data set: `MNIST`, `ILSVRC` or `CIFAR`.
    pub fn pictures(self) -> &'static str {
        match self {
            Self::Mnist | Self::MnistDistorted => "MNIST",
            Self::Cifar => "CIFAR",
            _ => "ILSVRC",
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_key_has_a_description_and_every_description_a_key() {
        let words: BTreeMap<String, String> = serde_json::from_str(ENGLISH).expect("should be texts by key");
        let mut keys: Vec<&str> = TestProtocol::ALL.iter().map(|on| on.key()).collect();
        keys.sort_unstable();
        assert_eq!(words.keys().map(String::as_str).collect::<Vec<_>>(), keys);
        for on in TestProtocol::ALL {
            assert!(on.english().starts_with(on.pictures()), "{}", on.english());
        }
        assert_eq!(serde_json::json!(TestProtocol::TenCrops), "ILSVRC-2012 validation, ten crops");
    }
}
