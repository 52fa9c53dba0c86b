//! The page `/learn`: lessons with something to move, each on one idea of a paper.
//!
//! The numbers come from `analysis::lesson`, the texts from `words`. A lesson is a component in [`lessons`]. It keeps
//! its state in [`settings`], which the link of the page carries, runs networks with [`network`] and [`examples`], and
//! shows results with the shared controls and figures. Read `link`, `settings` and `controls` first, then any lesson.

mod cell;
mod controls;
mod error;
mod examples;
mod fact;
mod index;
mod latest;
mod lesson_page;
mod lessons;
mod link;
mod maps;
mod navigation;
mod network;
mod notices;
mod page;
mod picture_chooser;
mod settings;
mod text;
mod titles;
mod trainer;

pub(super) use page::LearnPage;
pub(super) use titles::title;
pub(super) use trainer::{is_here as is_trainer, serve as serve_training};
