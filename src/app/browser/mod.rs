//! The interfaces of the browser that the pages use: time, downloads, files, the clipboard.

pub(super) mod clipboard;
pub mod clock;
pub mod drops;
pub mod element_size;
pub mod fetch;
pub mod js;
pub(super) mod motion;
pub mod save;
pub mod yielding;
