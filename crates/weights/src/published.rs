//! Checkpoints that others publish: their addresses, and lengths and hashes to recognize them by.

/// The publisher of a checkpoint.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Publisher {
    /// torchvision, whose file names contain the hash. As far as is known, its host sends no CORS header. The page
    /// therefore gets the file from a person who downloaded it.
    Torchvision,
    /// A repository on the Hugging Face hub, which sends CORS headers. A page can fetch the file.
    HuggingFace {
        /// The name of the repository, `owner/name`.
        repository: &'static str,
    },
}

impl Publisher {
    /// Returns its name: `torchvision`, or the `owner/name` of a repository.
    pub fn name(self) -> &'static str {
        match self {
            Self::Torchvision => "torchvision",
            Self::HuggingFace { repository } => repository,
        }
    }

    /// Returns the address of the page that describes the files and their terms of use.
    pub fn page(self) -> String {
        match self {
            Self::Torchvision => "https://pytorch.org/vision/stable/models.html".to_owned(),
            Self::HuggingFace { repository } => format!("https://huggingface.co/{repository}"),
        }
    }
}

/// A published checkpoint.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Published {
    /// The network that it is for.
    pub network: &'static str,
    /// Its file name.
    pub file: &'static str,
    /// Its publisher.
    pub publisher: Publisher,
    /// Its length in bytes, if known.
    pub bytes: Option<u64>,
    /// The first 8 hexadecimal digits of its SHA-256, if known.
    pub sha256: Option<&'static str>,
}

impl Published {
    /// Returns the address that it is fetched from.
    pub fn url(&self) -> String {
        match self.publisher {
            Publisher::Torchvision => format!("https://download.pytorch.org/models/{}", self.file),
            Publisher::HuggingFace { repository } => {
                format!("https://huggingface.co/{repository}/resolve/main/{}", self.file)
            }
        }
    }

    /// Returns whether a page of another origin can fetch it.
    pub fn is_cross_origin(&self) -> bool {
        matches!(self.publisher, Publisher::HuggingFace { .. })
    }
}

/// Returns the row of a file of torchvision, whose name is `STEM-HASH.pth`.
const fn torchvision(network: &'static str, file: &'static str, sha256: &'static str, bytes: Option<u64>) -> Published {
    Published { network, file, publisher: Publisher::Torchvision, bytes, sha256: Some(sha256) }
}

const fn hub(network: &'static str, repository: &'static str, file: &'static str) -> Published {
    Published { network, file, publisher: Publisher::HuggingFace { repository }, bytes: None, sha256: None }
}

/// candle's repository, with torchvision's tensor names.
const CANDLE: &str = "lmz/candle-resnet";

/// All published checkpoints. In timm's VGG the classifier is made of convolutions, which the reader takes as fully
/// connected layers.
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

/// Returns the checkpoints published for `network`. Those that a page can fetch come first.
pub fn published(network: &str) -> Vec<&'static Published> {
    let mut found: Vec<_> = PUBLISHED.iter().filter(|file| file.network == network).collect();
    net::order::sort_by_key(&mut found, |file| !file.is_cross_origin());
    found
}

/// The name, without its ending, of the published file that torchvision runs with `transform_input`.
const TRANSFORMED: &str = "googlenet-1378be20";

/// Returns whether torchvision runs the file called `file` with a step that transforms its input, when it is opened for
/// `network`. A copy such as `googlenet-1378be20 (1).pth` counts.
pub fn transforms_input(network: &str, file: &str) -> bool {
    network == "googlenet-torchvision" && file.starts_with(TRANSFORMED)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_of_torchvision_contain_the_hash() {
        for file in PUBLISHED {
            let Some(hash) = file.sha256 else { continue };
            assert_eq!(file.file.rsplit_once('-').map(|(_, end)| end), Some(format!("{hash}.pth").as_str()));
            assert!(hash.len() == 8 && hash.bytes().all(|b| b.is_ascii_hexdigit()), "{hash}");
        }
    }

    #[test]
    fn torchvisions_googlenet_transforms_its_input() {
        let network = "googlenet-torchvision";
        let [file] = published(network)[..] else { panic!("should be published") };
        assert!(transforms_input(network, file.file) && transforms_input(network, "googlenet-1378be20 (1).pth"));
        assert!(!transforms_input(network, "googlenet.pth") && !transforms_input("googlenet", file.file));
    }

    #[test]
    fn files_that_a_page_can_fetch_come_first() {
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
    fn the_address_of_a_hub_file_begins_with_its_publishers_page() {
        for file in PUBLISHED.iter().filter(|file| file.is_cross_origin()) {
            assert!(file.url().starts_with(&file.publisher.page()), "{}", file.url());
        }
    }
}
