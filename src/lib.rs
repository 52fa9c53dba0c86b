//! Layerscope: the five classic families of convolutional networks, declared once, counted, run and drawn.
//!
//! This package has the page, for wasm32 only. Its binaries start the page and the command line. Everything that needs
//! no browser is in the crates below it, from `net` (networks as data) to `scene` (the layout and the drawing of the
//! stage): see ARCHITECTURE.md.

#[cfg(target_arch = "wasm32")]
pub mod app;
