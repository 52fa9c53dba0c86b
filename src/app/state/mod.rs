//! The state of the stage page, in a few structs. Each owns its signals: others read them and change them by its
//! methods.
//!
//! | struct | what it holds |
//! | --- | --- |
//! | [`NetworkState`] | the graph, the weights, the parameters of the selected channel |
//! | [`View`] | folded blocks, camera, size of the stage, range of the colours |
//! | [`Selection`] | step, map, cell, pointer |
//! | [`InputState`] | drawing and photo |
//! | [`RunState`] | engine, numbers of the last pass |
//! | [`AblationState`] | parts that are switched off or scaled |
//! | [`Notices`] | the sentence under the top bar |
//!
//! A value that was computed with a network is stored as [`logic::Bound`], so it disappears when another network opens.

mod ablation;
mod input;
mod network;
mod notices;
mod page;
mod photo_requests;
mod run;
mod selection;
mod view;

pub(in crate::app) use ablation::AblationState;
pub(in crate::app) use input::{InputState, Medium, blank};
pub(in crate::app) use network::NetworkState;
pub(in crate::app) use notices::Notices;
pub(in crate::app) use page::Page;
pub(in crate::app) use photo_requests::{PhotoRequest, PhotoRequests};
pub(in crate::app) use run::{Answer, EngineStatus, InsightValues, NoGpu, Readout, RunState};
pub(in crate::app) use selection::Selection;
pub(in crate::app) use view::{ColourRange, View};
