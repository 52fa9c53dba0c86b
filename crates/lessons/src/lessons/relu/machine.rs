//! The states of the two trainings, and the actions that lead from one to the next.
//!
//! Nothing here needs a browser.

/// The number of trainings.
pub(super) const TRAININGS: usize = 2;

/// The phase of both trainings.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(super) enum TrainingPhase {
    /// They have not begun.
    #[default]
    Idle,
    /// They are running.
    Running,
    /// They are paused.
    Paused,
}

/// Something that happened to the trainings.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum TrainingEvent {
    /// The reader starts, pauses or continues both.
    Toggled,
    /// The reader restarts both from the same seed.
    Repeated,
    /// The reader restarts both from the next seed.
    NextSeedRequested,
    /// The learning rate of one training has changed.
    RateChanged(usize),
    /// The seed or the spread of the initial weights has changed.
    SharedSettingChanged,
    /// The workers have been started.
    WorkersStarted,
    /// A worker failed, or could not be started.
    Failed,
}

/// Something that the page must do.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum TrainingAction {
    /// Remove the notice of the last failure.
    ClearError,
    /// Set the next seed.
    SetNextSeed,
    /// Load the pictures and start the workers.
    StartWorkers,
    /// Begin one training anew.
    Begin(usize),
    /// Let the workers train, or pause them.
    Train(bool),
    /// End the workers.
    EndWorkers,
}

/// The state of both trainings.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct TrainingMachine {
    phase: TrainingPhase,
    has_workers: bool,
}

impl TrainingMachine {
    /// Returns the phase.
    pub(super) fn phase(&self) -> TrainingPhase {
        self.phase
    }

    /// Moves to the next state. Returns the actions that the page must take, in order.
    pub(super) fn handle(&mut self, event: TrainingEvent) -> Vec<TrainingAction> {
        match event {
            TrainingEvent::Toggled => match self.phase {
                TrainingPhase::Idle => self.restart(),
                TrainingPhase::Running => self.turn_to(TrainingPhase::Paused),
                TrainingPhase::Paused => self.turn_to(TrainingPhase::Running),
            },
            TrainingEvent::Repeated => self.restart(),
            TrainingEvent::NextSeedRequested => {
                // Trainings that have begun restart when the seed changes.
                let was_idle = self.phase == TrainingPhase::Idle;
                self.phase = TrainingPhase::Running;
                let restart = if was_idle { self.restart() } else { Vec::new() };
                [vec![TrainingAction::SetNextSeed], restart].concat()
            }
            TrainingEvent::RateChanged(_) | TrainingEvent::SharedSettingChanged
                if self.phase == TrainingPhase::Idle =>
            {
                Vec::new()
            }
            TrainingEvent::RateChanged(training) => vec![TrainingAction::Begin(training), self.train()],
            TrainingEvent::SharedSettingChanged => self.begin_all(),
            TrainingEvent::WorkersStarted => {
                self.has_workers = true;
                self.begin_all()
            }
            TrainingEvent::Failed => {
                *self = Self::default();
                vec![TrainingAction::EndWorkers]
            }
        }
    }

    fn restart(&mut self) -> Vec<TrainingAction> {
        self.phase = TrainingPhase::Running;
        let start = if self.has_workers { self.begin_all() } else { vec![TrainingAction::StartWorkers] };
        [vec![TrainingAction::ClearError], start].concat()
    }

    fn turn_to(&mut self, phase: TrainingPhase) -> Vec<TrainingAction> {
        self.phase = phase;
        vec![self.train()]
    }

    fn begin_all(&self) -> Vec<TrainingAction> {
        (0..TRAININGS).map(TrainingAction::Begin).chain([self.train()]).collect()
    }

    fn train(&self) -> TrainingAction {
        TrainingAction::Train(self.phase == TrainingPhase::Running)
    }
}

#[cfg(test)]
mod tests {
    use wasm_bindgen_test::wasm_bindgen_test;

    use super::*;
    use TrainingAction::*;

    fn started() -> TrainingMachine {
        let mut machine = TrainingMachine::default();
        assert_eq!(machine.handle(TrainingEvent::Toggled), [ClearError, StartWorkers]);
        assert_eq!(machine.handle(TrainingEvent::WorkersStarted), [Begin(0), Begin(1), Train(true)]);
        machine
    }

    #[wasm_bindgen_test]
    fn the_button_starts_pauses_and_continues() {
        let mut machine = started();
        assert_eq!(machine.handle(TrainingEvent::Toggled), [Train(false)]);
        assert_eq!(machine.phase(), TrainingPhase::Paused);
        assert_eq!(machine.handle(TrainingEvent::Toggled), [Train(true)]);
        assert_eq!(machine.phase(), TrainingPhase::Running);
    }

    #[wasm_bindgen_test]
    fn a_pause_while_the_workers_start_holds() {
        let mut machine = TrainingMachine::default();
        machine.handle(TrainingEvent::Toggled);
        machine.handle(TrainingEvent::Toggled);
        assert_eq!(machine.handle(TrainingEvent::WorkersStarted), [Begin(0), Begin(1), Train(false)]);
    }

    #[wasm_bindgen_test]
    fn settings_restart_only_what_has_begun() {
        let mut machine = TrainingMachine::default();
        assert_eq!(machine.handle(TrainingEvent::RateChanged(1)), []);
        assert_eq!(machine.handle(TrainingEvent::SharedSettingChanged), []);
        let mut machine = started();
        assert_eq!(machine.handle(TrainingEvent::RateChanged(1)), [Begin(1), Train(true)]);
        machine.handle(TrainingEvent::Toggled);
        assert_eq!(machine.handle(TrainingEvent::SharedSettingChanged), [Begin(0), Begin(1), Train(false)]);
    }

    #[wasm_bindgen_test]
    fn the_next_seed_starts_idle_trainings() {
        let mut machine = TrainingMachine::default();
        assert_eq!(machine.handle(TrainingEvent::NextSeedRequested), [SetNextSeed, ClearError, StartWorkers]);
        let mut machine = started();
        machine.handle(TrainingEvent::Toggled);
        assert_eq!(machine.handle(TrainingEvent::NextSeedRequested), [SetNextSeed]);
        assert_eq!(machine.phase(), TrainingPhase::Running);
    }

    #[wasm_bindgen_test]
    fn a_failure_needs_new_workers() {
        let mut machine = started();
        assert_eq!(machine.handle(TrainingEvent::Failed), [EndWorkers]);
        assert_eq!(machine.phase(), TrainingPhase::Idle);
        assert_eq!(machine.handle(TrainingEvent::Repeated), [ClearError, StartWorkers]);
    }
}
