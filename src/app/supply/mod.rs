//! The weights of the network on the page: the choice, the progress of loading, and the loaded weights.

mod choice;
mod curves;
mod loaded;
mod loader;
mod offers;
mod panel;

pub(in crate::app) use choice::WeightsChoice;
pub(in crate::app) use loaded::{LoadState, LoadedWeights};
pub(in crate::app) use loader::{WeightsLoader, accept_file};
pub(in crate::app) use panel::WeightsPanel;
pub(in crate::app) use weights::is_checkpoint_name;
