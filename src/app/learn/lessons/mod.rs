//! The lessons, a file each.

mod average_pooling;
mod convolution;
mod dropout;
mod halving;
mod inception;
mod normalisation;
mod one_by_one;
mod parameters;
mod pooling;
mod relu;
mod residual_blocks;
mod shortcut;
mod side_classifiers;
mod small_kernels;

use leptos::prelude::*;
use leptos_i18n::td_string;
use words::i18n::Locale;

use super::address::Knobs;

/// What a lesson is called.
pub(in crate::app) fn title(locale: Locale, slug: &str) -> &'static str {
    match slug {
        "convolution" => td_string!(locale, convolution.title),
        "relu" => td_string!(locale, relu.title),
        "pooling" => td_string!(locale, pooling.title),
        "normalisation" => td_string!(locale, normalisation.title),
        "dropout" => td_string!(locale, dropout.title),
        "small-kernels" => td_string!(locale, small_kernels.title),
        "parameters" => td_string!(locale, parameters.title),
        "inception" => td_string!(locale, inception.title),
        "one-by-one" => td_string!(locale, one_by_one.title),
        "average-pooling" => td_string!(locale, average_pooling.title),
        "side-classifiers" => td_string!(locale, side_classifiers.title),
        "shortcut" => td_string!(locale, shortcut.title),
        "residual-blocks" => td_string!(locale, residual_blocks.title),
        "halving" => td_string!(locale, halving.title),
        _ => "",
    }
}

/// A lesson in a sentence or two.
pub(super) fn lead(locale: Locale, slug: &str) -> &'static str {
    match slug {
        "convolution" => td_string!(locale, convolution.lead),
        "relu" => td_string!(locale, relu.lead),
        "pooling" => td_string!(locale, pooling.lead),
        "normalisation" => td_string!(locale, normalisation.lead),
        "dropout" => td_string!(locale, dropout.lead),
        "small-kernels" => td_string!(locale, small_kernels.lead),
        "parameters" => td_string!(locale, parameters.lead),
        "inception" => td_string!(locale, inception.lead),
        "one-by-one" => td_string!(locale, one_by_one.lead),
        "average-pooling" => td_string!(locale, average_pooling.lead),
        "side-classifiers" => td_string!(locale, side_classifiers.lead),
        "shortcut" => td_string!(locale, shortcut.lead),
        "residual-blocks" => td_string!(locale, residual_blocks.lead),
        "halving" => td_string!(locale, halving.lead),
        _ => "",
    }
}

/// What there is to move in a lesson.
pub(super) fn body(slug: &str, knobs: Knobs) -> AnyView {
    match slug {
        "convolution" => view! { <convolution::Convolution knobs/> }.into_any(),
        "relu" => view! { <relu::Relu knobs/> }.into_any(),
        "pooling" => view! { <pooling::Pooling knobs/> }.into_any(),
        "normalisation" => view! { <normalisation::Normalisation knobs/> }.into_any(),
        "dropout" => view! { <dropout::Dropout knobs/> }.into_any(),
        "small-kernels" => view! { <small_kernels::SmallKernels knobs/> }.into_any(),
        "parameters" => view! { <parameters::Parameters knobs/> }.into_any(),
        "inception" => view! { <inception::Inception knobs/> }.into_any(),
        "one-by-one" => view! { <one_by_one::OneByOne knobs/> }.into_any(),
        "average-pooling" => view! { <average_pooling::AveragePooling knobs/> }.into_any(),
        "side-classifiers" => view! { <side_classifiers::SideClassifiers knobs/> }.into_any(),
        "shortcut" => view! { <shortcut::Shortcut knobs/> }.into_any(),
        "residual-blocks" => view! { <residual_blocks::ResidualBlocks knobs/> }.into_any(),
        "halving" => view! { <halving::Halving knobs/> }.into_any(),
        _ => ().into_any(),
    }
}
