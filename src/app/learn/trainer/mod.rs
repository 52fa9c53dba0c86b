//! A training in a Web Worker of its own: the page stays free, and ending the worker ends the training.

mod host;
mod serve;
mod wire;

pub(super) use host::{Heard, Trainer};
pub(in crate::app) use serve::{is_here, serve};
pub(super) use wire::Report;

/// What such a worker is called.
const NAME: &str = "train";
