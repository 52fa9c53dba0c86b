//! The messages between the page and the trainer. serde turns them into plain objects, which the browser copies.

use js_sys::Uint8Array;
use serde::{Deserialize, Serialize};

use analysis::lesson::{TrainingActivation, TrainingSettings, TrainingStep};
use layerscope::app::worker::decimal;

/// A command of the page.
#[derive(Serialize, Deserialize)]
pub(super) enum TrainerCommand {
    /// Train on these pictures, a pack as `ImagePack::read` takes it.
    Pictures(#[serde(with = "serde_wasm_bindgen::preserve")] Uint8Array),
    /// Begin a new training. Its reports carry the number `run`.
    Begin {
        run: u32,
        #[serde(with = "TrainingActivationFields")]
        neuron: TrainingActivation,
        #[serde(with = "TrainingSettingsFields")]
        setting: TrainingSettings,
    },
    /// Continue the training, or pause it.
    Train(bool),
}

/// The variants of [`TrainingActivation`], for serde.
#[derive(Serialize, Deserialize)]
#[serde(remote = "TrainingActivation")]
enum TrainingActivationFields {
    Tanh,
    Relu,
}

/// The fields of [`TrainingSettings`], for serde.
#[derive(Serialize, Deserialize)]
#[serde(remote = "TrainingSettings")]
struct TrainingSettingsFields {
    #[serde(with = "decimal")]
    seed: u64,
    rate: f64,
    spread: f64,
}

/// The fields of [`TrainingStep`], for serde.
#[derive(Serialize, Deserialize)]
#[serde(remote = "TrainingStep")]
pub(super) struct TrainingStepFields {
    epoch: usize,
    seen: usize,
    errors: usize,
    slope: f64,
    loss: f64,
    error: Option<f64>,
}
