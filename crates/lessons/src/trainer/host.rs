//! The page's side of the trainer: starts the worker, sends commands and receives reports.

use std::cell::RefCell;
use std::rc::Rc;

use js_sys::Uint8Array;
use wasm_bindgen::closure::Closure;
use wasm_bindgen::{JsCast, JsValue};
use web_sys::{Event, MessageEvent, Worker};

use super::NAME;
use super::messages::TrainerCommand;
use super::report::TrainingReport;
use analysis::lesson::{TrainingActivation, TrainingSettings};
use layerscope::app::browser::js::error_message;
use layerscope::app::worker::{FromWorker, WorkerError, read, start_worker, write};

/// A message from a trainer.
#[derive(Debug, Clone)]
pub(crate) enum TrainerMessage {
    /// The progress of the training.
    Report(TrainingReport),
    /// The trainer failed, for this reason.
    Failed(String),
}

/// Commands that wait until the worker is ready; `None` from then on.
type QueuedCommands = Rc<RefCell<Option<Vec<JsValue>>>>;

/// A worker that trains a network. Dropping it ends the worker.
pub(crate) struct Trainer {
    worker: Worker,
    queued: QueuedCommands,
    _on_message: Closure<dyn Fn(MessageEvent)>,
    _on_error: Closure<dyn Fn(Event)>,
}

impl Trainer {
    /// Starts a worker that trains on `pictures`, a pack as `ImagePack::read` takes it. It calls `receive` for every
    /// message.
    ///
    /// # Errors
    /// [`WorkerError::NoStart`] if the browser starts no worker.
    pub(crate) fn start(
        pictures: &[u8],
        receive: impl Fn(TrainerMessage) + Clone + 'static,
    ) -> Result<Self, WorkerError> {
        let worker = start_worker(NAME)?;
        let queued: QueuedCommands = Rc::new(RefCell::new(Some(Vec::new())));
        let (ready, to, receive_message) = (Rc::clone(&queued), worker.clone(), receive.clone());
        let on_message = Closure::<dyn Fn(MessageEvent)>::new(move |event: MessageEvent| match read(event.data()) {
            Some(FromWorker::Ready) => {
                for command in ready.take().into_iter().flatten() {
                    send(&to, &command);
                }
            }
            Some(FromWorker::Died(reason)) => receive_message(TrainerMessage::Failed(reason)),
            Some(FromWorker::Reply(report)) => receive_message(TrainerMessage::Report(report)),
            None => {}
        });
        worker.set_onmessage(Some(on_message.as_ref().unchecked_ref()));
        let on_error = Closure::<dyn Fn(Event)>::new(move |event: Event| {
            receive(TrainerMessage::Failed(error_message(&event)));
        });
        worker.set_onerror(Some(on_error.as_ref().unchecked_ref()));
        let this = Self { worker, queued, _on_message: on_message, _on_error: on_error };
        this.post(&TrainerCommand::Pictures(Uint8Array::from(pictures)));
        Ok(this)
    }

    /// Begins a new training; its reports carry the number `run`.
    pub(crate) fn begin(&self, run: u32, neuron: TrainingActivation, setting: TrainingSettings) {
        self.post(&TrainerCommand::Begin { run, neuron, setting });
    }

    /// Continues the training, or pauses it.
    pub(crate) fn train(&self, is_running: bool) {
        self.post(&TrainerCommand::Train(is_running));
    }

    fn post(&self, command: &TrainerCommand) {
        // The types of messages can always be written.
        let Ok(command) = write(command) else { return };
        match self.queued.borrow_mut().as_mut() {
            Some(queued) => queued.push(command),
            None => send(&self.worker, &command),
        }
    }
}

fn send(worker: &Worker, command: &JsValue) {
    // A plain object can always be sent.
    let _ = worker.post_message(command);
}

impl Drop for Trainer {
    fn drop(&mut self) {
        self.worker.set_onmessage(None);
        self.worker.set_onerror(None);
        self.worker.terminate();
    }
}
