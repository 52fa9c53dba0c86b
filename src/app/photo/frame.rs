//! The photo with the crop that the network sees. The crop can be moved and resized.

use leptos_i18n::{t, t_string};
use std::sync::Arc;

use leptos::ev::{KeyboardEvent, PointerEvent, WheelEvent};
use leptos::html;
use leptos::prelude::*;

use super::origin::origin;
use super::state::PhotoState;
use crate::app::components::picture::draw_photo;
use crate::app::wording::format::decimal;
use input::{CroppedPhoto, MAX_ZOOM, Photo};

/// The greatest height of the photo on the page, in CSS pixels.
const MAX_HEIGHT_PX: f64 = 320.0;
/// The longest side of a photo that is enlarged without smoothing, in pixels of the photo.
const SMALL_SIDE: usize = 64;
/// The movement of the crop by an arrow key, as a fraction of the photo's shorter side.
const STEP: f32 = 0.02;
/// The factor of that movement while Shift is pressed.
const SHIFT_FACTOR: f32 = 5.0;
/// The factor by which a key resizes the crop.
const GROWTH: f32 = 1.1;
/// The natural logarithm of the factor by which a pixel of the wheel resizes the crop.
const LOG_GROWTH_PER_PX: f64 = 0.0015;
/// The pixels of a line, for wheels that count in lines.
const LINE_PX: f64 = 16.0;

/// A pressed pointer: its number, and its last position in CSS pixels.
type PressedPointer = (i32, f64, f64);

/// Returns the photo of the shot. It changes only when the photo does, not with the crop.
fn photo_of(shared: PhotoState) -> Memo<Option<Arc<Photo>>> {
    Memo::new_with_compare(
        move |_| shared.cropped_photo.read().as_ref().map(|cropped_photo| cropped_photo.photo.clone()),
        |old, new| match (old.and_then(Option::as_ref), new.and_then(Option::as_ref)) {
            (Some(old), Some(new)) => !Arc::ptr_eq(old, new),
            (old, new) => old.is_some() || new.is_some(),
        },
    )
}

/// Returns the effect of a pointer that moves to `now`: the movement of the crop in CSS pixels, and the factor by which
/// the distance of two pointers changes.
fn drag(pressed: &[PressedPointer], now: PressedPointer) -> (f64, f64, f64) {
    let share = pressed.len().max(1) as f64;
    let Some(&(_, x, y)) = pressed.iter().find(|(id, ..)| *id == now.0) else { return (0.0, 0.0, 1.0) };
    let other = pressed.iter().find(|(id, ..)| *id != now.0);
    let apart = other.map_or(1.0, |&(_, ox, oy)| {
        let (before, after) = ((x - ox).hypot(y - oy), (now.1 - ox).hypot(now.2 - oy));
        if before > 1.0 { after.max(1.0) / before } else { 1.0 }
    });
    ((now.1 - x) / share, (now.2 - y) / share, apart)
}

/// Returns the path around the photo and around the crop. Filled by the even-odd rule, it veils the rest of the photo.
fn veil(cropped_photo: &CroppedPhoto, [x, y, w, h]: [f32; 4]) -> String {
    format!("M0 0H{}V{}H0ZM{x} {y}v{h}h{w}v{}Z", cropped_photo.photo.width(), cropped_photo.photo.height(), -h)
}

/// The photo with its crop, the zoom and the description.
#[component]
pub(super) fn PhotoFrame(shared: PhotoState) -> impl IntoView {
    let words = shared.words;
    let canvas = NodeRef::<html::Canvas>::new();
    let photo = photo_of(shared);
    Effect::new(move |_| {
        shared.restored.track();
        if let (Some(canvas), Some(photo)) = (canvas.get(), photo.get()) {
            draw_photo(&canvas, &photo);
        }
    });
    let pressed = StoredValue::new(Vec::<PressedPointer>::new());
    // The length of a CSS pixel as a fraction of the photo's shorter side.
    let per_pixel = move || {
        let canvas = canvas.get_untracked()?;
        let photo = photo.get_untracked()?;
        let rect = canvas.get_bounding_client_rect();
        let shorter = photo.width().min(photo.height()) as f64;
        Some(photo.width() as f64 / rect.width().max(1.0) / shorter)
    };
    let at = |event: &PointerEvent| (event.pointer_id(), f64::from(event.client_x()), f64::from(event.client_y()));
    let down = move |event: PointerEvent| {
        if event.button() != 0 {
            return;
        }
        if let Some(canvas) = canvas.get_untracked() {
            // Without capture, a drag would end at the edge of the photo.
            let _ = canvas.set_pointer_capture(event.pointer_id());
        }
        pressed.update_value(|pressed| {
            pressed.retain(|(id, ..)| *id != event.pointer_id());
            pressed.push(at(&event));
            // A pinch consists of the first two pointers.
            pressed.truncate(2);
        });
    };
    let moved = move |event: PointerEvent| {
        let now = at(&event);
        let was = pressed.get_value();
        let (Some(scale), true) = (per_pixel(), was.iter().any(|(id, ..)| *id == now.0)) else { return };
        let (right, down, apart) = drag(&was, now);
        pressed.update_value(|pressed| {
            pressed.iter_mut().filter(|(id, ..)| *id == now.0).for_each(|pointer| *pointer = now);
        });
        shared.change_crop(|crop| {
            let side = crop.side * apart as f32;
            crop.resized(side).moved((right * scale) as f32, (down * scale) as f32)
        });
    };
    let up =
        move |event: PointerEvent| pressed.update_value(|pressed| pressed.retain(|(id, ..)| *id != event.pointer_id()));
    let wheel = move |event: WheelEvent| {
        event.prevent_default();
        let pixels = event.delta_y() * if event.delta_mode() == WheelEvent::DOM_DELTA_LINE { LINE_PX } else { 1.0 };
        shared.change_crop(|crop| crop.resized(crop.side * (pixels * LOG_GROWTH_PER_PX).exp() as f32));
    };
    let key = move |event: KeyboardEvent| {
        if event.ctrl_key() || event.alt_key() || event.meta_key() {
            return;
        }
        let step = if event.shift_key() { STEP * SHIFT_FACTOR } else { STEP };
        let (right, down, growth) = match event.key().as_str() {
            "ArrowLeft" => (-step, 0.0, 1.0),
            "ArrowRight" => (step, 0.0, 1.0),
            "ArrowUp" => (0.0, -step, 1.0),
            "ArrowDown" => (0.0, step, 1.0),
            "+" | "=" => (0.0, 0.0, 1.0 / GROWTH),
            "-" => (0.0, 0.0, GROWTH),
            _ => return,
        };
        event.prevent_default();
        event.stop_propagation();
        shared.change_crop(|crop| crop.resized(crop.side * growth).moved(right, down));
    };
    let style = move || {
        let size = photo.read().as_ref().map_or((1, 1), |photo| (photo.width(), photo.height()));
        let widest = MAX_HEIGHT_PX * size.0 as f64 / size.1 as f64;
        format!("aspect-ratio:{}/{};--widest:{widest:.1}px", size.0, size.1)
    };
    let name = move || {
        let cropped_photo = shared.cropped_photo.read();
        cropped_photo.as_ref().map_or_else(String::new, |cropped_photo| {
            t_string!(words, photo.frame.name, name = cropped_photo.name.clone())
        })
    };
    let drawn = move || {
        let (cropped_photo, graph) = (shared.cropped_photo.read(), shared.graph.read());
        let cropped_photo = cropped_photo.as_ref()?;
        let (square, region) = (cropped_photo.square(&graph), cropped_photo.region(&graph));
        let field = shared
            .field
            .get()
            .map(|[x, y, w, h]| [region[0] + x * region[2], region[1] + y * region[3], w * region[2], h * region[3]]);
        let all = format!("0 0 {} {}", cropped_photo.photo.width(), cropped_photo.photo.height());
        Some(view! {
            <svg class="photo-lines" viewBox=all preserveAspectRatio="none" aria-hidden="true">
                <path class="photo-veil" fill-rule="evenodd" d=veil(cropped_photo, square) />
                {rectangle(square, "photo-square-halo")}
                {rectangle(square, "photo-square")}
                {field.map(|field| rectangle(field, "photo-field-halo"))}
                {field.map(|field| rectangle(field, "photo-field"))}
            </svg>
        })
    };
    let none = move || photo.read().is_none();
    // Few pixels are shown without smoothing.
    let small = move || photo.read().as_ref().is_some_and(|photo| photo.width().max(photo.height()) <= SMALL_SIDE);
    view! {
        <div class="photo-frame" style=style hidden=none>
            <canvas
                node_ref=canvas
                class="photo-canvas"
                class:photo-small=small
                tabindex="0"
                role="img"
                aria-label=name
                aria-describedby="photo-origin photo-hint"
                on:pointerdown=down
                on:pointermove=moved
                on:pointerup=up
                on:pointercancel=up
                on:wheel=wheel
                on:keydown=key
            ></canvas>
            {drawn}
        </div>
        <ZoomSlider shared />
        <p id="photo-hint" class="soft small" hidden=none>
            {t!(words, photo.frame.hint)}
        </p>
        <p id="photo-origin" class="soft small photo-origin">
            {move || origin(shared)}
        </p>
    }
}

/// A rectangle in the units of the surrounding SVG.
pub(super) fn rectangle([x, y, w, h]: [f32; 4], class: &'static str) -> impl IntoView {
    view! { <rect class=class x=x y=y width=w.max(0.0) height=h.max(0.0) /> }
}

/// The zoom of the crop, and the button that centres it.
#[component]
fn ZoomSlider(shared: PhotoState) -> impl IntoView {
    let words = shared.words;
    let zoom = Memo::new(move |_| {
        let shown = shared.cropped_photo.read().as_ref().map(|photo| photo.visible_crop(&shared.graph.read()));
        shown.map_or(1.0, |crop| 1.0 / crop.side)
    });
    let change = move |event| {
        // A slider's value is always a number.
        if let Ok(zoom) = event_target_value(&event).parse::<f32>() {
            shared.change_crop(|crop| crop.resized(1.0 / zoom));
        }
    };
    let centred = move || shared.cropped_photo.read().as_ref().is_none_or(|cropped_photo| cropped_photo.crop.is_none());
    let none = move || shared.cropped_photo.read().is_none();
    view! {
        <div class="photo-zoom" hidden=none>
            <input
                type="range"
                min="1"
                max=MAX_ZOOM
                step="any"
                aria-label=move || t_string!(words, photo.frame.zoom)
                aria-valuetext=move || t_string!(words, photo.frame.times, zoom = decimal(zoom.get(), 2))
                prop:value=move || zoom.get().to_string()
                on:input=change
            />
            <span class="mono" aria-hidden="true">
                {move || format!("{}×", decimal(zoom.get(), 2))}
            </span>
            <button
                disabled=centred
                title=move || t_string!(words, photo.frame.centre_hint)
                on:click=move |_| shared.centre()
            >
                {t!(words, photo.frame.centre)}
            </button>
        </div>
    }
}
