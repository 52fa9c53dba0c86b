//! The texts of the page on things that native code knows, its numbers, and its language.

pub(super) mod classes;
pub(super) mod families;
pub(super) mod format;
pub(super) mod language;
pub(super) mod numbers;
pub(super) mod operations;
pub(super) mod parts;
