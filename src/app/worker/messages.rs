//! What page and worker say to one another, as plain objects that the browser copies.

use js_sys::{Array, Float32Array, Float64Array, Object};
use wasm_bindgen::{JsCast, JsValue};
use web_sys::Blob;

use crate::app::js::{get, set};
use net::NodeId;

/// Where a worker takes a network's weights from: what can be sent without its values.
#[derive(Debug, Clone)]
pub(in crate::app) enum SendableWeights {
    /// The values of `seed:N`.
    Seed(u64),
    /// A checkpoint; its bytes stay where the browser has them.
    Blob(Blob),
}

/// What the page asks for.
pub(super) enum WorkerCommand {
    /// Build a network.
    Load { network: String, weights: SendableWeights },
    /// Pass a picture (CHW), and give the outputs of these nodes: each when it is there where they are to `flow`, else
    /// all at the end. `cuts` are as `Ablations::read` takes them. Where the nodes that are `stale` are named, the outputs of the
    /// others are those of the last pass that flowed.
    Pass { input: Float32Array, nodes: Vec<NodeId>, streaming: bool, ablations: String, stale: Option<Vec<NodeId>> },
    /// Give up the order of that number.
    Cancel,
}

/// A step of a pass that is done.
#[derive(Debug, Clone, Copy)]
pub(in crate::app) struct Step {
    /// Steps that are done.
    pub(in crate::app) done: usize,
    /// Steps of the pass.
    pub(in crate::app) total: usize,
    /// The node whose output is there.
    pub(in crate::app) node: NodeId,
    /// Milliseconds of this step.
    pub(in crate::app) milliseconds: f64,
}

/// What is told of a pass that is under way.
#[derive(Debug)]
pub(in crate::app) enum PassEvent {
    /// A step is done.
    Step(Step),
    /// The output of a node.
    Output(NodeId, Vec<f32>),
}

/// Outputs that are there, with their nodes.
pub(super) type Outputs = Vec<(NodeId, Float32Array)>;

/// What the worker answers.
pub(super) enum WorkerReply {
    /// A network is built.
    Loaded,
    /// Steps of a pass are done, and these outputs are there.
    Steps(Vec<Step>, Outputs),
    /// The last steps, and the outputs of the nodes asked for.
    Passed { steps: Vec<Step>, outputs: Vec<Float32Array> },
    /// It was cancelled.
    Cancelled,
    /// It failed.
    Failed(String),
}

/// The worker is there, or has died: what it says without being asked.
pub(in crate::app) enum WorkerStatus {
    /// It takes orders.
    Ready,
    /// It is gone, for this reason.
    Died(String),
}

/// A part of a message that is a number.
pub(in crate::app) fn number(object: &JsValue, name: &str) -> Option<f64> {
    get(object, name).as_f64()
}

/// A message of such parts.
pub(in crate::app) fn object(parts: &[(&str, JsValue)]) -> Object {
    let object = Object::new();
    for (name, value) in parts {
        set(&object, name, value);
    }
    object
}

fn index(node: NodeId) -> JsValue {
    (node.0 as f64).into()
}

/// Steps as numbers, [`STEP_NUMBERS`] each.
fn write_steps(steps: &[Step]) -> JsValue {
    let numbers = |step: &Step| [step.done as f64, step.total as f64, step.node.0 as f64, step.milliseconds];
    Float64Array::from(steps.iter().flat_map(numbers).collect::<Vec<_>>().as_slice()).into()
}

fn read_steps(message: &JsValue) -> Option<Vec<Step>> {
    let numbers = get(message, "steps").dyn_into::<Float64Array>().ok()?.to_vec();
    let step = |step: &[f64; STEP_NUMBERS]| Step {
        done: step[0] as usize,
        total: step[1] as usize,
        node: NodeId(step[2] as usize),
        milliseconds: step[3],
    };
    Some(numbers.as_chunks().0.iter().map(step).collect())
}

/// Numbers of a step in a message.
const STEP_NUMBERS: usize = 4;

impl WorkerCommand {
    /// The message, and what moves with it in place of being copied.
    pub(super) fn write(&self, id: u32) -> (Object, Array) {
        let (kind, mut parts, moved) = match self {
            Self::Load { network, weights } => {
                let weights = match weights {
                    // As text: a double does not hold every seed.
                    SendableWeights::Seed(seed) => ("seed", seed.to_string().into()),
                    SendableWeights::Blob(blob) => ("blob", blob.into()),
                };
                ("load", vec![("network", network.into()), weights], Array::new())
            }
            Self::Pass { input, nodes, streaming, ablations, stale } => {
                let list = |nodes: &[NodeId]| JsValue::from(nodes.iter().copied().map(index).collect::<Array>());
                let mut parts =
                    vec![("input", input.into()), ("nodes", list(nodes)), ("streaming", (*streaming).into())];
                parts.push(("ablations", ablations.into()));
                parts.extend(stale.as_deref().map(|stale| ("stale", list(stale))));
                ("pass", parts, Array::of1(&input.buffer()))
            }
            Self::Cancel => ("cancel", Vec::new(), Array::new()),
        };
        parts.extend([("id", id.into()), ("kind", kind.into())]);
        (object(&parts), moved)
    }

    /// The order and its number; none where the message is none.
    pub(super) fn read(message: &JsValue) -> Option<(u32, Self)> {
        let order = match get(message, "kind").as_string()?.as_str() {
            "load" => {
                let weights = match get(message, "seed").as_string() {
                    Some(seed) => SendableWeights::Seed(seed.parse().ok()?),
                    None => SendableWeights::Blob(get(message, "blob").dyn_into().ok()?),
                };
                Self::Load { network: get(message, "network").as_string()?, weights }
            }
            "pass" => {
                let list = |name: &str| {
                    let nodes = get(message, name).dyn_into::<Array>().ok()?;
                    nodes.iter().map(|node| node.as_f64().map(|node| NodeId(node as usize))).collect::<Option<Vec<_>>>()
                };
                let (input, streaming) =
                    (get(message, "input").dyn_into().ok()?, get(message, "streaming").is_truthy());
                let ablations = get(message, "ablations").as_string()?;
                Self::Pass { input, nodes: list("nodes")?, streaming, ablations, stale: list("stale") }
            }
            "cancel" => Self::Cancel,
            _ => return None,
        };
        Some((number(message, "id")? as u32, order))
    }
}

impl WorkerReply {
    /// The message, and what moves with it.
    pub(super) fn write(&self, id: u32) -> (Object, Array) {
        let (kind, mut parts, moved) = match self {
            Self::Loaded => ("loaded", Vec::new(), Array::new()),
            Self::Steps(steps, outputs) => {
                let nodes: Array = outputs.iter().map(|(node, _)| index(*node)).collect();
                let values: Array = outputs.iter().map(|(_, values)| values).collect();
                let moved = outputs.iter().map(|(_, values)| values.buffer()).collect();
                let parts = [("steps", write_steps(steps)), ("nodes", nodes.into()), ("outputs", values.into())];
                ("steps", parts.to_vec(), moved)
            }
            Self::Passed { steps, outputs } => {
                let (moved, all) =
                    (outputs.iter().map(Float32Array::buffer).collect(), outputs.iter().collect::<Array>());
                ("passed", vec![("steps", write_steps(steps)), ("outputs", all.into())], moved)
            }
            Self::Cancelled => ("cancelled", Vec::new(), Array::new()),
            Self::Failed(reason) => ("failed", vec![("reason", reason.into())], Array::new()),
        };
        parts.extend([("id", id.into()), ("kind", kind.into())]);
        (object(&parts), moved)
    }

    /// The answer and the number of its order; none where the message is none.
    pub(super) fn read(message: &JsValue) -> Option<(u32, Self)> {
        let answer = match get(message, "kind").as_string()?.as_str() {
            "loaded" => Self::Loaded,
            "steps" => {
                let (nodes, values) = (get(message, "nodes").dyn_into::<Array>().ok()?, get(message, "outputs"));
                let values = values.dyn_into::<Array>().ok()?;
                let pair = |(node, values): (JsValue, JsValue)| {
                    Some((NodeId(node.as_f64()? as usize), values.dyn_into().ok()?))
                };
                Self::Steps(read_steps(message)?, nodes.iter().zip(values.iter()).map(pair).collect::<Option<_>>()?)
            }
            "passed" => {
                let outputs = get(message, "outputs").dyn_into::<Array>().ok()?;
                let outputs = outputs.iter().map(|output| output.dyn_into().ok()).collect::<Option<_>>()?;
                Self::Passed { steps: read_steps(message)?, outputs }
            }
            "cancelled" => Self::Cancelled,
            "failed" => Self::Failed(get(message, "reason").as_string()?),
            _ => return None,
        };
        Some((number(message, "id")? as u32, answer))
    }
}

impl WorkerStatus {
    /// The message.
    pub(in crate::app) fn write(&self) -> Object {
        match self {
            Self::Ready => object(&[("kind", "ready".into())]),
            Self::Died(reason) => object(&[("kind", "died".into()), ("reason", reason.into())]),
        }
    }

    /// What a message says; none where it is something else.
    pub(in crate::app) fn read(message: &JsValue) -> Option<Self> {
        match get(message, "kind").as_string()?.as_str() {
            "ready" => Some(Self::Ready),
            "died" => Some(Self::Died(get(message, "reason").as_string().unwrap_or_default())),
            _ => None,
        }
    }
}
