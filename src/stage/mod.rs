//! Where everything stands on the stage, and where each number on it comes from. It knows pixels, not screens.

mod layout;
mod pixel;
mod scene;

pub use layout::{Column, Place, Rect, Room, Stage, grid};
pub use pixel::{Arithmetic, Formula, Patch, Spot};
pub use scene::{Edge, Folds, Frame, Item, Mosaic, Road, Scene, Subject};
