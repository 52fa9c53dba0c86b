//! Copies text to the clipboard.

use js_sys::Reflect;
use leptos::prelude::{document, window};
use wasm_bindgen::JsCast;
use wasm_bindgen_futures::JsFuture;
use web_sys::{Clipboard, HtmlDocument, HtmlElement, HtmlTextAreaElement};

/// The browser does not let this page copy text.
#[derive(Debug, Clone, Copy)]
pub(in crate::app) struct CopyError;

/// Copies text to the clipboard. Browsers allow this only in the handler of a press.
///
/// # Errors
/// Returns [`CopyError`] if the browser allows neither way to copy.
pub(in crate::app) async fn copy(text: &str) -> Result<(), CopyError> {
    if let Some(clipboard) = clipboard()
        && JsFuture::from(clipboard.write_text(text)).await.is_ok()
    {
        return Ok(());
    }
    copy_marked(text).filter(|copied| *copied).map(drop).ok_or(CopyError)
}

/// Returns the clipboard of the browser; `None` without HTTPS, as in a local network.
fn clipboard() -> Option<Clipboard> {
    let clipboard = Reflect::get(&window().navigator(), &"clipboard".into()).ok()?;
    clipboard.is_object().then(|| clipboard.unchecked_into())
}

/// Selects the text in an invisible field and copies the selection. This older way works without HTTPS, too. Returns
/// whether the browser copied it; `None` if the field cannot be created.
fn copy_marked(text: &str) -> Option<bool> {
    let document = document().dyn_into::<HtmlDocument>().ok()?;
    let focused = document.active_element().and_then(|element| element.dyn_into::<HtmlElement>().ok());
    let field = document.create_element("textarea").ok()?.dyn_into::<HtmlTextAreaElement>().ok()?;
    field.set_value(text);
    field.set_read_only(true);
    field.set_class_name("hidden-text");
    document.body()?.append_child(&field).ok()?;
    field.select();
    let copied = document.exec_command("copy").unwrap_or(false);
    field.remove();
    if let Some(focused) = focused {
        // A person at the keyboard continues from the element that had the focus.
        let _ = focused.focus();
    }
    Some(copied)
}
