//! How much memory the page may take here. The rule stands in `net`, where it is tested: a quarter of the device's
//! memory.

use js_sys::Reflect;
use leptos::prelude::window;

use net::{Graph, NoRoom, fits};

/// What a phone or a tablet answers to, and a laptop with a touch screen does not.
const HANDHELD: &str = "(pointer: coarse) and (hover: none)";

/// Bytes that the page may take of this device: a quarter of `navigator.deviceMemory`. Firefox and Safari do not say
/// how much memory there is, and no browser does where the page is not served securely: a device is then taken to have
/// 4 GiB, a phone or a tablet 2 GiB.
pub(super) fn budget_bytes() -> u64 {
    let told = Reflect::get(&window().navigator(), &"deviceMemory".into()).ok().and_then(|memory| memory.as_f64());
    let handheld = window().match_media(HANDHELD).ok().flatten().is_some_and(|query| query.matches());
    net::budget_bytes(told, handheld)
}

/// Whether this device has room for `graph`.
///
/// # Errors
/// [`NoRoom`], with the networks that fit.
pub(super) fn check_room(graph: &Graph) -> Result<(), NoRoom> {
    fits(graph, budget_bytes())
}
