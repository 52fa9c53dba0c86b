//! The page `/bench`: how long a pass of each network takes in this browser, and how the time divides among the layers.
//!
//! [`plan`] says what to time, [`timing`] times it, [`progress`] and [`report`] are its output. The other files are the
//! page: its state, its choices and its results.

mod choices;
mod page;
mod plan;
mod progress;
mod report;
mod results;
mod state;
mod timing;

pub(super) use page::BenchPage;
pub(super) use plan::TimingPlan;
pub(super) use progress::TimingProgress;
pub(super) use report::TimingReport;
pub(super) use timing::run;

/// The path of the page.
pub(super) const PATH: &str = "/bench";
