//! The texts of the page on things that native code knows, in the language of the page.

pub(super) mod classes;
pub(super) mod families;
pub(super) mod net;
pub(super) mod operations;
pub(super) mod photo;
pub(super) mod session;
pub(super) mod weights;
