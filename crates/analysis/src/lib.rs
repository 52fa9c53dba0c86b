//! Figures of networks and of their passes.
//!
//! Each module answers one question and is independent of the page and of the command line, which both show its
//! results:
//!
//! - [`compare`]: what do networks cost side by side, and where do their costs lie?
//! - [`evidence`]: which regions of the image does a class depend on?
//! - [`lesson`]: what numbers does each lesson show?
//! - [`timing`]: how long do passes take, and how fast is that?
//! - [`export`]: what can other programs read?
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
mod explain;
pub mod export;
pub mod lesson;
pub mod timing;
