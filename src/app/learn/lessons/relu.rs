//! ReLU: how a neuron that saturates holds back the gradient, and the same network trained with tanh and with ReLU.

mod plot;
mod race;
mod saturation;
mod training;

use leptos::prelude::*;

use crate::app::learn::address::Knobs;
use saturation::Saturation;
use training::SideBySide;

/// The lesson.
#[component]
pub(super) fn Relu(
    /// What can be moved.
    knobs: Knobs,
) -> impl IntoView {
    view! {
        <Saturation knobs/>
        <SideBySide knobs/>
    }
}
