//! Time and rests, on the page and in its worker.

use js_sys::{Function, Promise, Reflect};
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;
use web_sys::{MessageChannel, Performance};

fn global(name: &str) -> JsValue {
    Reflect::get(&js_sys::global(), &JsValue::from_str(name)).unwrap_or(JsValue::UNDEFINED)
}

/// Milliseconds since the page, or the worker, was opened.
pub(super) fn now_ms() -> f64 {
    global("performance").dyn_ref::<Performance>().map_or(0.0, Performance::now)
}

/// Rests for so many milliseconds.
pub(super) async fn sleep(milliseconds: i32) {
    let promise = Promise::new(&mut |resolve, _| {
        let timer = global("setTimeout").dyn_into::<Function>();
        let set = timer.and_then(|timer| timer.call2(&JsValue::UNDEFINED, &resolve, &milliseconds.into()));
        // Without a timer there is no rest, which is no fault.
        if set.is_err() {
            let _ = resolve.call0(&JsValue::UNDEFINED);
        }
    });
    // The promise is never rejected.
    let _ = JsFuture::from(promise).await;
}

/// Lets the page draw and answer before the work goes on.
pub(super) async fn breathe() {
    sleep(0).await;
}

/// Rests until the browser draws; a page that is not seen is not drawn, and rests a moment.
pub(super) async fn frame() {
    let promise = Promise::new(&mut |resolve, _| {
        let call = |name: &str, arguments: &[JsValue]| {
            let function = global(name).dyn_into::<Function>();
            function.and_then(|function| function.apply(&JsValue::UNDEFINED, &arguments.iter().collect()))
        };
        // Where neither is there, there is no rest.
        let asked = [
            call("requestAnimationFrame", &[resolve.clone().into()]),
            call("setTimeout", &[resolve.clone().into(), UNSEEN_MS.into()]),
        ];
        if asked.iter().all(Result::is_err) {
            let _ = resolve.call0(&JsValue::UNDEFINED);
        }
    });
    // The promise is never rejected.
    let _ = JsFuture::from(promise).await;
}

/// How long a page that is not seen rests instead of being drawn, in milliseconds.
const UNSEEN_MS: i32 = 100;

/// Lets messages in before the work goes on: timers rest for 4 ms when they are set again and again, a message does
/// not.
pub(super) async fn look_up() {
    let Ok(channel) = MessageChannel::new() else { return breathe().await };
    let promise = Promise::new(&mut |resolve, _| channel.port1().set_onmessage(Some(&resolve)));
    if channel.port2().post_message(&JsValue::NULL).is_ok() {
        let _ = JsFuture::from(promise).await;
    }
    channel.port1().close();
}
