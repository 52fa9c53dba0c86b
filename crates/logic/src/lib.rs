//! Decisions of the page that need no browser: plain Rust, tested natively.
//!
//! - [`schedule`] decides when engines are built, when passes run and when maps are drawn.
//! - [`download`] downloads files in parts, resumes and checks them.
//! - [`Bound`] binds values to the network that they were computed with.
//! - [`InputId`] tells one input from another.
//! - [`LatestRequest`] recognizes the results of older requests.
//! - [`PendingReplies`] finds the request that a reply belongs to.
//! - [`link`] reads and writes the state of the stage in links.
//! - [`slide`] paces the window that slides over a map.

mod bound;
pub mod download;
mod input_id;
mod latest;
pub mod link;
mod replies;
pub mod schedule;
pub mod slide;

pub use bound::Bound;
pub use input_id::InputId;
pub use latest::{LatestRequest, RequestId};
pub use replies::PendingReplies;
