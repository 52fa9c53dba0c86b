//! Says how long a piece of work takes, and how much of that is left.

use std::collections::BTreeMap;
use std::fmt;
use std::fs;
use std::path::PathBuf;
use std::sync::mpsc::{self, RecvTimeoutError};
use std::sync::{Mutex, PoisonError};
use std::thread;
use std::time::{Duration, Instant};

use crate::process::{Result, format_duration, print_line};
use crate::workspace::Workspace;

/// The time between two lines about one piece of work.
const INTERVAL: Duration = Duration::from_secs(30);

/// Held while the file of times is changed: the pages are built in a thread of their own.
static TIMES: Mutex<()> = Mutex::new(());

/// A piece of work that takes a while.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Piece {
    /// Its name, in messages and in the file of times.
    pub(crate) name: &'static str,
    /// Seconds that it took on two cores, for a machine that has not done it yet.
    pub(crate) seconds: u64,
}

/// How long a piece of work takes.
#[derive(Debug, Clone, Copy, PartialEq)]
struct Estimate {
    time: Duration,
    /// True if this machine has done the same before.
    known: bool,
}

impl fmt::Display for Estimate {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "about {}{}", rounded(self.time), if self.known { "" } else { " on two cores" })
    }
}

impl Piece {
    /// Returns how long the piece takes: as long as the last time on this machine, or as long as on two cores.
    fn estimate(self, ws: &Workspace) -> Estimate {
        let last = times(ws).get(self.name).copied();
        Estimate { time: Duration::from_secs(last.unwrap_or(self.seconds)), known: last.is_some() }
    }

    /// Does the work. Says before how long it takes, and every half minute how much is left; remembers its time if it
    /// succeeds.
    pub(crate) fn run<T>(self, ws: &Workspace, work: impl FnOnce() -> Result<T>) -> Result<T> {
        let estimate = self.estimate(ws);
        print_line(&format!("{}: {estimate}", self.name));
        let start = Instant::now();
        let (ended, waits) = mpsc::channel::<()>();
        let result = thread::scope(|scope| {
            scope.spawn(move || {
                while waits.recv_timeout(INTERVAL) == Err(RecvTimeoutError::Timeout) {
                    print_line(&format!("{}: {}", self.name, progress(start.elapsed(), estimate)));
                }
            });
            let result = work();
            drop(ended);
            result
        })?;
        print_line(&format!("{}: done in {}", self.name, format_duration(start.elapsed())));
        remember(ws, self.name, start.elapsed());
        Ok(result)
    }
}

fn progress(elapsed: Duration, estimate: Estimate) -> String {
    let so_far = format_duration(elapsed);
    match estimate.time.checked_sub(elapsed) {
        Some(left) if !left.is_zero() => format!("{so_far} so far, about {} left", rounded(left)),
        _ => format!("{so_far} so far, longer than estimated ({})", rounded(estimate.time)),
    }
}

/// Rounds a time up as far as an estimate is exact: to ten seconds, or to minutes.
fn rounded(time: Duration) -> String {
    let seconds = time.as_secs().max(1);
    if seconds <= 90 { format!("{} s", seconds.div_ceil(10) * 10) } else { format!("{} min", seconds.div_ceil(60)) }
}

fn file(ws: &Workspace) -> PathBuf {
    ws.target.join("xtask-times.json")
}

/// Returns the seconds that pieces of work took the last time. A file that cannot be read means that nothing is known.
fn times(ws: &Workspace) -> BTreeMap<String, u64> {
    let text = fs::read(file(ws)).unwrap_or_default();
    let known: serde_json::Value = serde_json::from_slice(&text).unwrap_or_default();
    let entries = known.as_object().into_iter().flatten();
    entries.filter_map(|(name, seconds)| Some((name.clone(), seconds.as_u64()?))).collect()
}

/// Adds a time to the file. If the file cannot be written, the next estimate is less exact, and nothing else is lost.
fn remember(ws: &Workspace, name: &str, time: Duration) {
    let _lock = TIMES.lock().unwrap_or_else(PoisonError::into_inner);
    let mut times = times(ws);
    times.insert(name.to_owned(), time.as_secs());
    let _ = fs::create_dir_all(&ws.target);
    let _ = fs::write(file(ws), format!("{:#}\n", serde_json::json!(times)));
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::process::TaskError;

    const BAKING: Piece = Piece { name: "baking", seconds: 95 };

    fn in_folder(test: impl FnOnce(&Workspace)) {
        let target = std::env::temp_dir().join(format!("layerscope-progress-{:?}", thread::current().id()));
        let ws = Workspace { root: target.clone(), target: target.clone(), uses_debian: false };
        test(&ws);
        let _ = fs::remove_dir_all(target);
    }

    #[test]
    fn the_last_time_on_this_machine_is_the_next_estimate() {
        in_folder(|ws| {
            assert_eq!(BAKING.estimate(ws).to_string(), "about 2 min on two cores");
            let failed = BAKING.run(ws, || Err::<(), _>(TaskError::Other("burnt".to_owned())));
            assert!(failed.is_err());
            assert!(!BAKING.estimate(ws).known, "a failure says nothing about the time");
            assert_eq!(BAKING.run(ws, || Ok(7)).expect("should succeed"), 7);
            assert_eq!(BAKING.estimate(ws).to_string(), "about 10 s");
            fs::write(file(ws), "no JSON").expect("should be writable");
            assert!(!BAKING.estimate(ws).known);
        });
    }

    #[test]
    fn the_time_left_is_estimated() {
        let estimate = Estimate { time: Duration::from_secs(200), known: true };
        assert_eq!(progress(Duration::from_secs(30), estimate), "30.0 s so far, about 3 min left");
        assert_eq!(progress(Duration::from_secs(150), estimate), "2 min 30 s so far, about 50 s left");
        assert_eq!(progress(Duration::from_secs(200), estimate), "3 min 20 s so far, longer than estimated (4 min)");
    }
}
