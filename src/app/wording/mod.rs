//! The texts of the page on things that native code knows, its numbers, and its language.

pub mod classes;
pub mod families;
pub(super) mod format;
pub mod language;
pub mod lessons;
pub mod numbers;
pub mod operations;
pub(super) mod parts;
