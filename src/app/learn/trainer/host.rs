//! The page's side: a worker that trains one network, and what it tells.

use std::cell::RefCell;
use std::rc::Rc;

use js_sys::{Object, Uint8Array};
use wasm_bindgen::JsCast;
use wasm_bindgen::closure::Closure;
use web_sys::{Event, MessageEvent, Worker};

use super::NAME;
use super::wire::{Order, Report};
use crate::app::store::message;
use crate::app::worker::{Word, WorkerError, begin};
use analysis::lesson::{TrainingActivation, TrainingSettings};

/// What a trainer tells.
#[derive(Debug, Clone)]
pub(in crate::app::learn) enum Heard {
    /// How far it is.
    Report(Report),
    /// It is gone, for this reason.
    Died(String),
}

/// Orders until the worker takes them; none when it does.
type Early = Rc<RefCell<Option<Vec<Object>>>>;

/// A worker that trains a network. To drop it is to end it.
pub(in crate::app::learn) struct Trainer {
    worker: Worker,
    early: Early,
    _hear: Closure<dyn Fn(MessageEvent)>,
    _fail: Closure<dyn Fn(Event)>,
}

impl Trainer {
    /// Starts a worker that trains on `pictures`, a pack as `ImagePack::read` takes it, and tells `tell`.
    ///
    /// # Errors
    /// [`WorkerError::NoStart`].
    pub(in crate::app::learn) fn start(
        pictures: &[u8],
        tell: impl Fn(Heard) + Clone + 'static,
    ) -> Result<Self, WorkerError> {
        let worker = begin(NAME)?;
        let early: Early = Rc::new(RefCell::new(Some(Vec::new())));
        let (ready, to, told) = (Rc::clone(&early), worker.clone(), tell.clone());
        let hear = Closure::<dyn Fn(MessageEvent)>::new(move |event: MessageEvent| {
            let said = event.data();
            match Word::read(&said) {
                Some(Word::Ready) => {
                    for order in ready.take().into_iter().flatten() {
                        send(&to, &order);
                    }
                }
                Some(Word::Died(reason)) => told(Heard::Died(reason)),
                None => {
                    if let Some(report) = Report::read(&said) {
                        told(Heard::Report(report));
                    }
                }
            }
        });
        worker.set_onmessage(Some(hear.as_ref().unchecked_ref()));
        let fail = Closure::<dyn Fn(Event)>::new(move |event: Event| {
            tell(Heard::Died(message(&event)));
        });
        worker.set_onerror(Some(fail.as_ref().unchecked_ref()));
        let this = Self { worker, early, _hear: hear, _fail: fail };
        this.ask(&Order::Pictures(Uint8Array::from(pictures)));
        Ok(this)
    }

    /// Begins a training anew; what is reported of it bears the number `run`.
    pub(in crate::app::learn) fn begin(&self, run: u32, neuron: TrainingActivation, setting: TrainingSettings) {
        self.ask(&Order::Begin { run, neuron, setting });
    }

    /// Has it go on, or rest.
    pub(in crate::app::learn) fn go(&self, go: bool) {
        self.ask(&Order::Go(go));
    }

    fn ask(&self, order: &Order) {
        let order = order.write();
        match self.early.borrow_mut().as_mut() {
            Some(early) => early.push(order),
            None => send(&self.worker, &order),
        }
    }
}

fn send(worker: &Worker, order: &Object) {
    // A plain object can always be sent.
    let _ = worker.post_message(order);
}

impl Drop for Trainer {
    fn drop(&mut self) {
        self.worker.set_onmessage(None);
        self.worker.set_onerror(None);
        self.worker.terminate();
    }
}
