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

/// Rests until the first of some functions of the browser, each with its further arguments, calls back.
async fn rest(asked: &[(&str, &[JsValue])]) {
    let promise = Promise::new(&mut |resolve, _| {
        let ask = |(name, arguments): &(&str, &[JsValue])| {
            let all = std::iter::once::<&JsValue>(resolve.as_ref()).chain(arguments.iter()).collect();
            global(name).dyn_into::<Function>().and_then(|function| function.apply(&JsValue::UNDEFINED, &all))
        };
        let heard = asked.iter().map(ask).filter(Result::is_ok).count();
        // Where none can be asked there is no rest, which is no fault.
        if heard == 0 {
            let _ = resolve.call0(&JsValue::UNDEFINED);
        }
    });
    // The promise is never rejected.
    let _ = JsFuture::from(promise).await;
}

/// Rests for so many milliseconds.
pub(super) async fn sleep(milliseconds: i32) {
    rest(&[("setTimeout", &[milliseconds.into()])]).await;
}

/// Lets the page draw and answer before the work goes on.
pub(super) async fn yield_to_browser() {
    sleep(0).await;
}

/// How long the page rests at most until the browser draws, in milliseconds: one that is not seen is not drawn.
const UNSEEN_MS: i32 = 100;

/// Rests until the browser draws.
pub(super) async fn next_frame() {
    rest(&[("requestAnimationFrame", &[]), ("setTimeout", &[UNSEEN_MS.into()])]).await;
}

/// Lets messages in before the work goes on: timers rest for 4 ms when they are set again and again, a message does
/// not.
pub(super) async fn yield_to_messages() {
    let Ok(channel) = MessageChannel::new() else { return yield_to_browser().await };
    let promise = Promise::new(&mut |resolve, _| channel.port1().set_onmessage(Some(&resolve)));
    if channel.port2().post_message(&JsValue::NULL).is_ok() {
        let _ = JsFuture::from(promise).await;
    }
    channel.port1().close();
}
