//! Time and waiting, on the page and in its worker.

use js_sys::{Function, Promise};
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;
use web_sys::{MessageChannel, Performance};

use super::js::get;

fn global(name: &str) -> JsValue {
    get(&js_sys::global(), name)
}

/// Calls a global function of the browser.
fn call(name: &str, arguments: &[&JsValue]) -> Result<JsValue, JsValue> {
    let function = global(name).dyn_into::<Function>()?;
    function.apply(&JsValue::UNDEFINED, &arguments.iter().copied().collect())
}

/// Returns the time since the page or the worker was opened, in milliseconds.
pub fn now_ms() -> f64 {
    global("performance").dyn_ref::<Performance>().map_or(0.0, Performance::now)
}

/// A function of the browser that calls back later.
struct Timer<'a> {
    /// Takes the callback and `arguments`, and returns the number of the call.
    start: &'a str,
    /// Takes the number of a call and cancels it.
    clear: &'a str,
    arguments: &'a [JsValue],
}

/// Waits until the first of some timers calls back, and clears the others.
async fn wait_for(timers: &[Timer<'_>]) {
    let mut calls = Vec::new();
    let promise = Promise::new(&mut |resolve, _| {
        let start = |timer: &Timer<'_>| {
            let arguments: Vec<_> = std::iter::once::<&JsValue>(resolve.as_ref()).chain(timer.arguments).collect();
            call(timer.start, &arguments)
        };
        calls = timers.iter().map(start).collect();
        // If no function can be called, do not wait. That is no error.
        if calls.iter().all(Result::is_err) {
            let _ = resolve.call0(&JsValue::UNDEFINED);
        }
    });
    // The promise is never rejected.
    let _ = JsFuture::from(promise).await;
    for (timer, number) in timers.iter().zip(calls) {
        if let Ok(number) = number {
            // The timer that has called back needs no clearing; the browser ignores its number.
            let _ = call(timer.clear, &[&number]);
        }
    }
}

/// Waits for some milliseconds.
pub(in crate::app) async fn sleep(milliseconds: i32) {
    wait_for(&[Timer { start: "setTimeout", clear: "clearTimeout", arguments: &[milliseconds.into()] }]).await;
}

/// Lets the browser draw and handle events.
pub(in crate::app) async fn yield_to_browser() {
    sleep(0).await;
}

/// The longest wait for a frame, in milliseconds: a browser does not draw a hidden page.
const UNSEEN_MS: i32 = 100;

/// Waits until the browser draws the next frame, or until [`UNSEEN_MS`] have passed.
pub(in crate::app) async fn next_frame() {
    let frame = Timer { start: "requestAnimationFrame", clear: "cancelAnimationFrame", arguments: &[] };
    let timeout = Timer { start: "setTimeout", clear: "clearTimeout", arguments: &[UNSEEN_MS.into()] };
    wait_for(&[frame, timeout]).await;
}

/// Lets messages arrive. This is faster than `yield_to_browser`: nested timers wait for at least 4 ms, and messages
/// do not.
pub async fn yield_to_messages() {
    let Ok(channel) = MessageChannel::new() else { return yield_to_browser().await };
    let promise = Promise::new(&mut |resolve, _| channel.port1().set_onmessage(Some(&resolve)));
    if channel.port2().post_message(&JsValue::NULL).is_ok() {
        let _ = JsFuture::from(promise).await;
    }
    channel.port1().close();
}

#[cfg(test)]
mod tests {
    use wasm_bindgen_test::wasm_bindgen_test;

    use super::*;

    #[wasm_bindgen_test]
    async fn a_wait_leaves_no_timer_behind() {
        let counting = "globalThis.running = new Set();
            const { setTimeout: start, clearTimeout: clear } = globalThis;
            globalThis.setTimeout = (...all) => { const id = start(...all); running.add(id); return id; };
            globalThis.clearTimeout = (id) => { running.delete(id); clear(id); };";
        js_sys::eval(counting).expect("should count timers");
        next_frame().await;
        let running = js_sys::eval("running.size").expect("should be a number");
        assert_eq!(running.as_f64(), Some(0.0));
    }
}
