//! `window.layerscope`, the interface for other pages, scripts and tests. docs/api.md documents it.

use js_sys::{Float32Array, Object, Promise};
use leptos::prelude::*;
use wasm_bindgen::closure::Closure;
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::future_to_promise;
use web_sys::{CustomEvent, CustomEventInit, UrlSearchParams};

use super::methods;
use crate::app::browser::js::set;
use crate::app::components::deferred::is_built;
use crate::app::link;
use crate::app::runner;
use crate::app::second;
use crate::app::session;
use crate::app::start;
use crate::app::state::{EngineStatus, Page};
use crate::app::why;
use input::DIGIT_SIDE;

/// Reports a panic to the panel outside of the WebAssembly.
pub(in crate::app) fn tell_panic(message: &str) {
    let init = CustomEventInit::new();
    init.set_detail(&JsValue::from_str(message));
    if let Ok(event) = CustomEvent::new_with_event_init_dict("layerscope-panic", &init) {
        // If nothing listens to the event, there is no other way to report the panic.
        let _ = window().dispatch_event(&event);
    }
}

/// Adds a method to an object. The closure lives as long as the page.
fn method(object: &Object, name: &str, function: impl Fn(JsValue) -> JsValue + 'static) {
    let closure = Closure::<dyn Fn(JsValue) -> JsValue>::new(function);
    set(object, name, closure.as_ref());
    closure.forget();
}

/// Sets `window.layerscope` on the page of the stage.
pub(in crate::app) fn expose(page: Page) {
    let object = Object::new();
    set(&object, "ready", &ready(page));
    method(&object, "engine", move |_| engine(page).into());
    method(&object, "passes", move |_| JsValue::from_f64(page.run.passes().get_untracked() as f64));
    method(&object, "memory", |_| {
        let memory = wasm_bindgen::memory().unchecked_into::<js_sys::WebAssembly::Memory>();
        let buffer = memory.buffer().unchecked_into::<js_sys::ArrayBuffer>();
        JsValue::from_f64(f64::from(buffer.byte_length()))
    });
    method(&object, "state", move |_| state(page).into());
    method(&object, "open", move |name| open(page, &name.as_string().unwrap_or_default()).into());
    method(&object, "loseDevice", |_| {
        runner::lose_device();
        session::lose_device();
        JsValue::UNDEFINED
    });
    method(&object, "setInput", move |value| match give(page, &value) {
        Ok(()) => JsValue::UNDEFINED,
        Err(text) => Promise::reject(&js_sys::Error::new(&text)).into(),
    });
    method(&object, "go", move |state| {
        if let Ok(state) = UrlSearchParams::new_with_str(&state.as_string().unwrap_or_default()) {
            link::go(page, &state);
        }
        JsValue::UNDEFINED
    });
    method(&object, "show", move |input| match second::show(page, &input) {
        Ok(()) => JsValue::UNDEFINED,
        Err(text) => Promise::reject(&js_sys::Error::new(&text)).into(),
    });
    method(&object, "stepTo", move |part| {
        page.selection.go_to_share(part.as_f64().unwrap_or(0.0));
        JsValue::UNDEFINED
    });
    method(&object, "evidence", move |_| why::shown(page));
    method(&object, "activation", move |name| {
        let name = name.as_string().unwrap_or_default();
        future_to_promise(async move {
            let values =
                runner::activation(page, name).await.map_err(|error| js_sys::Error::new(&error.to_string()))?;
            Ok(Float32Array::from(values.as_slice()).into())
        })
        .into()
    });
    add_scripts(&object);
    set(&window(), "layerscope", &object);
}

/// Sets `window.layerscope` on a page without a stage: only the methods that load and run networks.
pub(in crate::app) fn expose_scripts() {
    expose_part(add_scripts);
}

/// Sets `window.layerscope` on a page without engines: only the methods that count.
pub fn expose_counts() {
    expose_part(add_counts);
}

fn expose_part(add: fn(&Object)) {
    let object = Object::new();
    set(&object, "ready", &Promise::resolve(&JsValue::UNDEFINED));
    add(&object);
    set(&window(), "layerscope", &object);
}

fn add_counts(object: &Object) {
    method(object, "networks", |_| methods::networks());
    let summary = Closure::<dyn Fn(JsValue) -> Result<JsValue, JsValue>>::new(|name: JsValue| {
        methods::summary(&name).map_err(|error| methods::fault(&error).into())
    });
    set(object, "summary", summary.as_ref());
    summary.forget();
}

fn add_scripts(object: &Object) {
    add_counts(object);
    let load = Closure::<dyn Fn(JsValue, JsValue) -> JsValue>::new(|name: JsValue, options: JsValue| {
        methods::load(&name, &options)
    });
    set(object, "load", load.as_ref());
    load.forget();
    method(object, "run", |options| methods::run(&options));
    method(object, "bench", |options| methods::bench(&options));
    method(object, "stored", |_| methods::stored());
    method(object, "forget", |url| methods::forget(&url));
}

/// Returns a promise that resolves when the page is built and shows its first pass.
fn ready(page: Page) -> Promise {
    Promise::new(&mut |resolve, _| {
        Effect::new(move |done: Option<bool>| {
            let done = done.unwrap_or(false);
            if !done && is_built() && page.run.readout().read().is_some() {
                let _ = resolve.call0(&JsValue::UNDEFINED);
                return true;
            }
            done
        });
    })
}

/// Opens a network. The promise resolves when the first pass is shown, or is rejected with a sentence.
fn open(page: Page, name: &str) -> Promise {
    if let Err(unopened) = start::open_network(page, name) {
        return Promise::reject(&js_sys::Error::new(&unopened.to_string()));
    }
    ready(page)
}

fn engine(page: Page) -> Object {
    let object = Object::new();
    let (name, adapter, screen) = match page.run.status().get_untracked() {
        EngineStatus::Gpu { adapter, direct } => ("gpu", adapter, if direct { "webgpu" } else { "canvas2d" }),
        EngineStatus::Cpu { .. } => ("cpu", String::new(), "canvas2d"),
        EngineStatus::Starting => ("starting", String::new(), ""),
        EngineStatus::Failed => ("failed", String::new(), ""),
    };
    set(&object, "name", &name.into());
    set(&object, "adapter", &adapter.into());
    set(&object, "screen", &screen.into());
    let milliseconds =
        page.run.readout().read_untracked().as_ref().map_or(JsValue::NULL, |readout| readout.milliseconds.into());
    set(&object, "lastMs", &milliseconds);
    let dispatches =
        page.run.readout().read_untracked().as_ref().map_or(JsValue::NULL, |f| (f.dispatches as f64).into());
    set(&object, "dispatches", &dispatches);
    set(&object, "busy", &runner::is_busy().into());
    set(&object, "passes", &(page.run.passes().get_untracked() as f64).into());
    object
}

fn state(page: Page) -> Object {
    untrack(|| {
        let object = Object::new();
        for (name, value) in link::state(page) {
            set(&object, name, &value.into());
        }
        // The current map and cell: the pointer takes precedence over the selection.
        let (node, map, cell) = page.selection.current();
        set(&object, "layer", &page.network.node(node).name.into());
        set(&object, "map", &(map as f64).into());
        if let Some((y, x)) = cell {
            set(&object, "y", &(y as f64).into());
            set(&object, "x", &(x as f64).into());
        }
        set(&object, "step", &(page.selection.step().get() as f64).into());
        set(&object, "steps", &(page.view.steps().read().len() as f64).into());
        let label =
            page.input.drawing().read().digit.and_then(|index| page.input.digits().read().as_ref()?.label(index));
        if let Some(label) = label {
            set(&object, "label", &f64::from(label).into());
        }
        object
    })
}

/// Shows a digit in place of the drawing: a `Float32Array` of 28 × 28 values from 0 to 1, row-major.
///
/// # Errors
/// Returns a sentence in English if `value` is anything else.
fn give(page: Page, value: &JsValue) -> Result<(), String> {
    let array = value.dyn_ref::<Float32Array>().ok_or("setInput takes a Float32Array")?;
    let values = array.to_vec();
    if values.len() != DIGIT_SIDE * DIGIT_SIDE || values.iter().any(|v| !(0.0..=1.0).contains(v)) {
        return Err("setInput takes 784 values (28 rows of 28), each from 0 to 1".to_owned());
    }
    page.input.give_digit(values);
    Ok(())
}
