//! Time and waiting, on the page and in its worker.

use js_sys::{Function, Promise, Reflect};
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;
use web_sys::{MessageChannel, Performance};

fn global(name: &str) -> JsValue {
    Reflect::get(&js_sys::global(), &JsValue::from_str(name)).unwrap_or(JsValue::UNDEFINED)
}

/// Returns the time since the page or the worker was opened, in milliseconds.
pub(super) fn now_ms() -> f64 {
    global("performance").dyn_ref::<Performance>().map_or(0.0, Performance::now)
}

/// Waits until the first of some functions of the browser calls back. Each function has its name and the arguments
/// after the callback.
async fn wait_for(asked: &[(&str, &[JsValue])]) {
    let promise = Promise::new(&mut |resolve, _| {
        let ask = |(name, arguments): &(&str, &[JsValue])| {
            let all = std::iter::once::<&JsValue>(resolve.as_ref()).chain(arguments.iter()).collect();
            global(name).dyn_into::<Function>().and_then(|function| function.apply(&JsValue::UNDEFINED, &all))
        };
        let heard = asked.iter().map(ask).filter(Result::is_ok).count();
        // If no function can be called, do not wait. That is no error.
        if heard == 0 {
            let _ = resolve.call0(&JsValue::UNDEFINED);
        }
    });
    // The promise is never rejected.
    let _ = JsFuture::from(promise).await;
}

/// Waits for some milliseconds.
pub(super) async fn sleep(milliseconds: i32) {
    wait_for(&[("setTimeout", &[milliseconds.into()])]).await;
}

/// Lets the browser draw and handle events.
pub(super) async fn yield_to_browser() {
    sleep(0).await;
}

/// The longest wait for a frame, in milliseconds: a browser does not draw a hidden page.
const UNSEEN_MS: i32 = 100;

/// Waits until the browser draws the next frame, or until [`UNSEEN_MS`] have passed.
pub(super) async fn next_frame() {
    wait_for(&[("requestAnimationFrame", &[]), ("setTimeout", &[UNSEEN_MS.into()])]).await;
}

/// Lets messages arrive. This is faster than [`yield_to_browser`]: nested timers wait for at least 4 ms, and messages
/// do not.
pub(super) async fn yield_to_messages() {
    let Ok(channel) = MessageChannel::new() else { return yield_to_browser().await };
    let promise = Promise::new(&mut |resolve, _| channel.port1().set_onmessage(Some(&resolve)));
    if channel.port2().post_message(&JsValue::NULL).is_ok() {
        let _ = JsFuture::from(promise).await;
    }
    channel.port1().close();
}
