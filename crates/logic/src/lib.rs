//! Decisions of the page that need no browser: plain Rust, tested natively.
//!
//! - [`schedule`] decides when engines are built, when passes run and when maps are drawn.
//! - [`Bound`] binds values to the network that they were computed with.
//! - [`InputId`] tells one input from another.
//! - [`link`] reads and writes the state of the stage in links.
//! - [`slide`] paces the window that slides over a map.

mod bound;
mod input_id;
pub mod link;
pub mod schedule;
pub mod slide;

pub use bound::Bound;
pub use input_id::InputId;
