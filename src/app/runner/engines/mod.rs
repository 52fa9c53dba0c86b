//! The engines of the network on the stage: which one serves, and why.

mod choose;
mod engine;
mod explain;
mod fault;
mod gpu;

pub(in crate::app) use choose::build;
pub(in crate::app) use engine::StageEngine;
pub(in crate::app) use fault::{Arriving, EngineError, Fault, PassListener};
