//! A training in a Web Worker of its own: the page stays responsive, and ending the worker ends the training.

mod host;
mod messages;
mod report;
mod serve;

pub(super) use host::{Trainer, TrainerMessage};
pub(super) use report::TrainingReport;
pub(crate) use serve::{is_here, serve};

/// The name of the worker.
const NAME: &str = "train";
