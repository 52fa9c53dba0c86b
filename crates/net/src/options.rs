//! The options of a graph: how it differs from the declaration of its name.

use serde::{Deserialize, Serialize};

/// The differences of a graph from the declaration of its name. A checkpoint asks for some of them by its shapes; the
/// others are chosen. By default there is none.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default, Serialize, Deserialize)]
pub struct GraphOptions {
    /// The network begins with a step that brings the picture from the mean and deviation of ImageNet to 0.5 each, as
    /// torchvision's GoogLeNet does with its published weights (`transform_input`).
    pub transform_input: bool,
    /// The number of classes, if it is another than the declared one.
    pub classes: Option<usize>,
    /// The network has no auxiliary classifiers, though its declaration has some.
    pub without_auxiliary: bool,
}

impl GraphOptions {
    /// Returns only those options that are chosen, without those that a checkpoint asks for.
    pub fn chosen(self) -> Self {
        Self { transform_input: self.transform_input, ..Self::default() }
    }
}
