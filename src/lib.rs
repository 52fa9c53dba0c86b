//! Layerscope: the five classic families of convolutional networks, declared once, counted, run and drawn.
//!
//! `net` says what a network is, `compare` sets networks side by side, `weights` brings their numbers, `engine` runs
//! them on the CPU (candle) or the GPU (WGSL), `paint` turns numbers into pixels, `app` is the page. Imports run one
//! way, in that order.

#[cfg(target_arch = "wasm32")]
pub mod app;
#[cfg(not(target_arch = "wasm32"))]
pub mod cli;
pub mod compare;
pub mod engine;
pub mod evidence;
pub mod export;
pub mod input;
pub mod lesson;
pub mod measure;
pub mod net;
pub mod paint;
#[cfg(not(target_arch = "wasm32"))]
pub mod reference;
pub mod stage;
#[cfg(not(target_arch = "wasm32"))]
pub mod train;
pub mod weights;
