//! What the page says of things that native code knows: each in the page's language.

pub(super) mod classes;
pub(super) mod families;
pub(super) mod net;
pub(super) mod operations;
pub(super) mod photo;
pub(super) mod session;
pub(super) mod weights;
