//! The progress of a download.

/// The progress of a download.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Progress {
    /// The current phase.
    pub phase: Phase,
    /// Bytes that have arrived, or that have been checked.
    pub received: u64,
    /// The bytes of the complete file, if known.
    pub total: Option<u64>,
    /// Bytes that were stored before this download began.
    pub resumed: u64,
}

/// A phase of a download.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Phase {
    /// Bytes arrive.
    Download,
    /// Stored bytes are read again for their SHA-256.
    Check,
}

impl Phase {
    /// Returns the name that scripts see.
    pub fn name(self) -> &'static str {
        match self {
            Self::Download => "download",
            Self::Check => "check",
        }
    }
}

/// Limits how often progress is reported.
#[derive(Debug)]
pub(super) struct ReportTimer {
    last_ms: f64,
}

impl ReportTimer {
    /// Milliseconds between two reports.
    pub(super) const INTERVAL_MS: f64 = 50.0;

    /// Makes a timer whose first report is due.
    pub(super) fn new() -> Self {
        Self { last_ms: f64::NEG_INFINITY }
    }

    /// Returns whether a report is due at `now_ms`, and if so counts it as made. A `forced` report is always due.
    pub(super) fn is_due(&mut self, now_ms: f64, forced: bool) -> bool {
        let due = forced || now_ms - self.last_ms >= Self::INTERVAL_MS;
        if due {
            self.last_ms = now_ms;
        }
        due
    }
}
