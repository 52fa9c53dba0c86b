//! The page's side of a worker: starts it, sends commands, and receives replies.

use std::rc::Rc;

use futures::StreamExt as _;
use futures::channel::mpsc::UnboundedReceiver;
use js_sys::{Float32Array, Object};
use wasm_bindgen::closure::Closure;
use wasm_bindgen::{JsCast, JsValue};
use web_sys::{AbortSignal, Event, MessageEvent, Worker, WorkerOptions, WorkerType};

use super::error::WorkerError;
use super::messages::{
    FromWorker, Numbered, PackedSteps, PassEvent, SendableWeights, Step, Values, WorkerCommand, WorkerReply, read,
    write,
};
use crate::app::browser::fetch::{script_file_url, script_url};
use crate::app::browser::js::{error_message, set};
use logic::PendingReplies;
use net::{AblationFactors, Graph, NodeId};

/// The name of a worker of the CPU engine.
const NAME: &str = "cpu";

/// Starts this WebAssembly in a worker called `name`. The worker sends [`FromWorker::Ready`] when it takes commands.
///
/// # Errors
/// [`WorkerError::NoStart`].
pub fn start_worker(name: &str) -> Result<Worker, WorkerError> {
    let no_start = |error: JsValue| WorkerError::NoStart { reason: error_message(&error) };
    let options = WorkerOptions::new();
    options.set_type(WorkerType::Module);
    options.set_name(name);
    let worker = Worker::new_with_options(&script_file_url("worker.mjs"), &options).map_err(no_start)?;
    let start = Object::new();
    set(&start, "glue", &script_url().into());
    set(&start, "module", &wasm_bindgen::module());
    worker.post_message(&start).map_err(no_start)?;
    Ok(worker)
}

/// Hands a message of the worker to the request that waits for it.
fn receive(replies: &PendingReplies<WorkerReply>, message: JsValue) {
    match read(message) {
        // The start is the first request.
        Some(FromWorker::Ready) => replies.deliver(0, WorkerReply::Loaded, true),
        Some(FromWorker::Died(reason)) => replies.end(reason),
        Some(FromWorker::Reply(Numbered { id, body })) => {
            let is_last = !matches!(body, WorkerReply::Steps(..));
            replies.deliver(id, body, is_last);
        }
        None => {}
    }
}

fn end_error(replies: &PendingReplies<WorkerReply>) -> WorkerError {
    WorkerError::Died { reason: replies.end_reason().unwrap_or_else(|| "it was ended".to_owned()) }
}

/// A worker with a network. Dropping it ends the worker.
pub struct CpuWorker {
    worker: Worker,
    replies: Rc<PendingReplies<WorkerReply>>,
    _on_message: Closure<dyn Fn(MessageEvent)>,
    _on_error: Closure<dyn Fn(Event)>,
}

/// The result of a pass.
#[derive(Debug)]
pub struct WorkerOutput {
    /// The outputs of the requested nodes, in their order.
    pub outputs: Vec<Vec<f32>>,
    /// The time of all steps, in milliseconds.
    pub milliseconds: f64,
}

/// A request that was sent. It borrows nothing.
pub(in crate::app) struct PendingPass {
    id: u32,
    worker: Worker,
    replies: Rc<PendingReplies<WorkerReply>>,
    receiver: UnboundedReceiver<WorkerReply>,
}

impl CpuWorker {
    /// Starts a worker and builds `graph` in it.
    ///
    /// # Errors
    /// [`WorkerError`] if the worker does not start, the network does not exist, the weights do not fit, or `signal`
    /// cancels.
    pub async fn start(
        graph: &Graph,
        weights: SendableWeights,
        signal: Option<&AbortSignal>,
    ) -> Result<Self, WorkerError> {
        let worker = start_worker(NAME)?;
        let replies = Rc::new(PendingReplies::default());
        let receiving = Rc::clone(&replies);
        let on_message =
            Closure::<dyn Fn(MessageEvent)>::new(move |event: MessageEvent| receive(&receiving, event.data()));
        worker.set_onmessage(Some(on_message.as_ref().unchecked_ref()));
        let failing = Rc::clone(&replies);
        let on_error = Closure::<dyn Fn(Event)>::new(move |event: Event| failing.end(error_message(&event)));
        worker.set_onerror(Some(on_error.as_ref().unchecked_ref()));
        let this = Self { worker, replies, _on_message: on_message, _on_error: on_error };

        let (_, mut ready) = this.replies.register();
        if ready.next().await.is_none() {
            let reason = end_error(&this.replies).to_string();
            return Err(WorkerError::NoStart { reason });
        }
        let load = WorkerCommand::Load { network: graph.name.to_owned(), options: graph.options, weights };
        this.request(&load)?.finish(signal, &|_| {}).await?;
        Ok(this)
    }

    /// Begins a pass with `input` (`[channels, height, width]`) for the outputs of `nodes`.
    ///
    /// # Errors
    /// [`WorkerError::Died`] if the worker has ended.
    pub(in crate::app) fn begin_pass(
        &self,
        input: &[f32],
        nodes: Vec<NodeId>,
        effects: &AblationFactors,
    ) -> Result<PendingPass, WorkerError> {
        self.command_pass(input, nodes, effects, None, false)
    }

    /// Begins a pass that sends each output as soon as it is computed, and none at the end. If `stale` is given, it
    /// marks the nodes whose outputs differ from those of the last such pass. Only these are computed and sent.
    ///
    /// # Errors
    /// [`WorkerError::Died`] if the worker has ended.
    pub(in crate::app) fn streaming_pass(
        &self,
        input: &[f32],
        nodes: Vec<NodeId>,
        effects: &AblationFactors,
        stale: Option<&[bool]>,
    ) -> Result<PendingPass, WorkerError> {
        self.command_pass(input, nodes, effects, stale, true)
    }

    fn command_pass(
        &self,
        input: &[f32],
        nodes: Vec<NodeId>,
        effects: &AblationFactors,
        stale: Option<&[bool]>,
        streaming: bool,
    ) -> Result<PendingPass, WorkerError> {
        let stale =
            stale.map(|stale| stale.iter().enumerate().filter(|(_, stale)| **stale).map(|(i, _)| NodeId(i)).collect());
        let (input, effects) = (Values(Float32Array::from(input)), (!effects.is_empty()).then(|| effects.clone()));
        self.request(&WorkerCommand::Pass { input, nodes, streaming, effects, stale })
    }

    fn request(&self, command: &WorkerCommand) -> Result<PendingPass, WorkerError> {
        let (id, receiver) = self.replies.register();
        if let Err(error) = send(&self.worker, command, id) {
            self.replies.forget(id);
            return Err(error);
        }
        Ok(PendingPass { id, worker: self.worker.clone(), replies: Rc::clone(&self.replies), receiver })
    }
}

fn send(worker: &Worker, command: &WorkerCommand, id: u32) -> Result<(), WorkerError> {
    let message = write(&Numbered { id, body: command });
    let sent = message.and_then(|message| worker.post_message_with_transfer(&message, &command.transferred()));
    sent.map_err(|error| WorkerError::Died { reason: error_message(&error) })
}

impl Drop for CpuWorker {
    fn drop(&mut self) {
        self.worker.terminate();
        self.replies.end("it was ended".to_owned());
    }
}

impl PendingPass {
    /// Waits for the result. `on_step` receives each completed step before.
    ///
    /// # Errors
    /// [`WorkerError`] if the engine refuses, the worker ends, or `signal` cancels.
    pub(in crate::app) async fn finish(
        self,
        signal: Option<&AbortSignal>,
        on_step: &dyn Fn(Step),
    ) -> Result<WorkerOutput, WorkerError> {
        let on_event = |event| {
            if let PassEvent::Step(step) = event {
                on_step(step);
            }
        };
        self.listen(signal, &on_event).await
    }

    /// Waits for the result. `on_event` receives each completed step and each output before.
    ///
    /// # Errors
    /// As [`PendingPass::finish`].
    pub(in crate::app) async fn listen(
        mut self,
        signal: Option<&AbortSignal>,
        on_event: &dyn Fn(PassEvent),
    ) -> Result<WorkerOutput, WorkerError> {
        let _forwarder = signal.map(|signal| AbortForwarder::new(signal, self.worker.clone(), self.id));
        let mut milliseconds = 0.0;
        let mut add_steps = |steps: &PackedSteps| {
            for step in steps.steps() {
                milliseconds += step.milliseconds;
                on_event(PassEvent::Step(step));
            }
        };
        while let Some(reply) = self.receiver.next().await {
            return match reply {
                WorkerReply::Steps(steps, outputs) => {
                    add_steps(&steps);
                    outputs.into_iter().for_each(|(node, values)| on_event(PassEvent::Output(node, values.0.to_vec())));
                    continue;
                }
                WorkerReply::Loaded => Ok(WorkerOutput { outputs: Vec::new(), milliseconds }),
                WorkerReply::Passed { steps, outputs } => {
                    add_steps(&steps);
                    let outputs = outputs.iter().map(|values| values.0.to_vec()).collect();
                    Ok(WorkerOutput { outputs, milliseconds })
                }
                WorkerReply::Cancelled => Err(WorkerError::Cancelled),
                WorkerReply::Failed(reason) => Err(WorkerError::Failed { reason }),
            };
        }
        Err(end_error(&self.replies))
    }
}

/// Forwards an abort signal to the worker until it is dropped.
struct AbortForwarder {
    signal: AbortSignal,
    on_abort: Closure<dyn Fn()>,
}

impl AbortForwarder {
    fn new(signal: &AbortSignal, worker: Worker, id: u32) -> Self {
        let on_abort = Closure::<dyn Fn()>::new(move || {
            // A worker that cannot be reached has nothing to cancel.
            let _ = send(&worker, &WorkerCommand::Cancel, id);
        });
        let listener: &js_sys::Function = on_abort.as_ref().unchecked_ref();
        if signal.aborted() {
            let _ = listener.call0(&JsValue::UNDEFINED);
        } else {
            let _ = signal.add_event_listener_with_callback("abort", listener);
        }
        Self { signal: signal.clone(), on_abort }
    }
}

impl Drop for AbortForwarder {
    fn drop(&mut self) {
        let _ = self.signal.remove_event_listener_with_callback("abort", self.on_abort.as_ref().unchecked_ref());
    }
}
