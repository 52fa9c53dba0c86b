//! Results and errors of exports.

use wasm_bindgen::JsValue;

use crate::app::browser::clipboard::CopyError;
use crate::app::browser::js::error_message;
use crate::app::runner::ReadbackError;

/// The result of an export.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Exported {
    /// The link is on the clipboard.
    Link,
    /// The HTML of a frame is on the clipboard.
    Frame,
    /// A file of this name is saved.
    File(String),
}

/// The reason why an export failed.
#[derive(Debug)]
pub(super) enum ExportError {
    /// No pass has been completed yet.
    NoPass,
    /// The browser gives no canvas.
    Canvas,
    /// The script that draws the stage could not be fetched.
    Script,
    /// The fetched script is another one.
    OtherScript,
    /// The browser refused access to the clipboard.
    Clipboard(CopyError),
    /// The values could not be read back.
    Readback(ReadbackError),
    /// The message of the browser or of the writer of a format.
    Message(String),
}

impl ExportError {
    /// Makes an error of one of the browser.
    pub(super) fn of_browser(error: &JsValue) -> Self {
        Self::Message(error_message(error))
    }
}

impl From<CopyError> for ExportError {
    fn from(error: CopyError) -> Self {
        Self::Clipboard(error)
    }
}

impl From<ReadbackError> for ExportError {
    fn from(error: ReadbackError) -> Self {
        Self::Readback(error)
    }
}
