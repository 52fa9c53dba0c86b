//! Comparison of networks: their costs and the distribution of the costs, the tables of their papers, and charts.
//!
//! A [`Column`] holds the counts of a network; begin there. [`Measure`] lists the figures that are compared,
//! [`profile()`] and [`blocks()`] count single layers and blocks, [`chart`] draws the figures, and [`papers`]
//! reproduces the tables of the papers from the graphs. The published errors ([`PublishedResult`]) are the only numbers
//! that are not computed.
//!
//! Nothing here depends on the page or on a language: charts and tables get their words from the caller.

mod blocks;
pub mod chart;
mod checkpoint;
mod column;
mod measure;
mod order;
pub mod papers;
mod profile;
mod published;
mod sizes;
mod test_protocol;
mod text_table;
pub mod units;

pub use blocks::{BlockCount, BlockLayer, BlockLayerKind, blocks, first_at};
pub use checkpoint::CheckpointCounts;
pub use column::{Column, LayerKind, ParametersByKind, Resolution};
pub use measure::Measure;
pub use order::{BaselineComparison, SortOrder, compare_with_baseline, sorted, table};
pub use profile::{Cost, LayerCosts, profile};
pub use published::PublishedResult;
pub use sizes::{SIZES, at_size};
pub use test_protocol::TestProtocol;
pub use text_table::{TableFormat, TextTable};
