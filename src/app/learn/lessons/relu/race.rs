//! Two trainings beside each other, each in a worker of its own.

use leptos::prelude::*;
use leptos::task::spawn_local;

use crate::app::fetch::fetch;
use crate::app::learn::address::{Knob, Knobs};
use crate::app::learn::trainer::{Heard, Report, Trainer};
use analysis::lesson::{MAX_EPOCHS, TrainingActivation, TrainingCurve, TrainingSettings};

/// The pictures that are trained on.
const PICTURES: &str = "/pictures/cifar10-test-300.bin";
/// The learning rates that can be chosen.
const RATES: [f64; 7] = [0.001, 0.002, 0.005, 0.01, 0.02, 0.05, 0.1];
/// The places of those that it begins with: of the rates from 0.005, they take the networks to 25 % in the fewest epochs,
/// over the seeds 1 to 3: tanh in 26, ReLU in 37, which for it the next rate does as well.
const FIRST: [usize; 2] = [4, 3];
/// The spreads of the first weights that can be chosen, in units of 1 / sqrt(fan-in).
const SPREADS: [f64; 5] = [0.5, 1.0, 1.5, 2.0, 3.0];
/// A seed has no more digits than people can read to each other.
const SEEDS: usize = 9999;

/// How far it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Phase {
    /// Not begun.
    Idle,
    /// Under way.
    Running,
    /// Resting.
    Paused,
}

/// One of the two trainings.
#[derive(Clone, Copy)]
pub(super) struct Track {
    pub(super) neuron: TrainingActivation,
    /// Its learning rate, by its place among [`RATES`].
    pub(super) rate: Knob,
    /// Its training error.
    pub(super) curve: RwSignal<TrainingCurve>,
    /// What was reported last.
    pub(super) last: RwSignal<Option<Report>>,
    /// Milliseconds that the steps of the last whole epoch took.
    pub(super) milliseconds: RwSignal<Option<f64>>,
    /// The number of what was begun last: what is reported of another came too late.
    run: StoredValue<u32>,
    /// Its worker, which ends with the lesson.
    trainer: StoredValue<Option<Trainer>, LocalStorage>,
}

impl Track {
    fn new(neuron: TrainingActivation, rate: Knob) -> Self {
        Self {
            neuron,
            rate,
            curve: RwSignal::new(TrainingCurve::default()),
            last: RwSignal::new(None),
            milliseconds: RwSignal::new(None),
            run: StoredValue::new(0),
            trainer: StoredValue::new_local(None),
        }
    }

    /// The learning rate.
    pub(super) fn rate(self) -> f64 {
        RATES[self.rate.whole().min(RATES.len() - 1)]
    }

    /// Epochs that are over.
    pub(super) fn epochs(self) -> usize {
        self.curve.with(|curve| curve.errors.len())
    }

    fn hear(self, report: Report) {
        // Whoever left the lesson has left these with it.
        if self.run.try_get_value() != Some(report.run) {
            return;
        }
        if let Some(error) = report.step.error {
            self.curve.try_update(|curve| curve.errors.push(error));
            self.milliseconds.try_set(Some(report.milliseconds));
        }
        self.last.try_set(Some(report));
    }

    fn clear(self) {
        self.run.update_value(|run| *run += 1);
        self.curve.set(TrainingCurve::default());
        self.last.set(None);
    }
}

/// Both, and what is common to them.
#[derive(Clone, Copy)]
pub(super) struct Race {
    pub(super) tracks: [Track; 2],
    pub(super) seed: Knob,
    /// The spread of the first weights, by its place among [`SPREADS`].
    pub(super) spread: Knob,
    pub(super) phase: RwSignal<Phase>,
    /// Why there is none.
    pub(super) trouble: RwSignal<Option<String>>,
}

impl Race {
    /// Not begun. A rate that is moved begins its training anew, the seed and the spread begin both.
    pub(super) fn new(knobs: Knobs) -> Self {
        let last = RATES.len() - 1;
        let (tanh, relu) =
            (knobs.whole("tanh-rate", FIRST[0], [0, last]), knobs.whole("relu-rate", FIRST[1], [0, last]));
        let race = Self {
            tracks: [Track::new(TrainingActivation::Tanh, tanh), Track::new(TrainingActivation::Relu, relu)],
            seed: knobs.whole("seed", 1, [1, SEEDS]),
            spread: knobs.whole("spread", 1, [0, SPREADS.len() - 1]),
            phase: RwSignal::new(Phase::Idle),
            trouble: RwSignal::new(None),
        };
        for track in race.tracks {
            let moved = move |_: &f64, _: Option<&f64>, _: Option<()>| {
                if race.phase.get_untracked() != Phase::Idle {
                    race.begin(track);
                    race.go();
                }
            };
            Effect::watch(move || track.rate.get(), moved, false);
        }
        let moved = move |_: &[f64; 2], _: Option<&[f64; 2]>, _: Option<()>| {
            if race.phase.get_untracked() != Phase::Idle {
                race.tracks.iter().for_each(|track| race.begin(*track));
                race.go();
            }
        };
        Effect::watch(move || [race.seed.get(), race.spread.get()], moved, false);
        race
    }

    /// The spread of the first weights.
    pub(super) fn spread(self) -> f64 {
        SPREADS[self.spread.whole().min(SPREADS.len() - 1)]
    }

    /// Whether both have ended by themselves.
    pub(super) fn over(self) -> bool {
        self.tracks.iter().all(|track| track.epochs() >= MAX_EPOCHS)
    }

    /// Starts, or goes on, or rests.
    pub(super) fn press(self) {
        match self.phase.get_untracked() {
            Phase::Idle => self.repeat(),
            Phase::Running => self.turn(Phase::Paused),
            Phase::Paused => self.turn(Phase::Running),
        }
    }

    /// Both anew from the same seed.
    pub(super) fn repeat(self) {
        self.trouble.set(None);
        self.phase.set(Phase::Running);
        if self.tracks.iter().all(|track| track.trainer.with_value(Option::is_some)) {
            self.tracks.iter().for_each(|track| self.begin(*track));
            self.go();
            return;
        }
        spawn_local(async move {
            match fetch(PICTURES).await {
                Ok(pictures) => self.open(&pictures),
                Err(reason) => self.fail(format!("{PICTURES}: {reason}")),
            }
        });
    }

    /// Both anew from the next seed.
    pub(super) fn another(self) {
        let next = self.seed.whole() % SEEDS + 1;
        let idle = self.phase.get_untracked() == Phase::Idle;
        self.phase.set(Phase::Running);
        self.seed.set(next as f64);
        if idle {
            self.repeat();
        }
    }

    /// Starts the workers, if the lesson is still there.
    fn open(self, pictures: &[u8]) {
        if self.phase.try_get_untracked().is_none() {
            return;
        }
        for track in self.tracks {
            let tell = move |heard| match heard {
                Heard::Report(report) => track.hear(report),
                Heard::Died(reason) => self.fail(reason),
            };
            match Trainer::start(pictures, tell) {
                Ok(trainer) => track.trainer.set_value(Some(trainer)),
                Err(error) => return self.fail(error.to_string()),
            }
            self.begin(track);
        }
        self.go();
    }

    /// One of them anew.
    fn begin(self, track: Track) {
        track.clear();
        let seed = self.seed.value.get_untracked().round() as u64;
        let setting = untrack(|| TrainingSettings { seed, rate: track.rate(), spread: self.spread() });
        track.trainer.with_value(|trainer| {
            if let Some(trainer) = trainer {
                trainer.begin(track.run.get_value(), track.neuron, setting);
            }
        });
    }

    fn turn(self, phase: Phase) {
        self.phase.set(phase);
        self.go();
    }

    /// Has the workers do as the phase says.
    fn go(self) {
        let go = self.phase.get_untracked() == Phase::Running;
        for track in self.tracks {
            track.trainer.with_value(|trainer| {
                if let Some(trainer) = trainer {
                    trainer.go(go);
                }
            });
        }
    }

    /// Ends both, and says why.
    fn fail(self, reason: String) {
        // Whoever left the lesson needs no reason.
        self.trouble.try_set(Some(reason));
        self.phase.try_set(Phase::Idle);
        for track in self.tracks {
            track.trainer.try_set_value(None);
        }
    }
}
