//! Components of several features.

pub(super) mod deferred;
pub(super) mod picture;
