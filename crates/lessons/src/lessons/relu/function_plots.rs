//! The plots of three activation functions and their derivatives.

use leptos::ev::PointerEvent;
use leptos::prelude::*;
use leptos_i18n::t_string;
use wasm_bindgen::JsCast;
use web_sys::Element;
use words::i18n::use_i18n;

use crate::settings::NumberSetting;
use analysis::lesson::LessonActivation;
use layerscope::app::wording::numbers::decimal;

/// The greatest absolute sum.
pub(super) const MAX_SUM: f64 = 6.0;
/// The size of the figure, in its own units.
const SIZE: (f64, f64) = (520.0, 190.0);

/// One of the two plots.
struct Panel {
    /// Left, top, width and height.
    frame: [f64; 4],
    /// The least and the greatest value on the plot.
    range: [f64; 2],
    draw: fn(LessonActivation, f64) -> f64,
    /// The marks on the vertical axis.
    marks: &'static [f64],
}

/// The plots of the values and of the derivatives.
const PANELS: [Panel; 2] = [
    Panel {
        frame: [24.0, 18.0, 226.0, 150.0],
        range: [-1.2, 2.2],
        draw: LessonActivation::value,
        marks: &[-1.0, 0.0, 1.0, 2.0],
    },
    Panel {
        frame: [290.0, 18.0, 226.0, 150.0],
        range: [-0.1, 1.1],
        draw: LessonActivation::derivative,
        marks: &[0.0, 0.5, 1.0],
    },
];

impl Panel {
    fn across(&self, x: f64) -> f64 {
        self.frame[0] + (x + MAX_SUM) / (2.0 * MAX_SUM) * self.frame[2]
    }

    fn up(&self, y: f64) -> f64 {
        let [min, max] = self.range;
        self.frame[1] + (max - y.clamp(min, max)) / (max - min) * self.frame[3]
    }

    /// Returns the path of a curve, up to the upper edge of the plot.
    fn path(&self, one: LessonActivation) -> String {
        let mut path = String::new();
        for step in 0..=240 {
            let x = f64::from(step) / 240.0 * 2.0 * MAX_SUM - MAX_SUM;
            let y = (self.draw)(one, x);
            if y <= self.range[1] {
                let letter = if path.is_empty() { 'M' } else { 'L' };
                path += &format!("{letter}{:.1} {:.2}", self.across(x), self.up(y));
            }
        }
        path
    }
}

/// Returns the CSS class of a function.
pub(super) fn class(one: LessonActivation) -> &'static str {
    match one {
        LessonActivation::Sigmoid => "sigmoid",
        LessonActivation::Tanh => "tanh",
        LessonActivation::Relu => "relu",
    }
}

/// Returns the sum under the pointer.
fn pointed(event: &PointerEvent) -> Option<f64> {
    let figure = event.current_target()?.dyn_into::<Element>().ok()?.get_bounding_client_rect();
    let x = (f64::from(event.client_x()) - figure.left()) / figure.width() * SIZE.0;
    let panel = &PANELS[usize::from(x > (PANELS[0].frame[0] + PANELS[0].frame[2] + PANELS[1].frame[0]) / 2.0)];
    let sum = (x - panel.frame[0]) / panel.frame[2] * 2.0 * MAX_SUM - MAX_SUM;
    Some((sum.clamp(-MAX_SUM, MAX_SUM) * 10.0).round() / 10.0)
}

/// The three functions and their derivatives. Pressing or dragging sets the sum.
#[component]
pub(super) fn FunctionPlots(
    /// The sum to set.
    sum: NumberSetting,
    /// The sum, rounded to tenths.
    x: Memo<f64>,
) -> impl IntoView {
    let words = use_i18n();
    let name = move || {
        let x = decimal(words.get_locale(), x.get(), 1);
        t_string!(words, relu.figure, x = x)
    };
    let follow = move |event: &PointerEvent| {
        if let Some(to) = pointed(event) {
            sum.set(to);
        }
    };
    let press = move |event: PointerEvent| {
        if let Some(figure) = event.current_target().and_then(|target| target.dyn_into::<Element>().ok()) {
            // Without capture, dragging ends at the edge.
            let _ = figure.set_pointer_capture(event.pointer_id());
        }
        follow(&event);
    };
    let drag = move |event: PointerEvent| {
        if event.buttons() & 1 == 1 {
            follow(&event);
        }
    };
    let panel = move |panel: &'static Panel, values: bool| {
        let [left, top, width, height] = panel.frame;
        let mark = move |&y: &f64| {
            let text = move || decimal(words.get_locale(), y, u8::from(y.fract() != 0.0));
            view! {
                <path class="grid" d=format!("M{left} {0:.1}h{width}", panel.up(y)) />
                <text class="tick end" x=left - 5.0 y=panel.up(y) + 3.5>
                    {text}
                </text>
            }
        };
        let across = move |x: f64| {
            let text = move || decimal(words.get_locale(), x, 0);
            view! {
                <text class="tick middle" x=panel.across(x) y=top + height + 14.0>
                    {text}
                </text>
            }
        };
        let curve = move |one: LessonActivation| view! { <path class=class(one) d=panel.path(one) /> };
        let dot = move |one: LessonActivation| {
            let at = move || panel.up((panel.draw)(one, x.get()));
            view! { <circle class=class(one) cx=move || panel.across(x.get()) cy=at r="4" /> }
        };
        view! {
            <text class="label" x=left y="11">
                {move || if values { t_string!(words, relu.value) } else { t_string!(words, relu.derivative) }}
            </text>
            {panel.marks.iter().map(mark).collect_view()}
            {[-6.0, -3.0, 0.0, 3.0, 6.0].map(across).collect_view()}
            {LessonActivation::ALL.map(curve).collect_view()}
            <path class="here" d=move || format!("M{:.1} {top}v{height}", panel.across(x.get())) />
            {LessonActivation::ALL.map(dot).collect_view()}
        }
    };
    view! {
        <svg
            class="plot relu-curves"
            data-drag=""
            viewBox=format!("0 0 {} {}", SIZE.0, SIZE.1)
            role="img"
            aria-label=name
            on:pointerdown=press
            on:pointermove=drag
        >
            {panel(&PANELS[0], true)}
            {panel(&PANELS[1], false)}
        </svg>
    }
}
