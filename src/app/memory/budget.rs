//! The memory budget of the page: a quarter of the memory of the device. `net` contains the rule and tests it.

use js_sys::Reflect;
use leptos::prelude::window;

use net::{Graph, MemoryBudgetError, check_fits};

/// The media query that matches phones and tablets, but not laptops with a touch screen.
const HANDHELD: &str = "(pointer: coarse) and (hover: none)";

/// Returns the memory budget of the page, in bytes: a quarter of `navigator.deviceMemory`.
///
/// Firefox and Safari do not report the memory, and no browser reports it to a page without HTTPS. The rule then
/// assumes 4 GiB, or 2 GiB for a phone or a tablet.
pub(in crate::app) fn budget_bytes() -> u64 {
    let memory = Reflect::get(&window().navigator(), &"deviceMemory".into()).ok().and_then(|memory| memory.as_f64());
    let handheld = window().match_media(HANDHELD).ok().flatten().is_some_and(|query| query.matches());
    net::budget_bytes(memory, handheld)
}

/// Checks that the memory of this device is large enough for `graph`.
///
/// # Errors
/// Returns [`MemoryBudgetError`], which names the networks that fit, if it is not.
pub(in crate::app) fn check_room(graph: &Graph) -> Result<(), MemoryBudgetError> {
    check_fits(graph, budget_bytes())
}
