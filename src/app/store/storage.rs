//! The browser's storage of named blobs: the origin private file system, else the Cache Storage, else this tab alone.

use std::cell::RefCell;
use std::collections::BTreeMap;

use js_sys::{Array, IteratorNext, Promise, Reflect};
use leptos::prelude::window;
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;
use web_sys::{
    Blob, Cache, FileSystemDirectoryHandle, FileSystemFileHandle, FileSystemGetDirectoryOptions,
    FileSystemGetFileOptions, FileSystemWritableFileStream, Request, Response, StorageEstimate,
};

use crate::app::browser::js::{error_message, error_name, get};
use logic::download::{BlobStorage, StoreError};

/// The name of the folder and of the cache. The number changes with the format of the stored files.
const NAME: &str = "weights-1";

thread_local! {
    static TAB: RefCell<BTreeMap<String, Blob>> = const { RefCell::new(BTreeMap::new()) };
}

/// A storage of the browser.
#[derive(Debug)]
pub(super) enum BrowserStorage {
    /// A folder of the origin private file system.
    Folder(FileSystemDirectoryHandle),
    /// A cache of the Cache Storage. Names are addresses below this one.
    Cache(Cache, String),
    /// The blobs of this tab, if the browser stores nothing for this page.
    Tab,
}

impl BrowserStorage {
    /// Opens the best storage of this browser.
    pub(super) async fn open() -> Self {
        if let Some(folder) = folder().await {
            return Self::Folder(folder);
        }
        match cache().await {
            Some((cache, base)) => Self::Cache(cache, base),
            None => Self::Tab,
        }
    }
}

impl BlobStorage for BrowserStorage {
    type Blob = Blob;

    async fn names(&self) -> Result<Vec<String>, StoreError> {
        let mut names = Vec::new();
        match self {
            Self::Folder(folder) => {
                let keys = folder.keys();
                loop {
                    let next = keys.next().map_err(|error| storage_error(&error))?;
                    let next = JsFuture::from(next).await.map_err(|error| storage_error(&error))?;
                    let next: IteratorNext = next.unchecked_into();
                    if next.done() {
                        break;
                    }
                    names.extend(next.value().as_string());
                }
            }
            Self::Cache(cache, base) => {
                let requests: Array = awaited(cache.keys()).await?;
                let urls = requests.iter().filter_map(|request| request.dyn_into::<Request>().ok());
                names.extend(urls.filter_map(|request| Some(request.url().strip_prefix(base)?.to_owned())));
            }
            Self::Tab => TAB.with_borrow(|tab| names.extend(tab.keys().cloned())),
        }
        Ok(names)
    }

    async fn get(&self, name: &str) -> Result<Option<Blob>, StoreError> {
        match self {
            Self::Folder(folder) => {
                let file = match JsFuture::from(folder.get_file_handle(name)).await {
                    Err(error) if is_not_found(&error) => return Ok(None),
                    other => other.map_err(|error| storage_error(&error))?,
                };
                let file: FileSystemFileHandle = file.unchecked_into();
                Ok(Some(awaited(file.get_file()).await?))
            }
            Self::Cache(cache, base) => {
                let found = JsFuture::from(cache.match_with_str(&format!("{base}{name}"))).await;
                let found = found.map_err(|error| storage_error(&error))?;
                let Ok(response) = found.dyn_into::<Response>() else { return Ok(None) };
                let blob = response.blob().map_err(|error| storage_error(&error))?;
                Ok(Some(awaited(blob).await?))
            }
            Self::Tab => Ok(TAB.with_borrow(|tab| tab.get(name).cloned())),
        }
    }

    async fn put(&self, name: &str, blob: &Blob) -> Result<(), StoreError> {
        let written = match self {
            Self::Folder(folder) => write_file(folder, name, blob).await,
            Self::Cache(cache, base) => put_in_cache(cache, &format!("{base}{name}"), blob).await,
            Self::Tab => {
                TAB.with_borrow_mut(|tab| tab.insert(name.to_owned(), blob.clone()));
                Ok(())
            }
        };
        written.map_err(|error| {
            // The blob is made of bytes that have arrived. If it cannot be read, the browser had no room to hold it.
            if matches!(error_name(&error).as_deref(), Some("QuotaExceededError" | "NotReadableError")) {
                return StoreError::Full { name: name.to_owned(), needs: None, free: None };
            }
            storage_error(&error)
        })
    }

    async fn remove(&self, name: &str) -> Result<(), StoreError> {
        let removed = match self {
            Self::Folder(folder) => JsFuture::from(folder.remove_entry(name)).await.map(|_| ()),
            Self::Cache(cache, base) => {
                JsFuture::from(cache.delete_with_str(&format!("{base}{name}"))).await.map(|_| ())
            }
            Self::Tab => {
                TAB.with_borrow_mut(|tab| tab.remove(name));
                Ok(())
            }
        };
        match removed {
            Err(error) if !is_not_found(&error) => Err(storage_error(&error)),
            _ => Ok(()),
        }
    }

    async fn free_bytes(&self) -> Option<u64> {
        if matches!(self, Self::Tab) {
            return None;
        }
        let estimate: StorageEstimate = JsFuture::from(manager()?.estimate().ok()?).await.ok()?.unchecked_into();
        let bytes = |value: f64| (value.is_finite() && value >= 0.0).then_some(value as u64);
        let (quota, usage) = (bytes(estimate.get_quota()?)?, bytes(estimate.get_usage()?)?);
        Some(quota.saturating_sub(usage))
    }

    fn size(&self, blob: &Blob) -> u64 {
        blob.size() as u64
    }

    async fn read_text(&self, blob: &Blob) -> Result<String, StoreError> {
        let text: js_sys::JsString = awaited(blob.text()).await?;
        Ok(text.into())
    }

    fn blob_of_text(&self, text: &str) -> Result<Blob, StoreError> {
        Blob::new_with_str_sequence(&Array::of1(&text.into())).map_err(|error| storage_error(&error))
    }

    fn join(&self, blobs: &[Blob]) -> Result<Blob, StoreError> {
        let blobs: Array = blobs.iter().collect();
        Blob::new_with_blob_sequence(&blobs).map_err(|error| storage_error(&error))
    }
}

/// Makes a [`StoreError`] of an error of the browser's storage.
pub(super) fn storage_error(error: &JsValue) -> StoreError {
    StoreError::Storage { reason: error_message(error) }
}

/// Waits for a promise of the browser's storage and returns its value as a `T`.
async fn awaited<T: JsCast>(promise: Promise) -> Result<T, StoreError> {
    let value = JsFuture::from(promise).await.map_err(|error| storage_error(&error))?;
    value.dyn_into().map_err(|_| StoreError::Storage { reason: "it gave something else".to_owned() })
}

fn is_not_found(error: &JsValue) -> bool {
    error_name(error).as_deref() == Some("NotFoundError")
}

/// Returns the browser's storage manager. Pages that are not served securely have none.
fn manager() -> Option<web_sys::StorageManager> {
    let manager = get(&window().navigator(), "storage");
    manager.is_object().then(|| manager.unchecked_into())
}

/// Opens the folder, if the page can write to one.
async fn folder() -> Option<FileSystemDirectoryHandle> {
    // Versions of Safari before 2025 can write such files only in workers.
    let prototype = get(&get(&window(), "FileSystemFileHandle"), "prototype");
    Reflect::has(&prototype, &"createWritable".into()).ok().filter(|has| *has)?;
    let manager = manager()?;
    Reflect::has(&manager, &"getDirectory".into()).ok().filter(|has| *has)?;
    let root: FileSystemDirectoryHandle = JsFuture::from(manager.get_directory()).await.ok()?.unchecked_into();
    let options = FileSystemGetDirectoryOptions::new();
    options.set_create(true);
    let folder = JsFuture::from(root.get_directory_handle_with_options(NAME, &options)).await.ok()?;
    Some(folder.unchecked_into())
}

/// Opens the cache. Returns it with the address that its names begin with.
async fn cache() -> Option<(Cache, String)> {
    let caches = Some(get(&window(), "caches")).filter(JsValue::is_object)?;
    let caches: web_sys::CacheStorage = caches.unchecked_into();
    let cache: Cache = JsFuture::from(caches.open(NAME)).await.ok()?.unchecked_into();
    let origin = window().location().origin().ok()?;
    Some((cache, format!("{origin}/{NAME}/")))
}

/// Writes a file of the folder. Closing its stream replaces the former content.
async fn write_file(folder: &FileSystemDirectoryHandle, name: &str, blob: &Blob) -> Result<(), JsValue> {
    let options = FileSystemGetFileOptions::new();
    options.set_create(true);
    let file = JsFuture::from(folder.get_file_handle_with_options(name, &options)).await?;
    let file: FileSystemFileHandle = file.unchecked_into();
    let stream: FileSystemWritableFileStream = JsFuture::from(file.create_writable()).await?.unchecked_into();
    let written = async {
        JsFuture::from(stream.write_with_blob(blob)?).await?;
        JsFuture::from(stream.close()).await
    };
    match written.await {
        Ok(_) => Ok(()),
        Err(error) => {
            // The first error is the cause; one of aborting would only follow from it.
            let _ = JsFuture::from(stream.abort()).await;
            Err(error)
        }
    }
}

async fn put_in_cache(cache: &Cache, address: &str, blob: &Blob) -> Result<(), JsValue> {
    let response = Response::new_with_opt_blob(Some(blob))?;
    JsFuture::from(cache.put_with_str(address, &response)).await.map(|_| ())
}
