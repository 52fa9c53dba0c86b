//! Figures of networks and of their passes: side by side, by class, in the lessons, over time, and as files.
//!
//! - [`compare`] sets networks side by side, draws charts, and makes the tables of the papers again from the graphs.
//! - [`evidence`] shows which parts of a picture an answer depends on.
//! - [`lesson`] computes the numbers of the lessons.
//! - [`timing`] turns the times of passes into the figures of benchmarks.
//! - [`export`] writes feature maps and activations to files.
//!
//! Nothing here needs a browser. [`lesson`] uses [`compare`] and [`evidence`]; otherwise the modules do not know each
//! other.

pub mod compare;
pub mod evidence;
pub mod export;
pub mod lesson;
pub mod timing;
