//! Numbers as people of a language read them.

pub(super) use crate::app::numbers::{compact, count, decimal, percent};
