//! Messages between the page and its workers. serde turns them into plain objects. The browser copies these, except for
//! the buffers of values, which move.

use js_sys::{Array, Float32Array, Float64Array};
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};
use wasm_bindgen::JsValue;
use web_sys::Blob;

use net::{AblationFactors, GraphOptions, NodeId};

/// A message of a worker. `static/worker.mjs` sends [`FromWorker::Died`], too.
#[derive(Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum FromWorker<Reply> {
    /// The worker takes commands.
    Ready,
    /// The worker has ended for this reason.
    Died(String),
    /// A reply to a command.
    Reply(Reply),
}

/// A command or a reply with the number of the command.
#[derive(Serialize, Deserialize)]
pub(super) struct Numbered<Body> {
    pub(super) id: u32,
    pub(super) body: Body,
}

/// Values that the browser moves in place of copying them.
#[derive(Serialize, Deserialize)]
#[serde(transparent)]
pub(super) struct Values(#[serde(with = "serde_wasm_bindgen::preserve")] pub(super) Float32Array);

/// The weights of a network in the form that can be sent to a worker: their values stay where they are.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub enum SendableWeights {
    /// The values of `seed:N`.
    Seed(#[serde(with = "decimal")] u64),
    /// A checkpoint. The browser holds its bytes.
    Blob(#[serde(with = "serde_wasm_bindgen::preserve")] Blob),
}

/// A command of the page.
#[derive(Serialize, Deserialize)]
pub(super) enum WorkerCommand {
    /// Builds a network.
    Load { network: String, options: GraphOptions, weights: SendableWeights },
    /// Runs a pass for the outputs of `nodes`.
    Pass {
        /// The input, `[channels, height, width]`.
        input: Values,
        nodes: Vec<NodeId>,
        /// True if each output is sent as soon as it is computed, false if all are sent at the end.
        streaming: bool,
        /// The ablations; none if there are none.
        effects: Option<AblationFactors>,
        /// The nodes whose outputs differ from those of the last streaming pass; none if all may differ.
        stale: Option<Vec<NodeId>>,
    },
    /// Cancels the command of the same number.
    Cancel,
}

/// Steps as one array of numbers. An object for each step would take as long as a pass of LeNet-5.
#[derive(Serialize, Deserialize)]
#[serde(transparent)]
pub(super) struct PackedSteps(#[serde(with = "serde_wasm_bindgen::preserve")] Float64Array);

impl From<&[Step]> for PackedSteps {
    fn from(steps: &[Step]) -> Self {
        let numbers: Vec<f64> = steps
            .iter()
            .flat_map(|step| [step.done as f64, step.total as f64, step.node.0 as f64, step.milliseconds])
            .collect();
        Self(Float64Array::from(numbers.as_slice()))
    }
}

impl PackedSteps {
    /// Returns the steps.
    pub(super) fn steps(&self) -> Vec<Step> {
        let numbers = self.0.to_vec();
        let (steps, _) = numbers.as_chunks::<4>();
        let step = |&[done, total, node, milliseconds]: &[f64; 4]| Step {
            done: done as usize,
            total: total as usize,
            node: NodeId(node as usize),
            milliseconds,
        };
        steps.iter().map(step).collect()
    }
}

/// A completed step of a pass.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(in crate::app) struct Step {
    /// The number of completed steps.
    pub(in crate::app) done: usize,
    /// The number of all steps.
    pub(in crate::app) total: usize,
    /// The node whose output is computed.
    pub(in crate::app) node: NodeId,
    /// The time of this step, in milliseconds.
    pub(in crate::app) milliseconds: f64,
}

/// An event of a running pass.
#[derive(Debug)]
pub(in crate::app) enum PassEvent {
    /// A step is completed.
    Step(Step),
    /// The output of a node.
    Output(NodeId, Vec<f32>),
}

/// A reply of the worker.
#[derive(Serialize, Deserialize)]
pub(super) enum WorkerReply {
    /// The network is built.
    Loaded,
    /// Completed steps of a pass, and outputs.
    Steps(PackedSteps, Vec<(NodeId, Values)>),
    /// The last steps of a pass, and the outputs of the requested nodes.
    Passed { steps: PackedSteps, outputs: Vec<Values> },
    /// The command was cancelled.
    Cancelled,
    /// The command failed.
    Failed(String),
}

impl WorkerCommand {
    /// Returns the buffers that move.
    pub(super) fn transferred(&self) -> Array {
        match self {
            Self::Pass { input, .. } => Array::of1(&input.0.buffer()),
            Self::Load { .. } | Self::Cancel => Array::new(),
        }
    }
}

impl WorkerReply {
    /// Returns the buffers that move.
    pub(super) fn transferred(&self) -> Array {
        match self {
            Self::Steps(_, outputs) => outputs.iter().map(|(_, values)| values.0.buffer()).collect(),
            Self::Passed { outputs, .. } => outputs.iter().map(|values| values.0.buffer()).collect(),
            Self::Loaded | Self::Cancelled | Self::Failed(_) => Array::new(),
        }
    }
}

/// Writes a message.
///
/// # Errors
/// The error of serde, which the types of messages never cause.
pub fn write(message: &impl Serialize) -> Result<JsValue, JsValue> {
    serde_wasm_bindgen::to_value(message).map_err(JsValue::from)
}

/// Reads a message; none if it is another one.
pub fn read<Message: DeserializeOwned>(message: JsValue) -> Option<Message> {
    serde_wasm_bindgen::from_value(message).ok()
}

/// Writes integers as text, because a JavaScript number does not hold every `u64`.
pub mod decimal {
    use serde::de::Error as _;
    use serde::{Deserialize as _, Deserializer, Serializer};

    /// Writes an integer.
    ///
    /// # Errors
    /// The error of the serializer.
    pub fn serialize<S: Serializer>(value: &u64, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(value)
    }

    /// Reads an integer.
    ///
    /// # Errors
    /// The error of the deserializer, or that the text is no integer.
    pub fn deserialize<'de, D: Deserializer<'de>>(deserializer: D) -> Result<u64, D::Error> {
        String::deserialize(deserializer)?.parse().map_err(D::Error::custom)
    }
}

#[cfg(test)]
mod tests;
