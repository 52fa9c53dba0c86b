//! Where bytes are kept by name: the origin's private file system, the Cache Storage, or this tab alone.

use std::cell::RefCell;
use std::collections::BTreeMap;

use js_sys::{Array, IteratorNext, Reflect};
use leptos::prelude::window;
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;
use web_sys::{
    Blob, Cache, FileSystemDirectoryHandle, FileSystemFileHandle, FileSystemGetDirectoryOptions,
    FileSystemGetFileOptions, FileSystemWritableFileStream, Request, Response, StorageEstimate,
};

use super::StoreError;
use super::js::{count, is_named, message, storage, stored};

/// The folder, and the cache. Another number where what lies in it changes.
const NAME: &str = "weights-1";

thread_local! {
    static TAB: RefCell<BTreeMap<String, Blob>> = const { RefCell::new(BTreeMap::new()) };
}

/// Where bytes are kept.
#[derive(Debug)]
pub(super) enum Shelf {
    /// A folder of the origin's private file system.
    Folder(FileSystemDirectoryHandle),
    /// A cache of the Cache Storage; names are addresses below this one.
    Cache(Cache, String),
    /// The browser keeps nothing for this page: the blobs of this tab.
    Tab,
}

impl Shelf {
    /// The best that this browser has.
    pub(super) async fn open() -> Self {
        if let Some(folder) = folder().await {
            return Self::Folder(folder);
        }
        match cache().await {
            Some((cache, base)) => Self::Cache(cache, base),
            None => Self::Tab,
        }
    }

    /// All names.
    pub(super) async fn names(&self) -> Result<Vec<String>, StoreError> {
        let mut names = Vec::new();
        match self {
            Self::Folder(folder) => {
                let keys = folder.keys();
                loop {
                    let next = keys.next().map_err(|error| storage(&error))?;
                    let next = JsFuture::from(next).await.map_err(|error| storage(&error))?;
                    let next: IteratorNext = next.unchecked_into();
                    if next.done() {
                        break;
                    }
                    names.extend(next.value().as_string());
                }
            }
            Self::Cache(cache, base) => {
                let requests: Array = stored(cache.keys()).await?;
                let urls = requests.iter().filter_map(|request| request.dyn_into::<Request>().ok());
                names.extend(urls.filter_map(|request| Some(request.url().strip_prefix(base)?.to_owned())));
            }
            Self::Tab => TAB.with_borrow(|tab| names.extend(tab.keys().cloned())),
        }
        Ok(names)
    }

    /// What is kept under `name`.
    pub(super) async fn get(&self, name: &str) -> Result<Option<Blob>, StoreError> {
        match self {
            Self::Folder(folder) => {
                let file = match JsFuture::from(folder.get_file_handle(name)).await {
                    Err(error) if is_named(&error, "NotFoundError") => return Ok(None),
                    other => other.map_err(|error| storage(&error))?,
                };
                let file: FileSystemFileHandle = file.unchecked_into();
                Ok(Some(stored(file.get_file()).await?))
            }
            Self::Cache(cache, base) => {
                let found = JsFuture::from(cache.match_with_str(&format!("{base}{name}"))).await;
                let found = found.map_err(|error| storage(&error))?;
                let Ok(response) = found.dyn_into::<Response>() else { return Ok(None) };
                let blob = response.blob().map_err(|error| storage(&error))?;
                Ok(Some(stored(blob).await?))
            }
            Self::Tab => Ok(TAB.with_borrow(|tab| tab.get(name).cloned())),
        }
    }

    /// Keeps `blob` under `name`, all of it or nothing.
    ///
    /// # Errors
    /// [`StoreError::Full`] without a name where there is no room.
    pub(super) async fn put(&self, name: &str, blob: &Blob) -> Result<(), StoreError> {
        let written = match self {
            Self::Folder(folder) => write(folder, name, blob).await,
            Self::Cache(cache, base) => keep(cache, &format!("{base}{name}"), blob).await,
            Self::Tab => {
                TAB.with_borrow_mut(|tab| tab.insert(name.to_owned(), blob.clone()));
                Ok(())
            }
        };
        written.map_err(|error| {
            // The blob is of bytes at hand: where it cannot be read, the browser itself had no room to hold it.
            if is_named(&error, "QuotaExceededError") || is_named(&error, "NotReadableError") {
                return StoreError::Full { name: name.to_owned(), needs: None, free: None };
            }
            StoreError::Storage { reason: message(&error) }
        })
    }

    /// Deletes what is kept under `name`, if anything is.
    pub(super) async fn remove(&self, name: &str) -> Result<(), StoreError> {
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
            Err(error) if !is_named(&error, "NotFoundError") => Err(storage(&error)),
            _ => Ok(()),
        }
    }
}

/// Bytes that the browser still grants this site; none where it does not say.
pub(super) async fn free() -> Option<u64> {
    let estimate: StorageEstimate = JsFuture::from(manager()?.estimate().ok()?).await.ok()?.unchecked_into();
    let (quota, usage) = (count(estimate.get_quota()?)?, count(estimate.get_usage()?)?);
    Some(quota.saturating_sub(usage))
}

/// The browser's storage; absent where the page is not served securely.
fn manager() -> Option<web_sys::StorageManager> {
    let manager = Reflect::get(&window().navigator(), &"storage".into()).ok()?;
    manager.is_object().then(|| manager.unchecked_into())
}

/// The folder, where the browser has one that it can write to from here.
async fn folder() -> Option<FileSystemDirectoryHandle> {
    // Safari's files of before 2025 can be written to in workers alone.
    let prototype = Reflect::get(&window(), &"FileSystemFileHandle".into()).ok()?;
    let prototype = Reflect::get(&prototype, &"prototype".into()).ok()?;
    Reflect::has(&prototype, &"createWritable".into()).ok().filter(|has| *has)?;
    let manager = manager()?;
    Reflect::has(&manager, &"getDirectory".into()).ok().filter(|has| *has)?;
    let root: FileSystemDirectoryHandle = JsFuture::from(manager.get_directory()).await.ok()?.unchecked_into();
    let options = FileSystemGetDirectoryOptions::new();
    options.set_create(true);
    let folder = JsFuture::from(root.get_directory_handle_with_options(NAME, &options)).await.ok()?;
    Some(folder.unchecked_into())
}

/// The cache, and the address below which its names are.
async fn cache() -> Option<(Cache, String)> {
    let caches = Reflect::get(&window(), &"caches".into()).ok().filter(JsValue::is_object)?;
    let caches: web_sys::CacheStorage = caches.unchecked_into();
    let cache: Cache = JsFuture::from(caches.open(NAME)).await.ok()?.unchecked_into();
    let origin = window().location().origin().ok()?;
    Some((cache, format!("{origin}/{NAME}/")))
}

/// Writes a file of the folder. Until it is closed, the file is as it was.
async fn write(folder: &FileSystemDirectoryHandle, name: &str, blob: &Blob) -> Result<(), JsValue> {
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
            // What the stream held goes; the first error is the one to tell.
            let _ = JsFuture::from(stream.abort()).await;
            Err(error)
        }
    }
}

async fn keep(cache: &Cache, address: &str, blob: &Blob) -> Result<(), JsValue> {
    let response = Response::new_with_opt_blob(Some(blob))?;
    JsFuture::from(cache.put_with_str(address, &response)).await.map(|_| ())
}
