//! Decides when engines are built, when passes and readbacks run, and when the maps are drawn.
//!
//! This is the state machine behind the runner. It holds no engine and touches no browser interface, so its rules are
//! tested natively:
//!
//! - At most one pass or readback runs at a time. Requests made meanwhile are kept, each at most once.
//! - Requests are served at the next animation frame. Drawing goes on while a pass runs.
//! - Only the newest build of an engine is installed. A build that was abandoned never is.
//! - Results of an engine that was replaced are recognized by their [`Generation`] and dropped.

/// A pass that takes longer than this, in milliseconds, is shown layer by layer while it runs.
const LONG_PASS_MS: f64 = 120.0;

/// After this many losses of the GPU device without a finished pass between them, the CPU takes over.
const MAX_LOSSES: u32 = 3;

/// A request to the runner.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Request {
    /// A forward pass with the current input.
    Pass,
    /// A readback of the selected numbers from the last pass; the maps are drawn too.
    Readback,
    /// Drawing the maps of the last pass.
    Paint,
}

/// The work to begin at an animation frame.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Task {
    /// Begin a pass.
    Pass,
    /// Begin a readback.
    Readback,
    /// Neither: nothing was requested, or something still runs.
    None,
}

/// One build of an engine. It may be installed as long as no later build began and none was abandoned.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Build(u64);

/// One installed engine. Results carry the generation of the engine that computed them.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Generation(u64);

/// How an engine failed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Failure {
    /// The GPU device was lost, or the worker of the CPU engine died.
    Lost {
        /// True if the CPU engine failed.
        on_cpu: bool,
    },
    /// The engine reported any other error.
    Error {
        /// True if the CPU engine failed.
        on_cpu: bool,
    },
}

/// The replacement of a failed engine.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Recovery {
    /// Build the chosen engine again.
    Restart,
    /// Build the CPU engine in place of the GPU engine.
    UseCpu,
    /// The last resort failed: no engine runs.
    GiveUp,
}

/// A pass or a readback under way.
#[derive(Debug, Clone, Copy, PartialEq)]
enum Running {
    Pass { since_ms: f64, is_first: bool },
    Readback,
}

/// The state of the runner.
#[derive(Debug, Default)]
pub struct Schedule {
    wants_pass: bool,
    wants_readback: bool,
    wants_paint: bool,
    frame_is_requested: bool,
    running: Option<Running>,
    has_engine: bool,
    generation: u64,
    builds: u64,
    losses: u32,
}

impl Schedule {
    /// Notes a request. Returns whether the caller has to ask the browser for an animation frame.
    #[must_use]
    pub fn request(&mut self, request: Request) -> bool {
        match request {
            Request::Pass => self.wants_pass = true,
            Request::Readback => (self.wants_readback, self.wants_paint) = (true, true),
            Request::Paint => self.wants_paint = true,
        }
        self.needs_frame()
    }

    /// Returns whether the caller has to ask the browser for an animation frame to serve what is still requested.
    #[must_use]
    pub fn resume(&mut self) -> bool {
        (self.wants_pass || self.wants_readback || self.wants_paint) && self.needs_frame()
    }

    fn needs_frame(&mut self) -> bool {
        let needs = self.has_engine && !self.frame_is_requested;
        self.frame_is_requested |= needs;
        needs
    }

    /// An animation frame has come. Returns what to begin.
    pub fn frame(&mut self) -> Task {
        self.frame_is_requested = false;
        match (self.running, self.wants_pass, self.wants_readback) {
            (Some(_), ..) | (None, false, false) => Task::None,
            (None, true, _) => Task::Pass,
            (None, false, true) => Task::Readback,
        }
    }

    /// Notes that the maps have to be drawn at the next frame, without asking for one: [`Schedule::resume`] does.
    pub fn note_paint(&mut self) {
        self.wants_paint = true;
    }

    /// Takes the request for drawing back. Returns whether there was one.
    pub fn take_paint(&mut self) -> bool {
        std::mem::take(&mut self.wants_paint)
    }

    /// Drops the request for a pass: there is nothing to compute yet, and whoever provides it asks again.
    pub fn drop_pass(&mut self) {
        self.wants_pass = false;
    }

    /// Drops the request for a readback: there is no pass to read from, and the next one reads by itself.
    pub fn drop_readback(&mut self) {
        self.wants_readback = false;
    }

    /// A pass begins at `now_ms`. It also answers every readback that was requested before.
    pub fn begin_pass(&mut self, now_ms: f64, is_first: bool) -> Generation {
        (self.wants_pass, self.wants_readback) = (false, false);
        self.running = Some(Running::Pass { since_ms: now_ms, is_first });
        Generation(self.generation)
    }

    /// A readback begins.
    pub fn begin_readback(&mut self) -> Generation {
        self.wants_readback = false;
        self.running = Some(Running::Readback);
        Generation(self.generation)
    }

    /// A pass of another input begins, beside what the page shows.
    pub fn begin_aside(&mut self) -> Generation {
        self.running = Some(Running::Readback);
        Generation(self.generation)
    }

    /// Returns the generation of the installed engine.
    pub fn generation(&self) -> Generation {
        Generation(self.generation)
    }

    /// Returns whether `generation` is that of the installed engine.
    pub fn is_current(&self, generation: Generation) -> bool {
        generation.0 == self.generation
    }

    /// The pass or readback of the engine of `generation` has ended. Returns whether its result counts.
    ///
    /// The end of a replaced engine's pass changes nothing: the new engine may run a pass of its own.
    pub fn finish(&mut self, generation: Generation) -> bool {
        let is_current = self.is_current(generation);
        if is_current {
            self.running = None;
        }
        is_current
    }

    /// A pass was shown: losses before it do not count any more.
    pub fn succeeded(&mut self) {
        self.losses = 0;
    }

    /// Returns whether the pass under way is shown layer by layer: it takes long, or it is the first of its network.
    pub fn shows_progress(&self, now_ms: f64) -> bool {
        match self.running {
            Some(Running::Pass { since_ms, is_first }) => is_first || now_ms - since_ms > LONG_PASS_MS,
            _ => false,
        }
    }

    /// Returns whether an engine is installed.
    pub fn has_engine(&self) -> bool {
        self.has_engine
    }

    /// Returns whether a pass or a readback is under way.
    pub fn is_running(&self) -> bool {
        self.running.is_some()
    }

    /// Returns whether a pass is requested that has not begun.
    pub fn wants_pass(&self) -> bool {
        self.wants_pass
    }

    /// Returns whether something runs, or will run at the next frame.
    pub fn is_busy(&self) -> bool {
        self.running.is_some() || self.has_engine && (self.wants_pass || self.wants_readback)
    }

    /// Removes the engine and invalidates every build under way: the network or its weights are no longer those of the
    /// page. What the engine still computes is dropped.
    pub fn abandon(&mut self) {
        self.builds += 1;
        self.remove_engine();
    }

    fn remove_engine(&mut self) {
        self.has_engine = false;
        self.generation += 1;
        self.running = None;
    }

    /// Begins a build. The engine of before is removed, and earlier builds are invalid.
    pub fn begin_build(&mut self) -> Build {
        self.abandon();
        Build(self.builds)
    }

    /// Returns whether the result of `build` is still wanted.
    pub fn is_wanted(&self, build: Build) -> bool {
        build.0 == self.builds
    }

    /// Installs the engine of a build, and requests a pass. Returns `None` if the build is not wanted any more.
    pub fn install(&mut self, build: Build) -> Option<Generation> {
        if !self.is_wanted(build) {
            return None;
        }
        self.remove_engine();
        self.has_engine = true;
        self.wants_pass = true;
        Some(Generation(self.generation))
    }

    /// The engine failed. It is removed, the pass is requested again, and the answer says what replaces it.
    pub fn fail(&mut self, failure: Failure) -> Recovery {
        self.abandon();
        self.wants_pass = true;
        self.losses += 1;
        match failure {
            Failure::Lost { .. } if self.losses < MAX_LOSSES => Recovery::Restart,
            Failure::Lost { on_cpu: true } | Failure::Error { on_cpu: true } => Recovery::GiveUp,
            Failure::Lost { on_cpu: false } | Failure::Error { on_cpu: false } => Recovery::UseCpu,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn with_engine() -> Schedule {
        let mut schedule = Schedule::default();
        let build = schedule.begin_build();
        schedule.install(build).expect("should be wanted");
        schedule
    }

    #[test]
    fn requests_of_one_frame_are_served_together() {
        let mut schedule = with_engine();
        assert!(schedule.request(Request::Pass), "the first request asks for a frame");
        assert!(!schedule.request(Request::Pass), "the second is served by the same frame");
        assert!(!schedule.request(Request::Paint));
        assert_eq!(schedule.frame(), Task::Pass);
        assert!(schedule.take_paint());
        assert!(!schedule.take_paint());
    }

    #[test]
    fn a_pass_beside_what_is_shown_leaves_the_requests() {
        let mut schedule = with_engine();
        schedule.frame();
        let shown = schedule.begin_pass(0.0, false);
        schedule.finish(shown);
        let _ = schedule.request(Request::Readback);
        let aside = schedule.begin_aside();
        assert!(schedule.is_running());
        assert_eq!(schedule.frame(), Task::None);
        assert!(schedule.finish(aside));
        assert_eq!(schedule.frame(), Task::Readback);
    }

    #[test]
    fn requests_wait_for_an_engine() {
        let mut schedule = Schedule::default();
        assert!(!schedule.request(Request::Pass));
        let build = schedule.begin_build();
        assert!(!schedule.resume());
        schedule.install(build).expect("should be wanted");
        assert!(schedule.resume());
        assert_eq!(schedule.frame(), Task::Pass);
    }

    #[test]
    fn one_pass_runs_at_a_time_and_the_newest_request_follows() {
        let mut schedule = with_engine();
        assert_eq!(schedule.frame(), Task::Pass);
        let generation = schedule.begin_pass(0.0, true);
        let _ = schedule.request(Request::Pass);
        let _ = schedule.request(Request::Readback);
        assert_eq!(schedule.frame(), Task::None, "a pass is under way");
        assert!(schedule.take_paint(), "drawing goes on meanwhile");
        assert!(schedule.finish(generation));
        assert!(schedule.resume());
        assert_eq!(schedule.frame(), Task::Pass, "a pass goes before a readback, which it includes");
        let generation = schedule.begin_pass(1.0, false);
        assert!(schedule.finish(generation));
        assert_eq!(schedule.frame(), Task::None);
    }

    #[test]
    fn an_engine_whose_network_was_left_is_not_installed() {
        let mut schedule = Schedule::default();
        let old = schedule.begin_build();
        // Another network opens; its weights are not there yet, so no build follows.
        schedule.abandon();
        assert!(!schedule.is_wanted(old));
        assert_eq!(schedule.install(old), None);
        assert!(!schedule.request(Request::Pass), "there is no engine");
    }

    #[test]
    fn only_the_newest_build_is_installed() {
        let mut schedule = Schedule::default();
        let (first, second) = (schedule.begin_build(), schedule.begin_build());
        assert_eq!(schedule.install(first), None);
        assert!(schedule.install(second).is_some());
    }

    #[test]
    fn results_of_a_replaced_engine_are_dropped() {
        let mut schedule = with_engine();
        let old = schedule.begin_pass(0.0, true);
        let build = schedule.begin_build();
        schedule.install(build).expect("should be wanted");
        let new = schedule.begin_pass(5.0, false);
        assert!(!schedule.is_current(old));
        assert!(!schedule.finish(old), "the old pass does not count");
        assert!(schedule.is_busy(), "and does not end the new one");
        assert!(schedule.finish(new));
    }

    #[test]
    fn drawing_that_was_noted_is_served_after_the_next_call_of_resume() {
        let mut schedule = with_engine();
        schedule.frame();
        let generation = schedule.begin_pass(0.0, false);
        schedule.note_paint();
        assert!(schedule.finish(generation));
        assert!(schedule.resume());
        schedule.frame();
        assert!(schedule.take_paint());
        assert!(!schedule.resume());
    }

    #[test]
    fn a_long_pass_and_the_first_pass_show_their_progress() {
        let mut schedule = with_engine();
        assert!(!schedule.shows_progress(0.0));
        let generation = schedule.begin_pass(0.0, true);
        assert!(schedule.shows_progress(1.0));
        schedule.finish(generation);
        schedule.begin_pass(1000.0, false);
        assert!(!schedule.shows_progress(1000.0 + LONG_PASS_MS));
        assert!(schedule.shows_progress(1001.0 + LONG_PASS_MS));
    }

    #[test]
    fn a_lost_device_is_replaced_and_after_three_losses_the_cpu_takes_over() {
        let mut schedule = with_engine();
        let lost = Failure::Lost { on_cpu: false };
        assert_eq!(schedule.fail(lost), Recovery::Restart);
        assert_eq!(schedule.fail(lost), Recovery::Restart);
        assert_eq!(schedule.fail(lost), Recovery::UseCpu);
        schedule.succeeded();
        assert_eq!(schedule.fail(lost), Recovery::Restart);
    }

    #[test]
    fn an_error_of_the_gpu_leads_to_the_cpu_at_once_and_one_of_the_cpu_to_the_end() {
        let mut schedule = with_engine();
        assert_eq!(schedule.fail(Failure::Error { on_cpu: false }), Recovery::UseCpu);
        assert_eq!(schedule.fail(Failure::Error { on_cpu: true }), Recovery::GiveUp);
    }

    #[test]
    fn a_failure_asks_for_the_pass_again() {
        let mut schedule = with_engine();
        assert_eq!(schedule.frame(), Task::Pass);
        let _ = schedule.begin_pass(0.0, true);
        let _ = schedule.fail(Failure::Lost { on_cpu: true });
        let build = schedule.begin_build();
        schedule.install(build).expect("should be wanted");
        assert!(schedule.resume());
        assert_eq!(schedule.frame(), Task::Pass);
    }
}
