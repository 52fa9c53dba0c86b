//! The interfaces of the browser that the pages use: time, downloads, files, the clipboard.

pub(super) mod clipboard;
pub(super) mod clock;
pub(super) mod drops;
pub(super) mod element_size;
pub(super) mod fetch;
pub(super) mod js;
pub(super) mod motion;
pub(super) mod save;
pub(super) mod yielding;
