//! The page's side: starts a worker, asks, and hands out what it answers.

use std::cell::{Cell, RefCell};
use std::collections::BTreeMap;
use std::rc::Rc;

use futures::StreamExt as _;
use futures::channel::mpsc::{UnboundedReceiver, UnboundedSender, unbounded};
use js_sys::{Float32Array, Object, Reflect};
use wasm_bindgen::closure::Closure;
use wasm_bindgen::prelude::wasm_bindgen;
use wasm_bindgen::{JsCast, JsValue};
use web_sys::{AbortSignal, Event, MessageEvent, Url, Worker, WorkerOptions, WorkerType};

use super::WorkerError;
use super::wire::{Answer, Order, Parcel, Step, Told, Word};
use crate::app::store::message;
use net::NodeId;

/// What a worker of the CPU engine is called.
const NAME: &str = "cpu";

#[wasm_bindgen]
extern "C" {
    /// The address of the script around this WebAssembly, which the worker runs too.
    #[wasm_bindgen(thread_local_v2, js_namespace = ["import", "meta"], js_name = url)]
    static GLUE: String;
}

/// Starts this WebAssembly in a worker called `name`, which says [`Word::Ready`] when it takes orders.
///
/// # Errors
/// [`WorkerError::NoStart`].
pub(in crate::app) fn begin(name: &str) -> Result<Worker, WorkerError> {
    let no_start = |error: JsValue| WorkerError::NoStart { reason: message(&error) };
    let glue = GLUE.with(Clone::clone);
    let options = WorkerOptions::new();
    options.set_type(WorkerType::Module);
    options.set_name(name);
    let script = Url::new_with_base("worker.mjs", &glue).map_err(no_start)?;
    let worker = Worker::new_with_options(&script.href(), &options).map_err(no_start)?;
    let start = Object::new();
    for (name, value) in [("glue", glue.into()), ("module", wasm_bindgen::module())] {
        Reflect::set(&start, &JsValue::from_str(name), &value).map_err(no_start)?;
    }
    worker.post_message(&start).map_err(no_start)?;
    Ok(worker)
}

/// Orders under way, by their numbers. Number 0 is the start itself.
#[derive(Default)]
struct Waiting {
    all: RefCell<BTreeMap<u32, UnboundedSender<Answer>>>,
    next: Cell<u32>,
    /// Why there are none any more.
    dead: RefCell<Option<String>>,
}

impl Waiting {
    fn expect(&self) -> (u32, UnboundedReceiver<Answer>) {
        let id = self.next.replace(self.next.get() + 1);
        let (sender, receiver) = unbounded();
        if self.dead.borrow().is_none() {
            self.all.borrow_mut().insert(id, sender);
        }
        (id, receiver)
    }

    fn hear(&self, said: &JsValue) {
        match Word::read(said) {
            Some(Word::Ready) => self.give(0, Answer::Loaded),
            Some(Word::Died(reason)) => self.die(reason),
            None => {
                if let Some((id, answer)) = Answer::read(said) {
                    self.give(id, answer);
                }
            }
        }
    }

    fn give(&self, id: u32, answer: Answer) {
        let mut all = self.all.borrow_mut();
        let last = !matches!(answer, Answer::Steps(..));
        if let Some(sender) = all.get(&id) {
            // Whoever asked may have gone.
            let _ = sender.unbounded_send(answer);
        }
        if last {
            all.remove(&id);
        }
    }

    /// All that wait are told, by the end of what they listen to. The first reason is the cause, the next its echo.
    fn die(&self, reason: String) {
        self.dead.borrow_mut().get_or_insert(reason);
        self.all.borrow_mut().clear();
    }

    fn death(&self) -> WorkerError {
        let reason = self.dead.borrow().clone();
        WorkerError::Died { reason: reason.unwrap_or_else(|| "it was ended".to_owned()) }
    }
}

/// A worker with a network. To drop it is to end it.
pub(in crate::app) struct CpuWorker {
    worker: Worker,
    waiting: Rc<Waiting>,
    _hear: Closure<dyn Fn(MessageEvent)>,
    _fail: Closure<dyn Fn(Event)>,
}

/// What a pass gave.
#[derive(Debug)]
pub(in crate::app) struct Outcome {
    /// The outputs of the nodes asked for, in their order.
    pub(in crate::app) outputs: Vec<Vec<f32>>,
    /// Milliseconds of all steps.
    pub(in crate::app) milliseconds: f64,
}

/// An order on its way. It borrows nothing.
pub(in crate::app) struct Pending {
    id: u32,
    worker: Worker,
    waiting: Rc<Waiting>,
    answers: UnboundedReceiver<Answer>,
}

impl CpuWorker {
    /// Starts a worker and has it build a network.
    ///
    /// # Errors
    /// [`WorkerError`]: no worker, no such network, other weights than the network's, or cancelled.
    pub(in crate::app) async fn start(
        network: &str,
        weights: Parcel,
        signal: Option<&AbortSignal>,
    ) -> Result<Self, WorkerError> {
        let worker = begin(NAME)?;
        let waiting = Rc::new(Waiting::default());
        let heard = Rc::clone(&waiting);
        let hear = Closure::<dyn Fn(MessageEvent)>::new(move |event: MessageEvent| heard.hear(&event.data()));
        worker.set_onmessage(Some(hear.as_ref().unchecked_ref()));
        let failed = Rc::clone(&waiting);
        let fail = Closure::<dyn Fn(Event)>::new(move |event: Event| failed.die(message(&event)));
        worker.set_onerror(Some(fail.as_ref().unchecked_ref()));
        let this = Self { worker, waiting, _hear: hear, _fail: fail };

        let (_, mut ready) = this.waiting.expect();
        if ready.next().await.is_none() {
            let reason = this.waiting.death().to_string();
            return Err(WorkerError::NoStart { reason });
        }
        this.ask(&Order::Load { network: network.to_owned(), weights })?.finish(signal, &|_| {}).await?;
        Ok(this)
    }

    /// Begins a pass with `input` (CHW) for the outputs of `nodes`.
    ///
    /// # Errors
    /// [`WorkerError::Died`] where nothing can be sent.
    pub(in crate::app) fn pass(&self, input: &[f32], nodes: Vec<NodeId>) -> Result<Pending, WorkerError> {
        self.beside(input, nodes, "")
    }

    /// Begins a pass as [`CpuWorker::pass`] does, with cuts.
    ///
    /// # Errors
    /// [`WorkerError::Died`] where nothing can be sent.
    pub(in crate::app) fn beside(&self, input: &[f32], nodes: Vec<NodeId>, cuts: &str) -> Result<Pending, WorkerError> {
        self.order(input, nodes, cuts, None, false)
    }

    /// Begins a pass with cuts; its outputs are told as they come, and not at the end. Where `stale` says which nodes' outputs
    /// are other ones than those of the last such pass, only those are computed and told.
    ///
    /// # Errors
    /// [`WorkerError::Died`] where nothing can be sent.
    pub(in crate::app) fn flow(
        &self,
        input: &[f32],
        nodes: Vec<NodeId>,
        cuts: &str,
        stale: Option<&[bool]>,
    ) -> Result<Pending, WorkerError> {
        self.order(input, nodes, cuts, stale, true)
    }

    fn order(
        &self,
        input: &[f32],
        nodes: Vec<NodeId>,
        cuts: &str,
        stale: Option<&[bool]>,
        flow: bool,
    ) -> Result<Pending, WorkerError> {
        let stale =
            stale.map(|stale| stale.iter().enumerate().filter(|(_, stale)| **stale).map(|(i, _)| NodeId(i)).collect());
        self.ask(&Order::Pass { input: Float32Array::from(input), nodes, flow, cuts: cuts.to_owned(), stale })
    }

    fn ask(&self, order: &Order) -> Result<Pending, WorkerError> {
        let (id, answers) = self.waiting.expect();
        send(&self.worker, order, id)?;
        Ok(Pending { id, worker: self.worker.clone(), waiting: Rc::clone(&self.waiting), answers })
    }
}

fn send(worker: &Worker, order: &Order, id: u32) -> Result<(), WorkerError> {
    let (body, moved) = order.write(id);
    let sent = worker.post_message_with_transfer(&body, &moved);
    sent.map_err(|error| WorkerError::Died { reason: message(&error) })
}

impl Drop for CpuWorker {
    fn drop(&mut self) {
        self.worker.terminate();
        self.waiting.die("it was ended".to_owned());
    }
}

impl Pending {
    /// Waits for the answer; `steps` is told of each step before.
    ///
    /// # Errors
    /// [`WorkerError`]: the engine refused, the worker died, or `signal` stopped it.
    pub(in crate::app) async fn finish(
        self,
        signal: Option<&AbortSignal>,
        steps: &dyn Fn(Step),
    ) -> Result<Outcome, WorkerError> {
        let tell = |told| {
            if let Told::Step(step) = told {
                steps(step);
            }
        };
        self.listen(signal, &tell).await
    }

    /// Waits for the answer; `tell` is told of each step and of each output before.
    ///
    /// # Errors
    /// As [`Pending::finish`].
    pub(in crate::app) async fn listen(
        mut self,
        signal: Option<&AbortSignal>,
        tell: &dyn Fn(Told),
    ) -> Result<Outcome, WorkerError> {
        let _listening = signal.map(|signal| OnAbort::new(signal, self.worker.clone(), self.id));
        let mut milliseconds = 0.0;
        let mut note = |done: Vec<Step>| {
            for step in done {
                milliseconds += step.milliseconds;
                tell(Told::Step(step));
            }
        };
        while let Some(answer) = self.answers.next().await {
            return match answer {
                Answer::Steps(done, outputs) => {
                    note(done);
                    outputs.into_iter().for_each(|(node, values)| tell(Told::Output(node, values.to_vec())));
                    continue;
                }
                Answer::Loaded => Ok(Outcome { outputs: Vec::new(), milliseconds }),
                Answer::Passed { steps, outputs } => {
                    note(steps);
                    let outputs = outputs.iter().map(Float32Array::to_vec).collect();
                    Ok(Outcome { outputs, milliseconds })
                }
                Answer::Cancelled => Err(WorkerError::Cancelled),
                Answer::Failed(reason) => Err(WorkerError::Failed { reason }),
            };
        }
        Err(self.waiting.death())
    }
}

/// Passes a signal on to the worker.
struct OnAbort {
    signal: AbortSignal,
    tell: Closure<dyn Fn()>,
}

impl OnAbort {
    fn new(signal: &AbortSignal, worker: Worker, id: u32) -> Self {
        let tell = Closure::<dyn Fn()>::new(move || {
            // Where it cannot be told, it is gone.
            let _ = send(&worker, &Order::Cancel, id);
        });
        if signal.aborted() {
            let _ = tell.as_ref().unchecked_ref::<js_sys::Function>().call0(&JsValue::UNDEFINED);
        } else {
            let _ = signal.add_event_listener_with_callback("abort", tell.as_ref().unchecked_ref());
        }
        Self { signal: signal.clone(), tell }
    }
}

impl Drop for OnAbort {
    fn drop(&mut self) {
        let _ = self.signal.remove_event_listener_with_callback("abort", self.tell.as_ref().unchecked_ref());
    }
}
