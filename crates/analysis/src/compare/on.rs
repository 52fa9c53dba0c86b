//! On which pictures errors were measured, and how each was shown.

use std::collections::BTreeMap;
use std::sync::LazyLock;

use serde::Serialize;

/// Which pictures, and how each was shown; in JSON it is its English words.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(into = "&str")]
pub enum On {
    /// MNIST test.
    Mnist,
    /// MNIST test, the network trained on distorted digits as well.
    MnistDistorted,
    /// CIFAR-10 test.
    Cifar,
    /// ILSVRC-2012 validation, one crop of each picture.
    OneCrop,
    /// ILSVRC-2012 validation, ten crops.
    TenCrops,
    /// The same of a network with the strides of ResNet's paper.
    TenCropsStrides,
    /// The same of a network with shortcuts without parameters.
    TenCropsShortcuts,
    /// ILSVRC-2012 validation, at several scales, at every place.
    Scales,
    /// The same of a network with the strides of ResNet's paper.
    ScalesStrides,
    /// ILSVRC-2012 validation, at a scale of 256 pixels, at every place.
    ScaleOf256,
    /// ILSVRC-2012 validation, at a scale of 384 pixels, at every place, trained at several.
    ScaleOf384,
    /// ILSVRC-2012 test.
    Test2012,
    /// ILSVRC-2012 test, two of the networks trained on all of ImageNet before.
    Test2012Wider,
    /// ILSVRC-2014 validation, one crop.
    OneCrop2014,
    /// ILSVRC-2014 validation, 144 crops.
    Crops2014,
    /// ILSVRC-2014 test, 144 crops.
    Test2014Crops,
    /// ILSVRC-2014 test.
    Test2014,
    /// ILSVRC-2015 test, of networks with the strides of ResNet's paper.
    Test2015Strides,
}

/// The words for all of [`On`] in English, by their keys. The page has them in every language.
const ENGLISH: &str = include_str!("../../../words/locales/en/published.json");

impl From<On> for &'static str {
    fn from(on: On) -> Self {
        on.english()
    }
}

impl On {
    /// All of them.
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

    /// The key of its words.
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

    /// Its words in English; its key, should there be none.
    pub fn english(self) -> &'static str {
        static WORDS: LazyLock<BTreeMap<String, String>> =
            LazyLock::new(|| serde_json::from_str(ENGLISH).unwrap_or_default());
        WORDS.get(self.key()).map_or(self.key(), String::as_str)
    }

    /// Whose pictures they are: `MNIST`, `ILSVRC`, `CIFAR`.
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
    fn all_have_words_and_no_words_are_left_over() {
        let words: BTreeMap<String, String> = serde_json::from_str(ENGLISH).expect("should be texts by key");
        let mut keys: Vec<&str> = On::ALL.iter().map(|on| on.key()).collect();
        keys.sort_unstable();
        assert_eq!(words.keys().map(String::as_str).collect::<Vec<_>>(), keys);
        for on in On::ALL {
            assert!(on.english().starts_with(on.pictures()), "{}", on.english());
        }
        assert_eq!(serde_json::json!(On::TenCrops), "ILSVRC-2012 validation, ten crops");
    }
}
