//! Layerscope: the five classic families of convolutional networks, declared once, counted, run and drawn.
//!
//! `net` declares the networks, `compare` compares them, and `weights` loads their parameters. `engine` runs them on
//! the CPU (candle) or the GPU (WGSL), `paint` turns values into pixels, and `app` is the page. A module imports only
//! from modules named before it.

#[cfg(target_arch = "wasm32")]
pub mod app;
