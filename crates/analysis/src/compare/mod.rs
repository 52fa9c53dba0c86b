//! Networks side by side: what each costs and where, what its paper printed of it, and pictures of both.
//!
//! A [`Column`] is a network counted. [`Measure`] names the figures of it that are compared, [`chart`] draws them,
//! [`papers`] makes the papers' own tables again from the graphs. Nothing here knows a page.

mod blocks;
mod cells;
pub mod chart;
mod column;
mod measure;
mod on;
mod opened;
mod order;
pub mod papers;
mod profile;
mod published;
mod sizes;
pub mod units;

pub use blocks::{BlockCount, Piece, What, blocks, first_at};
pub use cells::{Cells, TableFormat};
pub use column::{Column, Homes, Kind, Resolution};
pub use measure::Measure;
pub use on::On;
pub use opened::Opened;
pub use order::{Against, Order, against, sorted, table};
pub use profile::{Cost, Layer, profile};
pub use published::Mark;
pub use sizes::{SIZES, at_size};
