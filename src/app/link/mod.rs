//! The address bar holds the state: what is on the screen can be sent as a link.
//!
//! [`logic::link`] reads and writes the parameters. `open` applies a link to the page, `describe` makes one of its
//! state, and `follow` keeps the address up to date.

mod describe;
mod embed;
mod follow;
mod open;

pub(in crate::app) use describe::{address, state};
pub(in crate::app) use embed::{is_embedded, mark_embedded};
pub(in crate::app) use follow::follow;
pub(in crate::app) use open::{go, open};
