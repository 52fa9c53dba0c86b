//! The input field with the digit and a window on it.

use leptos::ev::PointerEvent;
use leptos::html;
use leptos::prelude::*;
use leptos_i18n::t_string;
use words::i18n::use_i18n;

use super::pass::{DigitPass, FIELD, KERNEL};
use crate::settings::NumberSetting;
use analysis::lesson::sharing::WindowArithmetic;
use layerscope::app::components::picture::{Cells, Picture};

/// CSS pixels per pixel of the field and of C1.
pub(super) const SCALE: f32 = 4.5;

/// The position of the window and the map of C1.
#[derive(Clone, Copy)]
pub(super) struct WindowSettings {
    pub(super) column: NumberSetting,
    pub(super) row: NumberSetting,
    pub(super) map: NumberSetting,
}

impl WindowSettings {
    /// Returns the column and the row of the upper left corner.
    pub(super) fn at(self) -> [usize; 2] {
        [self.column.whole(), self.row.whole()]
    }

    /// Returns the index of the map.
    pub(super) fn channel(self) -> usize {
        self.map.whole() - 1
    }

    /// Returns the arithmetic of C1 at this position.
    pub(super) fn tap(self, pass: &DigitPass) -> Option<WindowArithmetic> {
        let (area, channel) = (KERNEL * KERNEL, self.channel());
        let kernel = pass.kernels.values.get(channel * area..(channel + 1) * area)?;
        WindowArithmetic::new(&pass.example.input, FIELD, kernel, *pass.biases.values.get(channel)?, self.at())
    }
}

/// Returns the style of a frame around `size` pixels of a picture of `side` x `side`, in percent.
pub(super) fn frame(at: [usize; 2], size: usize, side: usize) -> String {
    let share = |n: usize| n as f64 / side as f64 * 100.0;
    format!("left:{0}%;top:{1}%;width:{2}%;height:{2}%", share(at[0]), share(at[1]), share(size))
}

/// The digit in its field, with the window, which follows the pointer.
#[component]
pub(super) fn Field(
    /// The digit.
    digit: Signal<Option<Cells>>,
    /// The position of the window.
    place: WindowSettings,
) -> impl IntoView {
    let words = use_i18n();
    let around = NodeRef::<html::Div>::new();
    let follow = move |event: &PointerEvent| {
        let Some(around) = around.get_untracked() else { return };
        let rect = around.get_bounding_client_rect();
        let along = |at: i32, from: f64, length: f64| {
            let pixel = ((f64::from(at) - from) / length.max(1.0) * FIELD as f64).floor();
            pixel - (KERNEL / 2) as f64
        };
        place.column.set(along(event.client_x(), rect.left(), rect.width()));
        place.row.set(along(event.client_y(), rect.top(), rect.height()));
    };
    let down = move |event: PointerEvent| {
        if event.button() != 0 {
            return;
        }
        event.prevent_default();
        if let Some(around) = around.get_untracked() {
            // Without capture the window stays where the pointer leaves the digit.
            let _ = around.set_pointer_capture(event.pointer_id());
        }
        follow(&event);
    };
    let drag = move |event: PointerEvent| {
        if event.buttons() & 1 == 1 {
            follow(&event);
        }
    };
    view! {
        <div class="framed field" node_ref=around on:pointerdown=down on:pointermove=drag>
            <Picture cells=digit name=move || t_string!(words, convolution.field) scale=SCALE />
            <span class="frame" style=move || frame(place.at(), KERNEL, FIELD)></span>
        </div>
    }
}
