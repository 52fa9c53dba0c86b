//! A stopwatch for native code and for browsers, where `std::time::Instant` is not available.

/// Measures the time since its creation.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Stopwatch {
    #[cfg(not(target_arch = "wasm32"))]
    start: std::time::Instant,
    #[cfg(target_arch = "wasm32")]
    start: f64,
}

#[cfg(not(target_arch = "wasm32"))]
impl Stopwatch {
    pub(crate) fn start() -> Self {
        Self { start: std::time::Instant::now() }
    }

    /// Returns the milliseconds since the start.
    pub(crate) fn elapsed_ms(self) -> f64 {
        self.start.elapsed().as_secs_f64() * 1e3
    }
}

#[cfg(target_arch = "wasm32")]
impl Stopwatch {
    pub(crate) fn start() -> Self {
        Self { start: now() }
    }

    /// Returns the milliseconds since the start.
    pub(crate) fn elapsed_ms(self) -> f64 {
        now() - self.start
    }
}

#[cfg(target_arch = "wasm32")]
fn now() -> f64 {
    web_sys::window().and_then(|window| window.performance()).map_or(0.0, |performance| performance.now())
}
