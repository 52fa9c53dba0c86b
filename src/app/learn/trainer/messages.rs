//! The messages between the page and the trainer, as plain objects that the browser copies.

use js_sys::{Object, Uint8Array};
use wasm_bindgen::{JsCast, JsValue};

use super::report::TrainingReport;
use crate::app::js::get;
use crate::app::worker::{number, object};
use analysis::lesson::{TrainingActivation, TrainingSettings, TrainingStep};

/// A command of the page.
pub(super) enum TrainerCommand {
    /// Train on these pictures, a pack as `ImagePack::read` takes it.
    Pictures(Uint8Array),
    /// Begin a new training. Its reports carry the number `run`.
    Begin { run: u32, neuron: TrainingActivation, setting: TrainingSettings },
    /// Continue the training, or pause it.
    Train(bool),
}

impl TrainerCommand {
    /// Returns the message of the command.
    pub(super) fn write(&self) -> Object {
        match self {
            Self::Pictures(bytes) => object(&[("kind", "pictures".into()), ("bytes", bytes.into())]),
            Self::Begin { run, neuron, setting } => object(&[
                ("kind", "begin".into()),
                ("run", (*run).into()),
                ("neuron", neuron.name().into()),
                // A double does not hold every seed, so it travels as text.
                ("seed", setting.seed.to_string().into()),
                ("rate", setting.rate.into()),
                ("spread", setting.spread.into()),
            ]),
            Self::Train(is_running) => object(&[("kind", "go".into()), ("go", (*is_running).into())]),
        }
    }

    /// Reads a command; `None` for any other message.
    pub(super) fn read(message: &JsValue) -> Option<Self> {
        match get(message, "kind").as_string()?.as_str() {
            "pictures" => Some(Self::Pictures(get(message, "bytes").dyn_into().ok()?)),
            "begin" => Some(Self::Begin {
                run: number(message, "run")? as u32,
                neuron: TrainingActivation::named(&get(message, "neuron").as_string()?)?,
                setting: TrainingSettings {
                    seed: get(message, "seed").as_string()?.parse().ok()?,
                    rate: number(message, "rate")?,
                    spread: number(message, "spread")?,
                },
            }),
            "go" => Some(Self::Train(get(message, "go").is_truthy())),
            _ => None,
        }
    }
}

impl TrainingReport {
    /// Returns the message of the report.
    pub(super) fn write(&self) -> Object {
        let TrainingStep { epoch, seen, errors, slope, loss, error } = self.step;
        let (count, number) = (|n: usize| JsValue::from(n as f64), JsValue::from_f64);
        object(&[
            ("kind", "report".into()),
            ("run", self.run.into()),
            ("epoch", count(epoch)),
            ("seen", count(seen)),
            ("errors", count(errors)),
            ("slope", number(slope)),
            ("loss", number(loss)),
            ("error", error.map_or(JsValue::UNDEFINED, number)),
            ("milliseconds", number(self.milliseconds)),
        ])
    }

    /// Reads a report; `None` for any other message.
    pub(super) fn read(message: &JsValue) -> Option<Self> {
        if get(message, "kind").as_string()? != "report" {
            return None;
        }
        let count = |name: &str| number(message, name).map(|n| n as usize);
        let step = TrainingStep {
            epoch: count("epoch")?,
            seen: count("seen")?,
            errors: count("errors")?,
            slope: number(message, "slope")?,
            loss: number(message, "loss")?,
            error: number(message, "error"),
        };
        Some(Self { run: number(message, "run")? as u32, step, milliseconds: number(message, "milliseconds")? })
    }
}
