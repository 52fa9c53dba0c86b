//! Two trainings side by side, each in a worker of its own.

use leptos::prelude::*;
use leptos::task::spawn_local;

use super::machine::{TrainingAction, TrainingEvent, TrainingMachine, TrainingPhase};
use super::progress::TrainingProgress;
use crate::settings::{NumberSetting, Settings};
use crate::trainer::{Trainer, TrainerMessage};
use analysis::lesson::{MAX_EPOCHS, TrainingActivation, TrainingCurve, TrainingSettings};
use layerscope::app::browser::fetch::fetch;

/// The path of the training pictures.
const PICTURES: &str = "pictures/cifar10-test-300.bin";
/// The learning rates to choose from.
const RATES: [f64; 7] = [0.001, 0.002, 0.005, 0.01, 0.02, 0.05, 0.1];
/// The default rates of tanh and ReLU, by index. With seeds 1 to 3 and rates from 0.005 up, they reach an error of 25 %
/// in the fewest epochs: tanh in 26, ReLU in 37, where the next rate does equally well.
const DEFAULT_RATES: [usize; 2] = [4, 3];
/// The spreads of the initial weights to choose from, in units of 1 / sqrt(fan-in).
const SPREADS: [f64; 5] = [0.5, 1.0, 1.5, 2.0, 3.0];
/// The greatest seed: short enough to read out.
const MAX_SEED: usize = 9999;

/// One of the two trainings.
#[derive(Clone, Copy)]
pub(super) struct NetworkTraining {
    pub(super) neuron: TrainingActivation,
    /// The learning rate, by its index in [`RATES`].
    pub(super) rate: NumberSetting,
    pub(super) progress: RwSignal<TrainingProgress>,
    /// The training error by epoch.
    pub(super) curve: Memo<TrainingCurve>,
    /// The worker, which ends with the lesson.
    trainer: StoredValue<Option<Trainer>, LocalStorage>,
}

impl NetworkTraining {
    fn new(neuron: TrainingActivation, rate: NumberSetting) -> Self {
        let progress = RwSignal::new(TrainingProgress::default());
        let curve = Memo::new(move |_| progress.with(|progress| progress.curve.clone()));
        Self { neuron, rate, progress, curve, trainer: StoredValue::new_local(None) }
    }

    /// Returns the learning rate.
    pub(super) fn rate(self) -> f64 {
        RATES[self.rate.whole().min(RATES.len() - 1)]
    }

    /// Returns the number of complete epochs.
    pub(super) fn epochs(self) -> usize {
        self.curve.with(|curve| curve.errors.len())
    }

    /// Passes the worker to `send`, if there is one.
    fn with_trainer(self, send: impl FnOnce(&Trainer)) {
        self.trainer.with_value(|trainer| trainer.as_ref().map(send));
    }
}

/// Both trainings, and the settings that they share.
#[derive(Clone, Copy)]
pub(super) struct TrainingPair {
    pub(super) trainings: [NetworkTraining; 2],
    pub(super) seed: NumberSetting,
    /// The spread of the initial weights, by its index in [`SPREADS`].
    pub(super) spread: NumberSetting,
    machine: RwSignal<TrainingMachine>,
    /// The reason why the training failed.
    pub(super) error: RwSignal<Option<String>>,
}

impl TrainingPair {
    /// Creates both, not begun. A change of a rate restarts one training. A change of the seed or the spread
    /// restarts both.
    pub(super) fn new(settings: Settings) -> Self {
        let last = RATES.len() - 1;
        let rate = |name, default| settings.whole(name, default, [0, last]);
        let [tanh, relu] = [rate("tanh-rate", DEFAULT_RATES[0]), rate("relu-rate", DEFAULT_RATES[1])];
        let pair = Self {
            trainings: [
                NetworkTraining::new(TrainingActivation::Tanh, tanh),
                NetworkTraining::new(TrainingActivation::Relu, relu),
            ],
            seed: settings.whole("seed", 1, [1, MAX_SEED]),
            spread: settings.whole("spread", 1, [0, SPREADS.len() - 1]),
            machine: RwSignal::new(TrainingMachine::default()),
            error: RwSignal::new(None),
        };
        for (place, training) in pair.trainings.into_iter().enumerate() {
            let change = move |_: &f64, _: Option<&f64>, _: Option<()>| pair.handle(TrainingEvent::RateChanged(place));
            Effect::watch(move || training.rate.get(), change, false);
        }
        let change = move |_: &[f64; 2], _: Option<&[f64; 2]>, _: Option<()>| {
            pair.handle(TrainingEvent::SharedSettingChanged);
        };
        Effect::watch(move || [pair.seed.get(), pair.spread.get()], change, false);
        pair
    }

    /// Returns the phase of both.
    pub(super) fn phase(self) -> TrainingPhase {
        self.machine.with(TrainingMachine::phase)
    }

    /// Returns the spread of the initial weights.
    pub(super) fn spread(self) -> f64 {
        SPREADS[self.spread.whole().min(SPREADS.len() - 1)]
    }

    /// Returns whether both have completed all epochs.
    pub(super) fn is_over(self) -> bool {
        self.trainings.iter().all(|training| training.epochs() >= MAX_EPOCHS)
    }

    /// Moves to the next state and takes its actions. A lesson that was left has no state.
    pub(super) fn handle(self, event: TrainingEvent) {
        for action in self.machine.try_update(|machine| machine.handle(event)).unwrap_or_default() {
            self.act(action);
        }
    }

    fn act(self, action: TrainingAction) {
        match action {
            TrainingAction::ClearError => self.error.set(None),
            TrainingAction::SetNextSeed => {
                let seed = untrack(|| self.seed.whole());
                self.seed.set((seed % MAX_SEED + 1) as f64);
            }
            TrainingAction::StartWorkers => spawn_local(async move {
                match fetch(PICTURES).await {
                    Ok(pictures) => self.start_workers(&pictures),
                    Err(reason) => self.fail(format!("{PICTURES}: {reason}")),
                }
            }),
            TrainingAction::Begin(place) => self.begin(self.trainings[place]),
            TrainingAction::Train(is_running) => {
                self.trainings
                    .into_iter()
                    .for_each(|training| training.with_trainer(|worker| worker.train(is_running)));
            }
            TrainingAction::EndWorkers => {
                for training in self.trainings {
                    training.trainer.try_set_value(None);
                }
            }
        }
    }

    /// Starts the workers, unless the lesson was left.
    fn start_workers(self, pictures: &[u8]) {
        if self.machine.try_get_untracked().is_none() {
            return;
        }
        for training in self.trainings {
            let receive = move |message| match message {
                TrainerMessage::Report(report) => {
                    training.progress.try_update(|progress| progress.receive(report));
                }
                TrainerMessage::Failed(reason) => self.fail(reason),
            };
            match Trainer::start(pictures, receive) {
                Ok(trainer) => training.trainer.set_value(Some(trainer)),
                Err(error) => return self.fail(error.to_string()),
            }
        }
        self.handle(TrainingEvent::WorkersStarted);
    }

    fn begin(self, training: NetworkTraining) {
        let run = training.progress.try_update(TrainingProgress::begin).unwrap_or_default();
        let seed = self.seed.value.get_untracked().round() as u64;
        let setting = untrack(|| TrainingSettings { seed, rate: training.rate(), spread: self.spread() });
        training.with_trainer(|trainer| trainer.begin(run, training.neuron, setting));
    }

    /// Ends both and shows the reason.
    fn fail(self, reason: String) {
        // A lesson that was left shows no reason.
        self.error.try_set(Some(reason));
        self.handle(TrainingEvent::Failed);
    }
}
