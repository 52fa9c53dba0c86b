//! The page `/learn`: lessons, each an idea of one of the papers as something to move. `analysis::lesson` has the numbers,
//! `words` what is said.

mod address;
mod control;
mod figure;
mod frame;
mod lessons;
mod network;
mod numbers;
mod picture;
mod pixel;
mod shown;
mod trainer;

use leptos::prelude::*;

use super::picture::{Appearance, watch_restored};
use super::{api, theme};
use frame::Frame;
pub(super) use lessons::title;
pub(super) use trainer::{is_here as is_trainer, serve as serve_training};

/// The address of the page; a lesson's slug follows.
const PATH: &str = "/learn";

/// The whole page.
#[component]
pub(super) fn LearnPage() -> impl IntoView {
    let easel = Appearance { dark: RwSignal::new(false), restored: RwSignal::new(0) };
    provide_context(easel);
    watch_restored(easel);
    theme::follow(easel.dark);
    api::expose_counts();
    view! { <Frame/> }
}
