//! Measures the speed of an adapter and divides a pass into parts by it. A slow adapter then shows progress and does
//! not block other work for long.

use std::ops::Range;

use super::pass_schedule::PassSchedule;

/// The measured speed of an adapter. It decides how much work to submit at once and how often to draw a running pass.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub struct Throughput {
    /// Multiply-accumulates per millisecond. `None` before the first measurement.
    macs_per_ms: Option<f64>,
    /// The time to draw once, in milliseconds.
    drawing_ms: f64,
    /// The time of all parts since the last drawing, in milliseconds.
    since_drawing_ms: f64,
}

/// A pass that takes longer than this is divided, in milliseconds.
const UNDIVIDED_MS: f64 = 150.0;
/// The target time of a part, in milliseconds: about six pictures per second, with little overhead of submitting and
/// waiting.
const PART_MS: f64 = 150.0;
/// Work that every adapter does in one part, in multiply-accumulates.
const UNDIVIDED_MACS: u64 = 10_000_000;
/// While the speed is unknown, a part of a larger pass has at most one in this many of its work.
const TRIAL_PARTS: u64 = 40;
/// Draw a running pass only after computing this many times as long as drawing takes: software adapters draw slowly
/// too.
const COMPUTING_PER_DRAWING: f64 = 4.0;

impl Throughput {
    /// Returns the segments to submit next, beginning at `from`. There is at least one, unless `from` is the end.
    pub fn next_segments(self, schedule: &PassSchedule, from: usize) -> Range<usize> {
        let whole = schedule.work(&(0..schedule.len()));
        let most = match self.macs_per_ms {
            Some(macs_per_ms) if whole as f64 / macs_per_ms > UNDIVIDED_MS => (PART_MS * macs_per_ms) as u64,
            None if whole > UNDIVIDED_MACS => whole / TRIAL_PARTS,
            _ => return from..schedule.len(),
        };
        let mut end = (from + 1).min(schedule.len());
        while end < schedule.len() && schedule.work(&(from..end + 1)) <= most {
            end += 1;
        }
        from..end
    }

    /// Returns whether to draw after the next part, if it is not the last.
    pub fn should_draw(self) -> bool {
        self.macs_per_ms.is_some() && self.since_drawing_ms >= COMPUTING_PER_DRAWING * self.drawing_ms
    }

    /// Updates the estimates with the time that some segments took, and whether the time included drawing.
    pub fn record(&mut self, schedule: &PassSchedule, segments: &Range<usize>, elapsed_ms: f64, drawn: bool) {
        let work = schedule.work(segments) as f64;
        let now = work / elapsed_ms.max(0.01);
        match self.macs_per_ms {
            // Attribute the time beyond the expected one to drawing.
            Some(macs_per_ms) if drawn && now < macs_per_ms => {
                self.drawing_ms = f64::midpoint(self.drawing_ms, elapsed_ms - work / macs_per_ms);
            }
            Some(_) if drawn => (self.macs_per_ms, self.drawing_ms) = (Some(now), 0.0),
            // Average, because layers differ: a single slow one does not make all of them slow.
            Some(macs_per_ms) => self.macs_per_ms = Some(f64::midpoint(macs_per_ms, now)),
            None => self.macs_per_ms = Some(now),
        }
        self.since_drawing_ms = if drawn { 0.0 } else { self.since_drawing_ms + elapsed_ms };
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use net::{NodeId, network};

    /// A schedule with one segment per node but the input, as when every output is kept and no weights are split.
    fn pass_schedule(name: &str) -> PassSchedule {
        let graph = network(name).expect("should be declared");
        PassSchedule::new(&graph, (1..graph.nodes.len()).map(NodeId))
    }

    #[test]
    fn a_small_network_and_a_fast_adapter_run_at_once() {
        let small = pass_schedule("lenet5");
        assert_eq!(Throughput::default().next_segments(&small, 0), 0..small.len());
        // An adapter of 10^12 multiply-accumulates per second, with an overhead of 2 ms per part.
        let large = pass_schedule("vgg16");
        let (mut throughput, mut at, mut parts) = (Throughput::default(), 0, 0);
        while at < large.len() {
            let segments = throughput.next_segments(&large, at);
            assert!(at > 0 || segments.end < large.len() / 4, "{segments:?}");
            throughput.record(&large, &segments, large.work(&segments) as f64 / 1e9 + 2.0, throughput.should_draw());
            (at, parts) = (segments.end, parts + 1);
        }
        assert!(parts <= 4, "{parts} parts before the speed is known");
        assert_eq!(throughput.next_segments(&large, 0), 0..large.len());
    }

    #[test]
    fn a_slow_adapter_gets_parts_that_make_up_the_whole() {
        let schedule = pass_schedule("vgg16");
        let mut throughput = Throughput::default();
        let (mut at, mut parts, mut pictures, mut times) = (0, 0, 0, (0.0, 0.0));
        while at < schedule.len() {
            let segments = throughput.next_segments(&schedule, at);
            assert!(segments.start == at && segments.end > at);
            let drawn = throughput.should_draw();
            // An adapter of 2 * 10^9 multiply-accumulates per second that needs 150 ms to draw.
            let computing = schedule.work(&segments) as f64 / 2e6;
            let drawing = if drawn { 150.0 } else { 0.0 };
            throughput.record(&schedule, &segments, computing + drawing, drawn);
            (at, parts, pictures) = (segments.end, parts + 1, pictures + u32::from(drawn));
            times = (times.0 + computing, times.1 + drawing);
        }
        assert!(parts > 12 && pictures > 5, "{parts} parts, {pictures} pictures");
        assert!(times.1 < times.0 / 3.0, "{times:?} ms");
        assert_eq!(throughput.next_segments(&schedule, schedule.len()), schedule.len()..schedule.len());
    }
}
