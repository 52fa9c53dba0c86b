//! The texts of the page on things that native code knows, in the language of the page.

pub(super) mod classes;
pub(super) mod families;
pub(super) mod operations;
pub(super) mod parts;
