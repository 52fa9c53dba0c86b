//! `window.layerscope`, the interface for other pages and scripts.

pub(super) mod api;
mod methods;
mod options;
