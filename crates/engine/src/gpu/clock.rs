//! A stopwatch that runs natively and in the browser, where `std::time::Instant` does not.

/// Counts from when it is made.
#[derive(Debug, Clone, Copy)]
pub(super) struct Stopwatch {
    #[cfg(not(target_arch = "wasm32"))]
    start: std::time::Instant,
    #[cfg(target_arch = "wasm32")]
    start: f64,
}

#[cfg(not(target_arch = "wasm32"))]
impl Stopwatch {
    pub(super) fn start() -> Self {
        Self { start: std::time::Instant::now() }
    }

    /// Milliseconds since the start.
    pub(super) fn milliseconds(self) -> f64 {
        self.start.elapsed().as_secs_f64() * 1e3
    }
}

#[cfg(target_arch = "wasm32")]
impl Stopwatch {
    pub(super) fn start() -> Self {
        Self { start: now() }
    }

    /// Milliseconds since the start.
    pub(super) fn milliseconds(self) -> f64 {
        now() - self.start
    }
}

#[cfg(target_arch = "wasm32")]
fn now() -> f64 {
    web_sys::window().and_then(|window| window.performance()).map_or(0.0, |performance| performance.now())
}
