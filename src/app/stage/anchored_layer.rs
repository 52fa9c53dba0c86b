//! Elements over the stage that move with the camera as one. They are laid out for an anchor near the camera, so that a
//! pan changes one transform and not the layout of hundreds of elements.

use leptos::prelude::*;

use crate::app::state::Page;
use scene::{Camera, Rect, Viewport};

/// The coordinates of the elements over the stage. They are laid out for an anchor: the camera, with its centre rounded
/// to large steps.
#[derive(Clone, Copy)]
pub(super) struct AnchoredLayer {
    page: Page,
    anchor: Memo<Camera>,
}

impl AnchoredLayer {
    /// Creates the layer for the camera of the page.
    pub(super) fn new(page: Page) -> Self {
        let anchor = Memo::new(move |_| page.view.camera().get().anchor(page.view.room().get()));
        Self { page, anchor }
    }

    /// Returns the scale, and the rectangle of the scene that can come into view before the anchor changes.
    pub(super) fn visible(self) -> (f32, Rect) {
        let anchor = self.anchor.get();
        (anchor.scale, anchor.around(self.page.view.room().get()))
    }

    /// Returns the place of a rectangle of the scene in this layer, in CSS pixels.
    pub(super) fn place(self, rect: Rect) -> Rect {
        self.anchor.get().place(rect, self.page.view.room().get())
    }

    /// Returns the anchor and the size of the stage.
    pub(super) fn camera(self) -> (Camera, Viewport) {
        (self.anchor.get(), self.page.view.room().get())
    }

    /// Returns the style of the element that holds the layer: it moves the layer from the anchor to the camera.
    pub(super) fn style(self) -> String {
        let (anchor, view) = (self.anchor.get(), self.page.view.camera().get());
        let along = |from: f32, to: f32| (from - to) * view.scale;
        let (x, y) = (along(anchor.centre.0, view.centre.0), along(anchor.centre.1, view.centre.1));
        // Both cameras are rounded to whole pixels: a fraction is an error of the arithmetic.
        format!("transform:translate({}px,{}px)", x.round(), y.round())
    }
}
