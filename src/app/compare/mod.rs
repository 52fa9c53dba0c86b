//! The page `/compare`: the costs of networks, side by side.
//!
//! [`comparison`] has the state of the page, [`link`] the part of it that a link carries. Most other files are one
//! section of [`page`]: the choice of networks, the table, the charts, the resolutions, the blocks and the papers'
//! tables. [`terms`] has their words.

mod address;
mod blocks;
mod charts;
mod checkpoints;
mod chooser;
mod colours;
mod comparison;
mod download;
mod figure;
mod link;
mod notice;
mod page;
mod papers;
mod sizes;
mod table;
mod terms;

pub(super) use page::ComparePage;
