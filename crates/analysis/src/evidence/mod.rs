//! Why this answer: where in the picture a class has its evidence, by the class activation map and by occlusion.

mod cam;
mod heat;
mod occlusion;

pub use cam::ClassActivation;
pub use heat::stretched;
pub use occlusion::{Occlusion, OcclusionError};
