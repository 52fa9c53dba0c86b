//! The address of the page: read once, and kept up to date with the comparison.

use leptos::prelude::*;
use wasm_bindgen::JsValue;
use web_sys::UrlSearchParams;

use super::comparison::Comparison;
use super::link::ComparisonLink;
use super::notice::ComparisonNotice;
use layerscope::app::wording::language::PARAMETER;

/// Applies the address of the window to the comparison. Returns notices about the parts it cannot use.
pub(super) fn open(comparison: Comparison) -> Vec<ComparisonNotice> {
    let search = window().location().search().unwrap_or_default();
    let Ok(parameters) = UrlSearchParams::new_with_str(&search) else { return Vec::new() };
    let (link, problems) = ComparisonLink::parse(|name| parameters.get(name));
    comparison.apply(link);
    problems.into_iter().map(ComparisonNotice::Link).collect()
}

/// Keeps the address up to date with the comparison and the chosen language. A change of the comparison removes the
/// notices.
pub(super) fn keep(comparison: Comparison, language: Signal<Option<String>>, notices: RwSignal<Vec<ComparisonNotice>>) {
    let written = Memo::new(move |_| {
        let query = comparison.link().query();
        let language = language.read().as_ref().map(|language| format!("&{PARAMETER}={language}"));
        let address = format!("{query}{}", language.unwrap_or_default());
        (query, address)
    });
    Effect::new(move |before: Option<(String, String)>| {
        let now = written.get();
        // The address that opened the page stays as it is until something changes.
        if let Some(before) = before.filter(|before| *before != now) {
            if before.0 != now.0 {
                notices.set(Vec::new());
            }
            if let Ok(history) = window().history() {
                // If the history refuses the address, the page still shows the comparison.
                let _ = history.replace_state_with_url(&JsValue::NULL, "", Some(&now.1));
            }
        }
        now
    });
}
