//! What a network is given to look at: a drawing or a photo, whichever it was made for or a person wishes.

use std::sync::Arc;

use input::{Shot, to_field};
use net::{Graph, InputKind};

/// What is looked at.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Medium {
    /// The drawing pad.
    Drawing,
    /// A photo.
    Photo,
}

impl Medium {
    /// What `graph` was made for.
    pub(super) fn of(graph: &Graph) -> Self {
        match graph.input.kind {
            InputKind::Digit { .. } => Self::Drawing,
            InputKind::Photo { .. } => Self::Photo,
        }
    }
}

/// The input of `graph`, CHW, as it takes it; `None` where there is no picture.
pub(super) fn input_of(
    graph: &Graph,
    medium: Medium,
    digit: impl FnOnce() -> Option<Arc<Vec<f32>>>,
    shot: impl FnOnce() -> Option<Arc<Shot>>,
) -> Option<Vec<f32>> {
    match (medium, Medium::of(graph)) {
        (Medium::Drawing, Medium::Drawing) => Some(to_field(&digit()?, graph.input.kind)),
        (Medium::Drawing, Medium::Photo) => Shot::of_drawing(&digit()?).ok()?.input(graph).ok(),
        (Medium::Photo, Medium::Drawing) => Some(to_field(&shot()?.digit().ok()?, graph.input.kind)),
        (Medium::Photo, Medium::Photo) => shot()?.input(graph).ok(),
    }
}

/// The input where there is no picture: empty paper, or the mean of all photos.
pub(super) fn blank(graph: &Graph) -> Vec<f32> {
    match graph.input.kind {
        kind @ InputKind::Digit { .. } => to_field(&[], kind),
        InputKind::Photo { .. } => vec![0.0; graph.input.shape.elements()],
    }
}
