//! The worker's side: one training, step by step.

use std::cell::{Cell, RefCell};

use js_sys::{Array, Uint8Array};
use wasm_bindgen_futures::spawn_local;

use super::NAME;
use super::wire::{Order, Report};
use crate::app::clock::{now_ms, yield_to_messages};
use crate::app::worker::{Word, is_called, open, post};
use analysis::lesson::{MAX_EPOCHS, Training, TrainingActivation, TrainingError, TrainingPictures, TrainingSettings};
use input::{ImagePack, InputError};

/// Milliseconds after which the page is told how far an epoch is.
const TELL_MS: f64 = 100.0;

/// What is trained.
struct Run {
    /// Its number.
    number: u32,
    training: Training,
    /// Milliseconds that the steps of this epoch have taken.
    milliseconds: f64,
}

thread_local! {
    static PICTURES: RefCell<Option<TrainingPictures>> = const { RefCell::new(None) };
    static RUN: RefCell<Option<Run>> = const { RefCell::new(None) };
    /// Whether it is to go on, and whether it is under way.
    static GO: Cell<bool> = const { Cell::new(false) };
    static UNDER_WAY: Cell<bool> = const { Cell::new(false) };
}

/// Why there is no training.
#[derive(Debug, thiserror::Error)]
enum Fault {
    #[error(transparent)]
    Input(#[from] InputError),
    #[error(transparent)]
    Training(#[from] TrainingError),
}

/// Whether this is a worker for a training.
pub(in crate::app) fn is_here() -> bool {
    is_called(NAME)
}

/// Takes orders until the page ends the worker.
pub(in crate::app) fn serve() {
    open(|event| {
        if let Some(Err(fault)) = Order::read(&event.data()).map(carry_out) {
            die(&fault);
        }
    });
}

/// A training that fails is over: the page starts another worker for the next.
fn die(fault: &Fault) {
    GO.set(false);
    post(&Word::Died(fault.to_string()).write(), &Array::new());
}

fn carry_out(order: Order) -> Result<(), Fault> {
    match order {
        Order::Pictures(bytes) => PICTURES.set(Some(read(&bytes)?)),
        Order::Begin { run, neuron, setting } => RUN.set(Some(begin(run, neuron, setting)?)),
        Order::Go(go) => {
            GO.set(go);
            if go && !UNDER_WAY.replace(true) {
                spawn_local(train());
            }
        }
    }
    Ok(())
}

fn read(bytes: &Uint8Array) -> Result<TrainingPictures, Fault> {
    Ok(TrainingPictures::new(&ImagePack::read(&bytes.to_vec())?)?)
}

fn begin(number: u32, neuron: TrainingActivation, setting: TrainingSettings) -> Result<Run, Fault> {
    let pictures = PICTURES.with_borrow(Clone::clone).ok_or(TrainingError::Pictures)?;
    Ok(Run { number, training: Training::new(pictures, neuron, setting)?, milliseconds: 0.0 })
}

/// Goes on until it is told to rest, or the last epoch is over. Between two steps orders are heard.
async fn train() {
    let mut told = now_ms();
    while GO.get() {
        let report = match RUN.with_borrow_mut(|run| run.as_mut().and_then(Run::step)) {
            Some(Ok(report)) => report,
            Some(Err(fault)) => {
                die(&fault.into());
                break;
            }
            None => {
                GO.set(false);
                break;
            }
        };
        let over = report.step.error.is_some();
        if over || now_ms() - told >= TELL_MS {
            post(&report.write(), &Array::new());
            told = now_ms();
        }
        yield_to_messages().await;
    }
    UNDER_WAY.set(false);
}

impl Run {
    /// The next step; none where the last epoch is over.
    fn step(&mut self) -> Option<Result<Report, TrainingError>> {
        if self.training.epoch() >= MAX_EPOCHS {
            return None;
        }
        let start = now_ms();
        let step = match self.training.step() {
            Ok(step) => step,
            Err(error) => return Some(Err(error)),
        };
        self.milliseconds += now_ms() - start;
        let report = Report { run: self.number, step, milliseconds: self.milliseconds };
        if step.error.is_some() {
            self.milliseconds = 0.0;
        }
        Some(Ok(report))
    }
}
