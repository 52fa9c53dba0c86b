//! Sentences on families and their networks.

use leptos_i18n::td_string;
use words::i18n::Locale;

use net::{self, Family, Graph};

/// Returns a sentence on the novelty of a family.
pub(in crate::app) fn new(locale: Locale, family: Family) -> &'static str {
    match family {
        Family::LeNet => td_string!(locale, families.lenet),
        Family::AlexNet => td_string!(locale, families.alexnet),
        Family::Vgg => td_string!(locale, families.vgg),
        Family::GoogLeNet => td_string!(locale, families.googlenet),
        Family::ResNet => td_string!(locale, families.resnet),
    }
}

/// Returns a sentence on the novelty of a network.
pub(in crate::app) fn novelty(locale: Locale, graph: &Graph) -> &'static str {
    net::novelty(graph).map_or_else(|| td_string!(locale, families.plain), |family| new(locale, family))
}

/// Returns what distinguishes a network from the others of its family, or `None` if it has no translation. The English
/// texts of `net::FAMILIES` say the same.
pub fn variant(locale: Locale, network: &str) -> Option<&'static str> {
    Some(match network {
        "lenet5" => td_string!(locale, variants.lenet5),
        "lenet5-modern" => td_string!(locale, variants.lenet5_modern),
        "alexnet" => td_string!(locale, variants.alexnet),
        "alexnet-relu-last" => td_string!(locale, variants.alexnet_relu_last),
        "alexnet-torchvision" => td_string!(locale, variants.alexnet_torchvision),
        "alexnet-cifar10" => td_string!(locale, variants.alexnet_cifar10),
        "vgg16" => td_string!(locale, variants.vgg16),
        "vgg11" => td_string!(locale, variants.vgg11),
        "vgg11-lrn" => td_string!(locale, variants.vgg11_lrn),
        "vgg13" => td_string!(locale, variants.vgg13),
        "vgg16-c" => td_string!(locale, variants.vgg16_c),
        "vgg19" => td_string!(locale, variants.vgg19),
        "vgg16-cifar10" => td_string!(locale, variants.vgg16_cifar10),
        "googlenet" => td_string!(locale, variants.googlenet),
        "googlenet-naive" => td_string!(locale, variants.googlenet_naive),
        "googlenet-torchvision" => td_string!(locale, variants.googlenet_torchvision),
        "googlenet-cifar10" => td_string!(locale, variants.googlenet_cifar10),
        "resnet18" => td_string!(locale, variants.resnet18),
        "resnet34" => td_string!(locale, variants.resnet34),
        "resnet50" => td_string!(locale, variants.resnet50),
        "resnet50-paper" => td_string!(locale, variants.resnet50_paper),
        "resnet101" => td_string!(locale, variants.resnet101),
        "resnet152" => td_string!(locale, variants.resnet152),
        "resnet18-cifar10" => td_string!(locale, variants.resnet18_cifar10),
        "resnet20-cifar" => td_string!(locale, variants.resnet20_cifar),
        "resnet56-cifar" => td_string!(locale, variants.resnet56_cifar),
        "plain20-cifar" => td_string!(locale, variants.plain20_cifar),
        "plain56-cifar" => td_string!(locale, variants.plain56_cifar),
        _ => return None,
    })
}
