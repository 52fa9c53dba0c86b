//! Evidence for an answer: class activation maps and occlusion show the regions of the image that a class depends on.

mod cam;
mod occlusion;
mod stretch;

pub use cam::ClassActivation;
pub use occlusion::{Occlusion, OcclusionError};
pub use stretch::stretch;
