//! `window.layerscope`, the interface for other pages and scripts.

pub mod api;
mod methods;
mod options;
