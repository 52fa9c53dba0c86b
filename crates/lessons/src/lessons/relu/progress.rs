//! The progress of one training, from the reports of its worker.
//!
//! Nothing here needs a browser.

use crate::trainer::TrainingReport;
use analysis::lesson::TrainingCurve;

/// The progress of one training.
#[derive(Debug, Clone, Default, PartialEq)]
pub(super) struct TrainingProgress {
    /// The number of the latest run.
    run: u32,
    /// The training error by epoch.
    pub(super) curve: TrainingCurve,
    /// The last report.
    pub(super) last: Option<TrainingReport>,
    /// Milliseconds that the steps of the last complete epoch took.
    pub(super) epoch_ms: Option<f64>,
}

impl TrainingProgress {
    /// Begins a new run and returns its number.
    pub(super) fn begin(&mut self) -> u32 {
        self.run += 1;
        self.curve = TrainingCurve::default();
        self.last = None;
        self.run
    }

    /// Takes a report. Reports of other runs came too late and are ignored.
    pub(super) fn receive(&mut self, report: TrainingReport) {
        if report.run != self.run {
            return;
        }
        if let Some(error) = report.step.error {
            self.curve.errors.push(error);
            self.epoch_ms = Some(report.milliseconds);
        }
        self.last = Some(report);
    }
}

#[cfg(test)]
mod tests {
    use analysis::lesson::TrainingStep;
    use wasm_bindgen_test::wasm_bindgen_test;

    use super::*;

    fn report(run: u32, error: Option<f64>) -> TrainingReport {
        let step = TrainingStep { epoch: 1, seen: 1, errors: 0, slope: 1.0, loss: 0.5, error };
        TrainingReport { run, step, milliseconds: 7.0 }
    }

    #[wasm_bindgen_test]
    fn an_epoch_adds_its_error() {
        let mut progress = TrainingProgress::default();
        let run = progress.begin();
        progress.receive(report(run, None));
        assert_eq!((progress.curve.errors.len(), progress.epoch_ms), (0, None));
        progress.receive(report(run, Some(0.25)));
        assert_eq!((progress.curve.errors, progress.epoch_ms), (vec![0.25], Some(7.0)));
    }

    #[wasm_bindgen_test]
    fn reports_of_earlier_runs_are_ignored() {
        let mut progress = TrainingProgress::default();
        let first = progress.begin();
        let second = progress.begin();
        progress.receive(report(first, Some(0.5)));
        assert_eq!((progress.last, progress.curve.errors.len()), (None, 0));
        progress.receive(report(second, Some(0.5)));
        assert_eq!(progress.curve.errors, [0.5]);
    }
}
