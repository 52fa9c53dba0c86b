//! Navigation between lessons without loading the page again.

use leptos::ev::{self, MouseEvent};
use leptos::prelude::*;
use wasm_bindgen::{JsCast, JsValue};
use web_sys::Element;

use super::link::{Route, is_within};

/// Reads the address of the window.
fn current_route() -> Route {
    Route::parse(&window().location().pathname().unwrap_or_default())
}

/// Returns the current route, which follows the history and the links of the page.
pub(super) fn follow_route() -> RwSignal<Route> {
    let route = RwSignal::new(current_route());
    let back = window_event_listener(ev::popstate, move |_| route.set(current_route()));
    let click = window_event_listener(ev::click, move |event| {
        if let Some(address) = clicked_address(&event) {
            event.prevent_default();
            let history = window().history();
            // If the history refuses the address, the browser follows the link itself.
            if history.and_then(|history| history.push_state_with_url(&JsValue::NULL, "", Some(&address))).is_err() {
                let _ = window().location().set_href(&address);
                return;
            }
            route.set(current_route());
            window().scroll_to_with_x_and_y(0.0, 0.0);
        }
    });
    on_cleanup(move || {
        back.remove();
        click.remove();
    });
    route
}

/// Returns the address behind a click on a link within `/learn`, unless the click opens it elsewhere.
fn clicked_address(event: &MouseEvent) -> Option<String> {
    if event.button() != 0 || event.alt_key() || event.ctrl_key() || event.meta_key() || event.shift_key() {
        return None;
    }
    let target = event.target()?.dyn_into::<Element>().ok()?;
    let link = target.closest("a[href]").ok()??;
    link.get_attribute("href").filter(|address| is_within(address))
}
