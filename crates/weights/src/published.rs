//! Checkpoints that others have published: where they are, and by what they are known.

/// Who publishes a checkpoint.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Publisher {
    /// torchvision, whose file names hold the hash. Its host sends no CORS header as far as is known: a page has the
    /// file from the person who fetched it.
    Torchvision,
    /// A repository on the Hugging Face hub, which sends CORS headers: a page can fetch the file.
    HuggingFace {
        /// `owner/name`.
        repository: &'static str,
    },
}

impl Publisher {
    /// What it is called: `torchvision`, or a repository's `owner/name`.
    pub fn name(self) -> &'static str {
        match self {
            Self::Torchvision => "torchvision",
            Self::HuggingFace { repository } => repository,
        }
    }

    /// The page on which it says what the files are, and on what terms they may be used.
    pub fn page(self) -> String {
        match self {
            Self::Torchvision => "https://pytorch.org/vision/stable/models.html".to_owned(),
            Self::HuggingFace { repository } => format!("https://huggingface.co/{repository}"),
        }
    }
}

/// A file of weights.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Published {
    /// The network that it is for.
    pub network: &'static str,
    /// Its file name.
    pub file: &'static str,
    /// Who publishes it.
    pub publisher: Publisher,
    /// Its length in bytes, where known.
    pub bytes: Option<u64>,
    /// The first 8 hexadecimal digits of its SHA-256, where known.
    pub sha256: Option<&'static str>,
}

impl Published {
    /// Where it is fetched from.
    pub fn url(&self) -> String {
        match self.publisher {
            Publisher::Torchvision => format!("https://download.pytorch.org/models/{}", self.file),
            Publisher::HuggingFace { repository } => {
                format!("https://huggingface.co/{repository}/resolve/main/{}", self.file)
            }
        }
    }

    /// Whether a page of another origin can fetch it.
    pub fn cross_origin(&self) -> bool {
        matches!(self.publisher, Publisher::HuggingFace { .. })
    }
}

/// A file of torchvision: its name is `STEM-HASH.pth`.
const fn torchvision(network: &'static str, file: &'static str, sha256: &'static str, bytes: Option<u64>) -> Published {
    Published { network, file, publisher: Publisher::Torchvision, bytes, sha256: Some(sha256) }
}

const fn hub(network: &'static str, repository: &'static str, file: &'static str) -> Published {
    Published { network, file, publisher: Publisher::HuggingFace { repository }, bytes: None, sha256: None }
}

/// candle's own: torchvision's names.
const CANDLE: &str = "lmz/candle-resnet";

/// All of them. timm's VGGs have a classifier of convolutions, which the reader takes as full connections.
const PUBLISHED: &[Published] = &[
    torchvision("alexnet-torchvision", "alexnet-owt-7be5be79.pth", "7be5be79", Some(244_408_911)),
    torchvision("vgg11", "vgg11-8a719046.pth", "8a719046", None),
    torchvision("vgg13", "vgg13-19584684.pth", "19584684", None),
    torchvision("vgg16", "vgg16-397923af.pth", "397923af", Some(553_433_881)),
    torchvision("vgg19", "vgg19-dcbb9e9d.pth", "dcbb9e9d", Some(574_673_361)),
    torchvision("googlenet-torchvision", "googlenet-1378be20.pth", "1378be20", None),
    torchvision("resnet18", "resnet18-f37072fd.pth", "f37072fd", Some(46_830_571)),
    torchvision("resnet34", "resnet34-b627a593.pth", "b627a593", None),
    torchvision("resnet50", "resnet50-0676ba61.pth", "0676ba61", Some(102_530_333)),
    torchvision("resnet101", "resnet101-63fe2227.pth", "63fe2227", None),
    torchvision("resnet152", "resnet152-394f9c45.pth", "394f9c45", None),
    hub("vgg13", "timm/vgg13.tv_in1k", "model.safetensors"),
    hub("vgg16", "timm/vgg16.tv_in1k", "model.safetensors"),
    hub("vgg19", "timm/vgg19.tv_in1k", "model.safetensors"),
    hub("resnet18", CANDLE, "resnet18.safetensors"),
    hub("resnet34", CANDLE, "resnet34.safetensors"),
    hub("resnet50", CANDLE, "resnet50.safetensors"),
    hub("resnet101", CANDLE, "resnet101.safetensors"),
    hub("resnet152", CANDLE, "resnet152.safetensors"),
];

/// The checkpoints published for `network`; those that a page can fetch come first.
pub fn published(network: &str) -> Vec<&'static Published> {
    let mut found: Vec<_> = PUBLISHED.iter().filter(|file| file.network == network).collect();
    found.sort_by_key(|file| !file.cross_origin());
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn torchvisions_names_hold_the_hash() {
        for file in PUBLISHED {
            let Some(hash) = file.sha256 else { continue };
            assert_eq!(file.file.rsplit_once('-').map(|(_, end)| end), Some(format!("{hash}.pth").as_str()));
            assert!(hash.len() == 8 && hash.bytes().all(|b| b.is_ascii_hexdigit()), "{hash}");
        }
    }

    #[test]
    fn what_a_page_can_fetch_comes_first() {
        let urls: Vec<String> = published("vgg16").iter().map(|file| file.url()).collect();
        assert_eq!(
            urls,
            [
                "https://huggingface.co/timm/vgg16.tv_in1k/resolve/main/model.safetensors",
                "https://download.pytorch.org/models/vgg16-397923af.pth",
            ]
        );
        assert!(published("lenet5").is_empty());
    }

    #[test]
    fn a_hub_file_lies_below_its_publishers_page() {
        for file in PUBLISHED.iter().filter(|file| file.cross_origin()) {
            assert!(file.url().starts_with(&file.publisher.page()), "{}", file.url());
        }
    }
}
