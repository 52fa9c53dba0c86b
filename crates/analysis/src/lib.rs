//! Figures of networks and of their passes: side by side, by class, in the lessons, over time, and as files.

pub mod compare;
pub mod evidence;
pub mod export;
pub mod lesson;
pub mod timing;
