//! HTTP requests for files.

use js_sys::{Promise, Reflect, Uint8Array};
use leptos::prelude::window;
use leptos::task::spawn_local;
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;
use web_sys::{
    AbortSignal, Headers, ReadableStreamDefaultReader, RequestCache, RequestCredentials, RequestInit, RequestMode,
    Response, Url,
};

use crate::app::browser::js::error_message;
use logic::download::{RemoteFile, ResponseHead, StoreError, file_name};

/// Reads an address, which may be relative to the address of the page.
///
/// # Errors
/// [`StoreError::Address`] if it is not an http or https address.
pub(in crate::app) fn remote_file(text: &str) -> Result<RemoteFile, StoreError> {
    let invalid = || StoreError::Address { text: text.to_owned() };
    let base = window().document().and_then(|document| document.base_uri().ok().flatten()).unwrap_or_default();
    let url = Url::new_with_base(text, &base).map_err(|_| invalid())?;
    if !["http:", "https:"].contains(&url.protocol().as_str()) {
        return Err(invalid());
    }
    // The fragment is not part of the request.
    url.set_hash("");
    Ok(RemoteFile { url: url.href(), sha256: None })
}

/// The body of a response.
pub(super) struct Body {
    response: Response,
    /// The reader; none until the first chunk is read.
    reader: Option<ReadableStreamDefaultReader>,
}

impl Body {
    /// Returns the next bytes; none at the end.
    ///
    /// # Errors
    /// The browser's message if the connection broke.
    pub(super) async fn next_chunk(&mut self) -> Result<Option<Uint8Array>, String> {
        if self.reader.is_none() {
            self.reader = self.response.body().map(|body| body.get_reader().unchecked_into());
        }
        let Some(reader) = &self.reader else { return Ok(None) };
        let next = JsFuture::from(reader.read()).await.map_err(|error| error_message(&error))?;
        Ok(Reflect::get(&next, &"value".into()).ok().and_then(|value| value.dyn_into().ok()))
    }

    /// Closes the connection. A body that nobody reads would continue to arrive.
    pub(super) fn close(self) {
        let cancelled: Option<Promise> = match self.reader {
            Some(reader) => Some(reader.cancel()),
            None => self.response.body().map(|body| body.cancel()),
        };
        if let Some(cancelled) = cancelled {
            spawn_local(async move {
                // A connection that is broken already needs no further message.
                let _ = JsFuture::from(cancelled).await;
            });
        }
    }
}

/// Requests the bytes of `url` from `offset` on.
///
/// The request has no `If-Range`: other origins would have to allow that header in a preflight, which few do. The
/// response shows whether the file is still the same version.
///
/// # Errors
/// The error of the browser if there is no response.
pub(super) async fn send(
    url: &str,
    offset: u64,
    signal: Option<&AbortSignal>,
) -> Result<(ResponseHead, Body), JsValue> {
    let init = RequestInit::new();
    init.set_mode(RequestMode::Cors);
    init.set_credentials(RequestCredentials::SameOrigin);
    // The page stores the file; the browser's cache need not hold it as well.
    init.set_cache(RequestCache::NoStore);
    init.set_signal(signal);
    if offset > 0 {
        let headers = Headers::new()?;
        headers.set("range", &format!("bytes={offset}-"))?;
        init.set_headers_headers(&headers);
    }
    let response = JsFuture::from(window().fetch_with_str_and_init(url, &init)).await?;
    let response: Response = response.dyn_into()?;
    let headers = response.headers();
    let head = ResponseHead::new(response.status(), |name| headers.get(name).ok().flatten());
    Ok((head, Body { response, reader: None }))
}

/// Finds out why there was no response. The error of the browser does not tell a missing CORS header from a server that
/// does not answer.
pub(super) async fn explain(url: &str, error: &JsValue) -> StoreError {
    let name = file_name(url);
    if !window().navigator().on_line() {
        return StoreError::Offline { name };
    }
    let host = Url::new(url).map(|url| url.host()).unwrap_or_default();
    // Every origin may be asked for a response that the page cannot read. If one arrives, only the CORS header is
    // missing.
    let init = RequestInit::new();
    init.set_mode(RequestMode::NoCors);
    init.set_method("HEAD");
    init.set_cache(RequestCache::NoStore);
    match JsFuture::from(window().fetch_with_str_and_init(url, &init)).await {
        Ok(response) if response.unchecked_ref::<Response>().type_() == web_sys::ResponseType::Opaque => {
            StoreError::Cors { host, name }
        }
        _ => StoreError::Unreachable { host, reason: error_message(error) },
    }
}
