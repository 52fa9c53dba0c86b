//! The page in a frame of another page.

use leptos::prelude::*;
use web_sys::UrlSearchParams;

/// The parameter that says that the page is in a frame.
pub(super) const PARAMETER: &str = "embed";

/// Returns the parameters of the address; `None` if the browser does not give them.
pub(super) fn parameters() -> Option<UrlSearchParams> {
    let search = window().location().search().ok()?;
    UrlSearchParams::new_with_str(&search).ok()
}

/// Returns the kind of frame that the address names; `None` outside a frame.
pub(super) fn kind() -> Option<String> {
    parameters()?.get(PARAMETER)
}

/// Returns whether the page is shown in a frame of another page, without the panels beside the stage.
pub(in crate::app) fn is_embedded() -> bool {
    kind().is_some()
}

/// Lets the style sheet leave out the panels beside the stage, if the page is in a frame.
pub(in crate::app) fn mark_embedded() {
    if let (Some(kind), Some(root)) = (kind(), document().document_element()) {
        // Without the mark, the whole page is shown.
        let _ = root.set_attribute("data-embed", &kind);
    }
}
