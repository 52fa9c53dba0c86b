//! One HTTP request for a file or the rest of it, and what the answer says of the file.

use js_sys::Promise;
use leptos::prelude::window;
use leptos::task::spawn_local;
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;
use web_sys::{AbortSignal, Headers, RequestCache, RequestCredentials, RequestInit, RequestMode, Response, Url};

use super::js::message;
use super::record::Version;
use super::{StoreError, Wanted, file_name};

impl Wanted {
    /// The file at `text`, an address that may be relative to the page's.
    ///
    /// # Errors
    /// [`StoreError::Address`] where that is no http or https address.
    pub(in crate::app) fn at(text: &str) -> Result<Self, StoreError> {
        let fault = || StoreError::Address { text: text.to_owned() };
        let base = window().document().and_then(|document| document.base_uri().ok().flatten()).unwrap_or_default();
        let url = Url::new_with_base(text, &base).map_err(|_| fault())?;
        if !["http:", "https:"].contains(&url.protocol().as_str()) {
            return Err(fault());
        }
        // What stands behind # is no part of what is fetched.
        url.set_hash("");
        Ok(Self { url: url.href(), sha256: None })
    }
}

/// What an answer says.
#[derive(Debug)]
pub(super) struct Answer {
    pub(super) response: Response,
    /// Bytes of its body, where it says so.
    length: Option<u64>,
    /// The first byte and the whole length of a part, where the server lets the page see them.
    range: Option<(u64, u64)>,
    /// The version of the file.
    pub(super) version: Version,
}

impl Answer {
    fn of(response: Response) -> Self {
        let headers = response.headers();
        let header = |name: &str| headers.get(name).ok().flatten();
        // A body that is packed on the way has another length when it is unpacked.
        let packed = header("content-encoding").is_some_and(|name| name != "identity");
        let length = header("content-length").filter(|_| !packed).and_then(|text| text.parse().ok());
        let range = header("content-range").and_then(|text| {
            let (place, total) = text.strip_prefix("bytes ")?.split_once('/')?;
            Some((place.split_once('-')?.0.parse().ok()?, total.parse().ok()?))
        });
        // A weak ETag does not say that the bytes are the same.
        let etag = header("etag").filter(|etag| !etag.starts_with("W/"));
        let version = Version { etag, modified: header("last-modified") };
        Self { response, length, range, version }
    }

    /// Has the browser close the connection: a body that nobody reads goes on arriving otherwise.
    pub(super) fn refuse(&self) {
        if let Some(body) = self.response.body() {
            close(body.cancel());
        }
    }

    /// Bytes of the whole file, where the body is all of it.
    pub(super) fn total(&self) -> Option<u64> {
        self.length
    }

    /// Whether the body is what follows the first `from` bytes of a file of `total` bytes.
    pub(super) fn continues(&self, from: u64, total: Option<u64>) -> bool {
        let place = self.range.is_none_or(|(start, all)| start == from && total.is_none_or(|total| total == all));
        // Other origins seldom let pages see Content-Range: the length of what is left says the same.
        let rest = self.length.zip(total).is_none_or(|(length, total)| length.checked_add(from) == Some(total));
        let told = self.range.is_some() || self.length.is_some() && total.is_some();
        self.response.status() == 206 && told && place && rest
    }
}

/// Asks for the bytes of `url` from `from` on.
///
/// `If-Range` is not sent: other origins would have to allow it in a preflight, which few do; whether the file is still
/// the same version is seen from the answer.
///
/// # Errors
/// What the browser says, where no answer comes.
pub(super) async fn send(url: &str, from: u64, signal: Option<&AbortSignal>) -> Result<Answer, JsValue> {
    let init = RequestInit::new();
    init.set_mode(RequestMode::Cors);
    init.set_credentials(RequestCredentials::SameOrigin);
    // The file is kept here; the browser's own cache need not hold it a second time.
    init.set_cache(RequestCache::NoStore);
    init.set_signal(signal);
    if from > 0 {
        let headers = Headers::new()?;
        headers.set("range", &format!("bytes={from}-"))?;
        init.set_headers_headers(&headers);
    }
    let response = JsFuture::from(window().fetch_with_str_and_init(url, &init)).await?;
    Ok(Answer::of(response.dyn_into()?))
}

/// Lets a connection be closed in its own time; one that has broken already says so to nobody.
pub(super) fn close(cancelled: Promise) {
    spawn_local(async move {
        let _ = JsFuture::from(cancelled).await;
    });
}

/// Why no answer came, in our words: a browser does not tell pages of other sites.
pub(super) async fn explain(url: &str, error: &JsValue) -> StoreError {
    let name = file_name(url);
    if !window().navigator().on_line() {
        return StoreError::Offline { name };
    }
    let host = Url::new(url).map(|url| url.host()).unwrap_or_default();
    // A request whose answer the page may not see is allowed everywhere: where it gets through, only CORS is missing.
    let init = RequestInit::new();
    init.set_mode(RequestMode::NoCors);
    init.set_method("HEAD");
    init.set_cache(RequestCache::NoStore);
    match JsFuture::from(window().fetch_with_str_and_init(url, &init)).await {
        Ok(response) if response.unchecked_ref::<Response>().type_() == web_sys::ResponseType::Opaque => {
            StoreError::Cors { host, name }
        }
        _ => StoreError::Unreachable { host, reason: message(error) },
    }
}
