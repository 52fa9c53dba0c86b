//! What page and trainer say to one another, as plain objects that the browser copies.

use js_sys::{Object, Uint8Array};
use wasm_bindgen::{JsCast, JsValue};

use crate::app::worker::{get, number, object};
use analysis::lesson::{TrainingActivation, TrainingSettings, TrainingStep};

/// What the page asks for.
pub(super) enum Order {
    /// Take these pictures (a pack as `ImagePack::read` takes it) to train on.
    Pictures(Uint8Array),
    /// Begin anew; `run` tells what is reported of it from what came before.
    Begin { run: u32, neuron: TrainingActivation, setting: TrainingSettings },
    /// Go on, or rest.
    Go(bool),
}

impl Order {
    /// The message.
    pub(super) fn write(&self) -> Object {
        match self {
            Self::Pictures(bytes) => object(&[("kind", "pictures".into()), ("bytes", bytes.into())]),
            Self::Begin { run, neuron, setting } => object(&[
                ("kind", "begin".into()),
                ("run", (*run).into()),
                ("neuron", neuron.name().into()),
                // As text: a double does not hold every seed.
                ("seed", setting.seed.to_string().into()),
                ("rate", setting.rate.into()),
                ("spread", setting.spread.into()),
            ]),
            Self::Go(go) => object(&[("kind", "go".into()), ("go", (*go).into())]),
        }
    }

    /// The order; none where the message is none.
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
            "go" => Some(Self::Go(get(message, "go").is_truthy())),
            _ => None,
        }
    }
}

/// What the trainer reports: how far it is.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(in crate::app::learn) struct Report {
    /// The training that was begun by this number.
    pub(in crate::app::learn) run: u32,
    /// The last step.
    pub(in crate::app::learn) step: TrainingStep,
    /// Milliseconds that the steps of the epoch have taken so far.
    pub(in crate::app::learn) milliseconds: f64,
}

impl Report {
    /// The message.
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

    /// What a message reports; none where it is no report.
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
