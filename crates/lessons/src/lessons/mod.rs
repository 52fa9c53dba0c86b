//! The lessons, one file or folder each.

mod auxiliary_classifiers;
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
mod small_kernels;

use leptos::prelude::*;

use super::settings::Settings;

/// Returns the body of a lesson.
pub(super) fn body(slug: &str, settings: Settings) -> AnyView {
    match slug {
        "convolution" => view! { <convolution::Convolution settings /> }.into_any(),
        "relu" => view! { <relu::Relu settings /> }.into_any(),
        "pooling" => view! { <pooling::Pooling settings /> }.into_any(),
        "normalisation" => view! { <normalisation::Normalisation settings /> }.into_any(),
        "dropout" => view! { <dropout::Dropout settings /> }.into_any(),
        "small-kernels" => view! { <small_kernels::SmallKernels settings /> }.into_any(),
        "parameters" => view! { <parameters::Parameters settings /> }.into_any(),
        "inception" => view! { <inception::Inception settings /> }.into_any(),
        "one-by-one" => view! { <one_by_one::OneByOne settings /> }.into_any(),
        "average-pooling" => view! { <average_pooling::AveragePooling settings /> }.into_any(),
        "side-classifiers" => view! { <auxiliary_classifiers::AuxiliaryClassifiers settings /> }.into_any(),
        "shortcut" => view! { <shortcut::Shortcut settings /> }.into_any(),
        "residual-blocks" => view! { <residual_blocks::ResidualBlocks settings /> }.into_any(),
        "halving" => view! { <halving::Halving settings /> }.into_any(),
        _ => ().into_any(),
    }
}
