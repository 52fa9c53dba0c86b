//! The lessons: their list, and the numbers that they show, computed with the same graphs and engines as the rest of
//! the program.
//!
//! [`LESSONS`] lists the lessons. Each lesson has a module of its own, named after its subject. Many experiment with a
//! [`MiniNetwork`], a graph of a few layers that is built and run like any other network.
//!
//! The texts of the lessons in every language are in `crates/words/locales`, their pages in `crates/lessons`.

mod mini_network;
mod pooling;
mod residual;
mod saturation;
mod shortcut;
mod table;
mod training;

pub mod auxiliary;
pub mod averaged;
pub mod connections;
pub mod dropout;
pub mod inception;
pub mod mixing;
pub mod parameters;
pub mod response_norm;
pub mod sharing;
pub mod stacks;
pub mod stages;

pub use mini_network::{MiniNetwork, MiniNetworkError};
pub use pooling::PooledMaps;
pub use residual::{BlockWeights, ConvolutionCosts, MAX_BLOCKS, ResNetCosts, ResidualBlock, TABLE};
pub use saturation::LessonActivation;
pub use shortcut::{CurveError, EpochErrors, IdentityChain, Summands, epochs, ratio, summand_ablation, summands};
pub use table::{LESSONS, Lesson, Paper, lesson, lessons_at};
pub use training::{
    BATCH, MAX_EPOCHS, MOMENTUM, TARGET, Training, TrainingActivation, TrainingCurve, TrainingError, TrainingPictures,
    TrainingSettings, TrainingStep, small_network,
};
