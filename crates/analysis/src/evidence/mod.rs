//! Evidence for an answer: class activation maps and occlusion show the regions of the image that a class depends on.

mod cam;
mod heat;
mod occlusion;

pub use cam::ClassActivation;
pub use heat::stretched;
pub use occlusion::{Occlusion, OcclusionError};
