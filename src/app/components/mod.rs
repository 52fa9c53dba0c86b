//! Components of several features.

pub mod deferred;
pub mod picture;
