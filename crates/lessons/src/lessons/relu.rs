//! ReLU: a saturating activation function holds back the gradient, and a network trained with tanh and with ReLU.

mod error_curves;
mod function_plots;
mod machine;
mod pair;
mod progress;
mod saturation;
mod training;

use leptos::prelude::*;

use crate::settings::Settings;
use saturation::Saturation;
use training::SideBySide;

/// The body of the lesson.
#[component]
pub(super) fn Relu(
    /// The settings of the lesson.
    settings: Settings,
) -> impl IntoView {
    view! {
        <Saturation settings />
        <SideBySide settings />
    }
}
