//! Text for the clipboard.

use js_sys::Reflect;
use leptos::prelude::{document, window};
use wasm_bindgen::JsCast;
use wasm_bindgen_futures::JsFuture;
use web_sys::{Clipboard, HtmlDocument, HtmlElement, HtmlTextAreaElement};

/// The browser lets this page put nothing on the clipboard.
#[derive(Debug, Clone, Copy)]
pub(super) struct CopyError;

/// Puts text on the clipboard; to be called while a press is answered, as browsers ask for.
///
/// # Errors
/// [`CopyError`], where the browser has no way to it.
pub(super) async fn copy(text: &str) -> Result<(), CopyError> {
    if let Some(clipboard) = clipboard()
        && JsFuture::from(clipboard.write_text(text)).await.is_ok()
    {
        return Ok(());
    }
    copy_marked(text).filter(|copied| *copied).map(drop).ok_or(CopyError)
}

/// The browser's clipboard; absent where the page is not served securely, as in a local network.
fn clipboard() -> Option<Clipboard> {
    let clipboard = Reflect::get(&window().navigator(), &"clipboard".into()).ok()?;
    clipboard.is_object().then(|| clipboard.unchecked_into())
}

/// Marks the text in a field that nobody sees, and has the browser copy what is marked: the older way, which pages without
/// https have, too. Whether it did; none where there is no such field to be had.
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
        // Who came by keyboard goes on from where they were.
        let _ = focused.focus();
    }
    Some(copied)
}
