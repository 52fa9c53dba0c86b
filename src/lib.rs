//! The pages of Layerscope. They exist in a browser only: this library is empty on every other target.

#[cfg(target_arch = "wasm32")]
pub mod app;
