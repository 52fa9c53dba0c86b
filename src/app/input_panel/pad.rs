//! The drawing pad for mouse, touch and pen, with buttons to undo, to clear, and to show a random digit.

use leptos_i18n::{t, t_string};
use std::sync::Arc;
use words::i18n::use_i18n;

use leptos::ev::PointerEvent;
use leptos::html;
use leptos::prelude::*;
use wasm_bindgen::{Clamped, JsCast, JsValue};
use web_sys::{CanvasRenderingContext2d, ImageData};

use crate::app::components::picture::{canvas_2d, new_canvas};
use crate::app::state::Page;
use crate::app::wording::format::decimal;
use input::{DIGIT_SIDE, DigitPack, Drawing, PEN_WIDTH, Point, smooth};

/// The side of the pad's canvas, in device pixels. It is sharp on every screen.
const SIDE: u32 = 512;

/// The drawing pad in the left column.
#[component]
pub(in crate::app) fn Pad() -> impl IntoView {
    let (words, page) = (use_i18n(), expect_context::<Page>());
    let canvas = NodeRef::<html::Canvas>::new();
    let drawing_with = RwSignal::new(None::<i32>);
    Effect::new(move |_| {
        page.appearance.restored.track();
        let under = page.input.given().get().or_else(|| {
            let index = page.input.drawing().read().digit?;
            page.input.digits().read().as_ref()?.digit(index).map(Into::into)
        });
        if let Some(context) = canvas.get().and_then(|canvas| canvas_2d(&canvas)) {
            // If the context fails, the pad stays dark. The network gets the drawing nevertheless.
            let _ = draw(&context, &page.input.drawing().read(), under.as_deref().map(Vec::as_slice));
        }
    });
    let point = move |event: &PointerEvent| {
        let canvas = canvas.get_untracked()?;
        let rect = canvas.get_bounding_client_rect();
        let along = |at: i32, from: f64, length: f64| ((f64::from(at) - from) / length.max(1.0)) as f32;
        // A mouse has no pressure and reports one half. A pen reports its pressure.
        let width = if event.pointer_type() == "pen" { 0.4 + 1.2 * event.pressure() } else { 1.0 };
        Some(Point {
            x: along(event.client_x(), rect.left(), rect.width()),
            y: along(event.client_y(), rect.top(), rect.height()),
            width,
        })
    };
    let down = move |event: PointerEvent| {
        if drawing_with.get_untracked().is_some() || event.button() != 0 {
            return;
        }
        let Some(at) = point(&event) else { return };
        event.prevent_default();
        if let Some(canvas) = canvas.get_untracked() {
            // If the pointer cannot be captured, the stroke ends at the edge of the pad.
            let _ = canvas.set_pointer_capture(event.pointer_id());
        }
        drawing_with.set(Some(event.pointer_id()));
        page.selection.point(None);
        page.input.begin_stroke(at);
    };
    let moved = move |event: PointerEvent| {
        if drawing_with.get_untracked() != Some(event.pointer_id()) {
            return;
        }
        let Some(at) = point(&event) else { return };
        if !page.input.extend_stroke(at) {
            drawing_with.set(None);
        }
    };
    let up = move |event: PointerEvent| {
        if drawing_with.get_untracked() == Some(event.pointer_id()) {
            drawing_with.set(None);
        }
    };
    let undo = move |_| page.input.undo_stroke();
    let clear = move |_| page.input.show_drawing(Drawing::default());
    let random = move |_| {
        let current = page.input.drawing().read_untracked().digit;
        let another = |pack: &Arc<DigitPack>| pack.pick_other(current, js_sys::Math::random());
        let Some(digit) = page.input.digits().read_untracked().as_ref().map(another) else { return };
        page.input.show_drawing(Drawing { digit: Some(digit), strokes: Vec::new() });
    };
    let origin = move || {
        let drawing = page.input.drawing().read();
        let label = drawing.digit.and_then(|index| Some((index, page.input.digits().read().as_ref()?.label(index)?)));
        match (label, drawing.strokes.is_empty()) {
            (Some((index, label)), true) => t_string!(words, input.test_digit, index = index, label = label),
            (Some((_, label)), false) => t_string!(words, input.drawn_over, label = label),
            (None, _) if drawing.is_empty() && page.input.given().read().is_none() => {
                t_string!(words, input.invite).to_owned()
            }
            (None, _) => t_string!(words, input.own).to_owned(),
        }
    };
    let treatment = move || {
        let net::InputKind::Digit { scale, offset } = page.network.graph().read().input.kind else {
            return t_string!(words, input.enlarged).to_owned();
        };
        let paper = decimal(offset, if offset == 0.0 { 0 } else { 1 });
        let ink = decimal(offset + scale, if offset == 0.0 { 0 } else { 3 });
        t_string!(words, input.boxed, paper = paper, ink = ink)
    };
    view! {
        <section class="pad" aria-labelledby="input-title">
            <h2 id="input-title" class="caps">
                {t!(words, input.title)}
            </h2>
            <canvas
                node_ref=canvas
                class="pad-canvas"
                width=SIDE
                height=SIDE
                tabindex="0"
                role="img"
                aria-label=move || t_string!(words, input.pad)
                aria-describedby="pad-origin"
                on:pointerdown=down
                on:pointermove=moved
                on:pointerup=up
                on:pointercancel=up
            ></canvas>
            <div class="buttons">
                <button on:click=undo>{t!(words, input.undo)}</button>
                <button on:click=clear>{t!(words, input.clear)}</button>
                <button class="grow" disabled=move || page.input.digits().read().is_none() on:click=random>
                    {t!(words, input.random)}
                </button>
            </div>
            <p id="pad-origin" class="soft">
                {origin}
            </p>
            <p class="soft small">{treatment}</p>
        </section>
    }
}

/// Draws a digit of [`DIGIT_SIDE`] × [`DIGIT_SIDE`] values, row-major, if there is one, and the strokes over it.
///
/// # Errors
/// Returns the exception of the browser if it cannot draw.
fn draw(context: &CanvasRenderingContext2d, drawing: &Drawing, under: Option<&[f32]>) -> Result<(), JsValue> {
    let side = f64::from(SIDE);
    context.set_fill_style_str("#000");
    context.fill_rect(0.0, 0.0, side, side);
    if let Some(digit) = under {
        let grey: Vec<u8> = digit
            .iter()
            .flat_map(|v| {
                let g = (v * 255.0) as u8;
                [g, g, g, 255]
            })
            .collect();
        let image = ImageData::new_with_u8_clamped_array(Clamped(&grey), DIGIT_SIDE as u32)?;
        if let Some((small, onto)) = new_canvas(DIGIT_SIDE as u32, DIGIT_SIDE as u32) {
            onto.put_image_data(&image, 0.0, 0.0)?;
            context.set_image_smoothing_enabled(true);
            context.draw_image_with_html_canvas_element_and_dw_and_dh(small.unchecked_ref(), 0.0, 0.0, side, side)?;
        }
    }
    context.set_stroke_style_str("#fff");
    context.set_line_cap("round");
    context.set_line_join("round");
    for stroke in &drawing.strokes {
        let curve = smooth(stroke);
        let at = |p: &Point| (f64::from(p.x) * side, f64::from(p.y) * side);
        let pieces: Vec<[Point; 2]> = match curve.as_slice() {
            [dot] => vec![[*dot, *dot]],
            points => points.windows(2).map(|two| [two[0], two[1]]).collect(),
        };
        for [from, to] in pieces {
            context.set_line_width(side * f64::from(PEN_WIDTH * (from.width + to.width) / 2.0));
            context.begin_path();
            let ((x0, y0), (x1, y1)) = (at(&from), at(&to));
            context.move_to(x0, y0);
            context.line_to(x1 + 0.01, y1);
            context.stroke();
        }
    }
    Ok(())
}
