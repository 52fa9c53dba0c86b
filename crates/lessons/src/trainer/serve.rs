//! The worker's side of the trainer: runs one training, step by step.

use std::cell::{Cell, RefCell};

use js_sys::{Array, Uint8Array};
use wasm_bindgen_futures::spawn_local;

use super::NAME;
use super::messages::TrainerCommand;
use super::report::TrainingReport;
use analysis::lesson::{MAX_EPOCHS, Training, TrainingActivation, TrainingError, TrainingPictures, TrainingSettings};
use input::{ImagePack, InputError};
use layerscope::app::browser::clock::{now_ms, yield_to_messages};
use layerscope::app::worker::{FromWorker, is_named, listen, post, read};

/// Milliseconds between two reports within an epoch.
const REPORT_MS: f64 = 100.0;

/// The training in progress.
struct ActiveTraining {
    /// Its number.
    number: u32,
    training: Training,
    /// Milliseconds that the steps of this epoch have taken.
    milliseconds: f64,
}

thread_local! {
    static PICTURES: RefCell<Option<TrainingPictures>> = const { RefCell::new(None) };
    static ACTIVE: RefCell<Option<ActiveTraining>> = const { RefCell::new(None) };
    /// True while the training may continue, and true while the loop over steps runs.
    static SHOULD_TRAIN: Cell<bool> = const { Cell::new(false) };
    static IS_TRAINING: Cell<bool> = const { Cell::new(false) };
}

/// A reason why the training cannot run.
#[derive(Debug, thiserror::Error)]
enum TrainerError {
    #[error(transparent)]
    Input(#[from] InputError),
    #[error(transparent)]
    Training(#[from] TrainingError),
}

/// Returns whether this program runs in the trainer's worker.
pub(crate) fn is_here() -> bool {
    is_named(NAME)
}

/// Carries out commands until the page ends the worker.
pub(crate) fn serve() {
    listen(|event| {
        if let Some(Err(error)) = read(event.data()).map(execute) {
            report_failure(&error);
        }
    });
}

/// Reports a failure, which ends the training. The page starts another worker for the next one.
fn report_failure(error: &TrainerError) {
    SHOULD_TRAIN.set(false);
    post(&FromWorker::<()>::Died(error.to_string()), &Array::new());
}

fn execute(command: TrainerCommand) -> Result<(), TrainerError> {
    match command {
        TrainerCommand::Pictures(bytes) => PICTURES.set(Some(read_pictures(&bytes)?)),
        TrainerCommand::Begin { run, neuron, setting } => ACTIVE.set(Some(begin(run, neuron, setting)?)),
        TrainerCommand::Train(is_running) => {
            SHOULD_TRAIN.set(is_running);
            if is_running && !IS_TRAINING.replace(true) {
                spawn_local(train());
            }
        }
    }
    Ok(())
}

fn read_pictures(bytes: &Uint8Array) -> Result<TrainingPictures, TrainerError> {
    Ok(TrainingPictures::new(&ImagePack::read(&bytes.to_vec())?)?)
}

fn begin(number: u32, neuron: TrainingActivation, setting: TrainingSettings) -> Result<ActiveTraining, TrainerError> {
    let pictures = PICTURES.with_borrow(Clone::clone).ok_or(TrainingError::Pictures)?;
    Ok(ActiveTraining { number, training: Training::new(pictures, neuron, setting)?, milliseconds: 0.0 })
}

/// Trains until a pause or the last epoch. Commands are received between two steps.
async fn train() {
    let mut reported = now_ms();
    while SHOULD_TRAIN.get() {
        let report = match ACTIVE.with_borrow_mut(|training| training.as_mut().and_then(ActiveTraining::step)) {
            Some(Ok(report)) => report,
            Some(Err(error)) => {
                report_failure(&error.into());
                break;
            }
            None => {
                SHOULD_TRAIN.set(false);
                break;
            }
        };
        let over = report.step.error.is_some();
        if over || now_ms() - reported >= REPORT_MS {
            post(&FromWorker::Reply(report), &Array::new());
            reported = now_ms();
        }
        yield_to_messages().await;
    }
    IS_TRAINING.set(false);
}

impl ActiveTraining {
    /// Takes the next step; `None` after the last epoch.
    fn step(&mut self) -> Option<Result<TrainingReport, TrainingError>> {
        if self.training.epoch() >= MAX_EPOCHS {
            return None;
        }
        let start = now_ms();
        let step = match self.training.step() {
            Ok(step) => step,
            Err(error) => return Some(Err(error)),
        };
        self.milliseconds += now_ms() - start;
        let report = TrainingReport { run: self.number, step, milliseconds: self.milliseconds };
        if step.error.is_some() {
            self.milliseconds = 0.0;
        }
        Some(Ok(report))
    }
}
