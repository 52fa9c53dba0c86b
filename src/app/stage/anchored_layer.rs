//! What stands on the stage as elements: laid out once for where the camera about is, and moved with it as one. A camera that
//! pans then costs one transform, not the layout of hundreds of elements.

use leptos::prelude::*;

use crate::app::state::Page;
use scene::{Camera, Rect, Viewport};

/// The camera that what stands on the stage is laid out for: the camera itself, but that its middle goes by steps.
#[derive(Clone, Copy)]
pub(super) struct Board {
    page: Page,
    anchor: Memo<Camera>,
}

impl Board {
    pub(super) fn new(page: Page) -> Self {
        let anchor = Memo::new(move |_| page.view.camera().get().anchor(page.view.room().get()));
        Self { page, anchor }
    }

    /// The scale, and all that comes to be seen before the next step.
    pub(super) fn seen(self) -> (f32, Rect) {
        let anchor = self.anchor.get();
        (anchor.scale, anchor.around(self.page.view.room().get()))
    }

    /// Where a rectangle of the scene stands on it, in CSS pixels.
    pub(super) fn place(self, rect: Rect) -> Rect {
        self.anchor.get().place(rect, self.page.view.room().get())
    }

    /// The anchor, and the room.
    pub(super) fn camera(self) -> (Camera, Viewport) {
        (self.anchor.get(), self.page.view.room().get())
    }

    /// The style of what holds the elements.
    pub(super) fn moved(self) -> String {
        let (anchor, view) = (self.anchor.get(), self.page.view.camera().get());
        let along = |from: f32, to: f32| (from - to) * view.scale;
        let (x, y) = (along(anchor.centre.0, view.centre.0), along(anchor.centre.1, view.centre.1));
        // Both stand on whole pixels: what is left of a fraction is the arithmetic's.
        format!("transform:translate({}px,{}px)", x.round(), y.round())
    }
}
