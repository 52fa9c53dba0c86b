//! Layerscope: the five classic families of convolutional networks, declared once, counted, run and drawn.
//!
//! This package has the stage and what all pages share, for wasm32 only; the other pages are `crates/lessons` and
//! `crates/comparison`. Its binaries start the stage and the command line. Everything that needs no browser is in the
//! crates below it, from `net` (networks as data) to `scene` (the layout and the drawing of the stage): see
//! ARCHITECTURE.md.

#[cfg(target_arch = "wasm32")]
pub mod app;
