//! How steep the three functions are where a neuron's sum is, and what is left of a gradient behind many of them.

use leptos::ev::PointerEvent;
use leptos::prelude::*;
use leptos_i18n::{t, t_string};
use wasm_bindgen::JsCast;
use web_sys::Element;
use words::i18n::{Locale, use_i18n};

use crate::app::learn::address::{Knob, Knobs};
use crate::app::learn::control::{Slider, Toggle};
use crate::app::learn::numbers::{count, decimal};
use analysis::lesson::LessonActivation;

/// The greatest and the least sum.
const MOST: f64 = 6.0;
/// How many layers a gradient passes at most.
const LAYERS: usize = 20;
/// The size of the figure, in its own units.
const SIZE: (f64, f64) = (520.0, 190.0);
/// What is below this is written with a power of ten.
const TINY: f64 = 0.001;

/// One of the two plots.
struct Panel {
    /// Left, top, width and height.
    frame: [f64; 4],
    /// The least and the greatest that is drawn.
    range: [f64; 2],
    draw: fn(LessonActivation, f64) -> f64,
    /// Marks on the axis upwards.
    marks: &'static [f64],
}

/// The values, and the derivatives.
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
        self.frame[0] + (x + MOST) / (2.0 * MOST) * self.frame[2]
    }

    fn up(&self, y: f64) -> f64 {
        let [least, most] = self.range;
        self.frame[1] + (most - y.clamp(least, most)) / (most - least) * self.frame[3]
    }

    /// The curve; what rises out of the plot ends at its edge.
    fn path(&self, one: LessonActivation) -> String {
        let mut path = String::new();
        for step in 0..=240 {
            let x = f64::from(step) / 240.0 * 2.0 * MOST - MOST;
            let y = (self.draw)(one, x);
            if y <= self.range[1] {
                let letter = if path.is_empty() { 'M' } else { 'L' };
                path += &format!("{letter}{:.1} {:.2}", self.across(x), self.up(y));
            }
        }
        path
    }
}

/// What a function is called by its class in the styles.
fn class(one: LessonActivation) -> &'static str {
    match one {
        LessonActivation::Sigmoid => "sigmoid",
        LessonActivation::Tanh => "tanh",
        LessonActivation::Relu => "relu",
    }
}

/// A digit as an exponent has it.
fn raised(digit: char) -> Option<char> {
    "⁰¹²³⁴⁵⁶⁷⁸⁹".chars().nth(digit.to_digit(10)? as usize)
}

/// A number of any size: with four decimals, or with a power of ten.
fn any_size(locale: Locale, value: f64) -> String {
    if value == 0.0 {
        return count(locale, 0);
    }
    if value.abs() >= TINY {
        return decimal(locale, value, 4);
    }
    let power = value.abs().log10().floor() as i32;
    let mantissa = value / 10f64.powi(power);
    let raised: String = power.abs().to_string().chars().filter_map(raised).collect();
    format!("{} × 10⁻{raised}", decimal(locale, mantissa, 2))
}

/// The sum under the pointer.
fn pointed(event: &PointerEvent) -> Option<f64> {
    let figure = event.current_target()?.dyn_into::<Element>().ok()?.get_bounding_client_rect();
    let x = (f64::from(event.client_x()) - figure.left()) / figure.width() * SIZE.0;
    let panel = &PANELS[usize::from(x > (PANELS[0].frame[0] + PANELS[0].frame[2] + PANELS[1].frame[0]) / 2.0)];
    let sum = (x - panel.frame[0]) / panel.frame[2] * 2.0 * MOST - MOST;
    Some((sum.clamp(-MOST, MOST) * 10.0).round() / 10.0)
}

/// The functions, the sum that is moved along them, and the table of what they make of it.
#[component]
pub(super) fn Saturation(
    /// What can be moved.
    knobs: Knobs,
) -> impl IntoView {
    let words = use_i18n();
    let sum = knobs.number("x", 2.0, [-MOST, MOST], 0.1);
    let layers = knobs.whole("layers", 8, [1, LAYERS]);
    let chained = knobs.flag("chained", false);
    // Binary fractions do not hold tenths: 2.0 is to be 2.
    let x = Memo::new(move |_| (sum.get() * 10.0).round() / 10.0);
    let product = move |one: LessonActivation| {
        if chained.get() { one.chained(x.get(), layers.whole()) } else { one.product(x.get(), layers.whole()) }
    };
    let row = move |one: LessonActivation| {
        let name = move || match one {
            LessonActivation::Sigmoid => t_string!(words, relu.sigmoid),
            LessonActivation::Tanh => t_string!(words, relu.tanh),
            LessonActivation::Relu => t_string!(words, relu.relu),
        };
        let cell = move |value: Signal<f64>| view! { <td>{move || any_size(words.get_locale(), value.get())}</td> };
        view! {
            <tr>
                <th scope="row">
                    <svg class="swatch" viewBox="0 0 26 8" aria-hidden="true"><path class=class(one) d="M1 4H25"/></svg>
                    {name}
                </th>
                {cell(Signal::derive(move || one.value(x.get())))}
                {cell(Signal::derive(move || one.derivative(x.get())))}
                {cell(Signal::derive(move || product(one)))}
            </tr>
        }
    };
    let many = move || {
        let n = count(words.get_locale(), layers.whole() as u64);
        t_string!(words, relu.product, n = n)
    };
    view! {
        <div class="lesson-figure relu-part">
            <h2>{t!(words, relu.saturation_title)}</h2>
            <p>{t!(words, relu.saturation_text)}</p>
            <Figure sum x/>
            <div class="knobs">
                <Slider knob=sum name=Signal::derive(move || t_string!(words, relu.sum).to_owned())
                    shown=Signal::derive(move || decimal(words.get_locale(), x.get(), 1))/>
                <Slider knob=layers name=Signal::derive(move || t_string!(words, relu.layers).to_owned())
                    shown=Signal::derive(move || count(words.get_locale(), layers.whole() as u64))/>
            </div>
            <table class="relu-table">
                <thead>
                    <tr>
                        <th scope="col">{t!(words, relu.function)}</th>
                        <th scope="col">{t!(words, relu.value)}</th>
                        <th scope="col">{t!(words, relu.derivative)}</th>
                        <th scope="col">{many}</th>
                    </tr>
                </thead>
                <tbody>{LessonActivation::ALL.map(row).collect_view()}</tbody>
            </table>
            <Toggle value=chained name=Signal::derive(move || t_string!(words, relu.chain).to_owned())/>
            <p class="small soft">
                {move || if chained.get() { t_string!(words, relu.chained_note) } else { t_string!(words, relu.same_note) }}
            </p>
        </div>
    }
}

/// The three functions and their derivatives. Pressing or dragging moves the sum.
#[component]
fn Figure(
    /// What is moved.
    sum: Knob,
    /// Where it is.
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
            // Where it cannot be held, dragging ends at the edge.
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
                <path class="grid" d=format!("M{left} {0:.1}h{width}", panel.up(y))/>
                <text class="tick end" x=left - 5.0 y=panel.up(y) + 3.5>{text}</text>
            }
        };
        let across = move |x: f64| {
            let text = move || decimal(words.get_locale(), x, 0);
            view! { <text class="tick middle" x=panel.across(x) y=top + height + 14.0>{text}</text> }
        };
        let curve = move |one: LessonActivation| view! { <path class=class(one) d=panel.path(one)/> };
        let dot = move |one: LessonActivation| {
            let at = move || panel.up((panel.draw)(one, x.get()));
            view! { <circle class=class(one) cx=move || panel.across(x.get()) cy=at r="4"/> }
        };
        view! {
            <text class="label" x=left y="11">
                {move || if values { t_string!(words, relu.value) } else { t_string!(words, relu.derivative) }}
            </text>
            {panel.marks.iter().map(mark).collect_view()}
            {[-6.0, -3.0, 0.0, 3.0, 6.0].map(across).collect_view()}
            {LessonActivation::ALL.map(curve).collect_view()}
            <path class="here" d=move || format!("M{:.1} {top}v{height}", panel.across(x.get()))/>
            {LessonActivation::ALL.map(dot).collect_view()}
        }
    };
    view! {
        <svg class="plot relu-curves" data-drag="" viewBox=format!("0 0 {} {}", SIZE.0, SIZE.1) role="img" aria-label=name
            on:pointerdown=press on:pointermove=drag>
            {panel(&PANELS[0], true)}
            {panel(&PANELS[1], false)}
        </svg>
    }
}
