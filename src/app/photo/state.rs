//! The state of the photo input.

use std::sync::Arc;

use leptos::prelude::*;
use leptos::task::spawn_local;
use web_sys::Blob;

use super::camera::{Camera, CameraState};
use super::decode::{self, Remark};
use super::error::PhotoError;
use super::samples;
use crate::app::state::{PhotoRequest, PhotoRequests};
use crate::app::wording::language::Words;
use input::{Crop, CroppedPhoto, Photo};
use messages::Explain as _;
use net::Graph;

/// The name of a frame of the camera.
pub(super) const CAMERA: &str = "camera";

/// The state that the parts of the photo input share.
#[derive(Clone, Copy)]
pub(super) struct PhotoState {
    pub(super) words: Words,
    pub(super) cropped_photo: RwSignal<Option<Arc<CroppedPhoto>>>,
    /// The requests for photos on the page. The camera and the photos of this input make requests, too.
    pub(super) requests: PhotoRequests,
    pub(super) graph: Signal<Arc<Graph>>,
    /// The receptive field of the selection: left, top, width and height, in units of the network's input.
    pub(super) field: Signal<Option<[f32; 4]>>,
    pub(super) restored: Signal<u32>,
    pub(super) notice: RwSignal<Option<String>>,
    pub(super) camera: Camera,
    /// The remark on a photo. It is shown as long as the photo is.
    pub(super) remark: RwSignal<Option<(Arc<Photo>, Remark)>>,
    /// The request that switched the camera on.
    pub(super) camera_request: StoredValue<Option<PhotoRequest>>,
    /// The last notice of this input. It is removed when a photo arrives.
    pub(super) own_notice: StoredValue<Option<String>>,
    /// True while the next frame of the camera is awaited.
    pub(super) awaits_frame: StoredValue<bool>,
}

impl PhotoState {
    /// Shows a notice of the error. The photo stays as it was.
    pub(super) fn fail(self, error: &PhotoError) {
        let text = error.text(self.words.get_locale_untracked());
        self.own_notice.set_value(Some(text.clone()));
        self.notice.set(Some(text));
    }

    /// Removes the notice of this input, if the page still shows it.
    pub(super) fn clear_notice(self) {
        let own = self.own_notice.try_update_value(Option::take).flatten();
        if own.is_some() && *self.notice.read_untracked() == own {
            self.notice.set(None);
        }
    }

    /// Opens a file called `name`.
    pub(super) fn open(self, blob: Blob, name: String) {
        self.show(async move {
            let decoded = decode::decode(&blob, &name).await?;
            Ok((CroppedPhoto::new(decoded.photo, name), decoded.remark))
        });
    }

    /// Opens a photo that ships with the page.
    pub(super) fn open_sample(self, name: &'static str) {
        self.show(async move { Ok((samples::open_sample(name).await?, Remark::default())) });
    }

    /// Shows a photo once it is open, unless another photo is requested in the meantime.
    fn show(self, opening: impl Future<Output = Result<(CroppedPhoto, Remark), PhotoError>> + 'static) {
        self.camera.stop();
        let request = self.requests.begin();
        spawn_local(async move {
            let opened = opening.await;
            // The input may have been removed in the meantime.
            if !self.requests.is_latest(request) || self.remark.is_disposed() {
                return;
            }
            match opened {
                Ok((photo, remark)) => {
                    self.clear_notice();
                    self.remark.set(Some((photo.photo.clone(), remark)));
                    self.cropped_photo.set(Some(Arc::new(photo)));
                }
                Err(error) => self.fail(&error),
            }
        });
    }

    /// Switches the camera on or off.
    pub(super) fn switch_camera(self) {
        if self.camera.state.get_untracked() != CameraState::Off {
            self.camera.stop();
            return;
        }
        self.camera_request.set_value(Some(self.requests.begin()));
        spawn_local(async move {
            match self.camera.start(move || self.fail(&PhotoError::CameraGone)).await {
                Ok(()) if self.camera.state.try_get_untracked() == Some(CameraState::Live) => self.clear_notice(),
                // The camera was stopped before it started.
                Ok(()) => {}
                Err(error) => self.fail(&error),
            }
        });
    }

    /// Stops the camera if a photo was requested since it was switched on. Tracks the requests.
    pub(super) fn stop_superseded_camera(self) {
        self.requests.track();
        let is_superseded = self.camera_request.get_value().is_some_and(|request| !self.requests.is_latest(request));
        if is_superseded && self.camera.state.get_untracked() != CameraState::Off {
            self.camera.stop();
        }
    }

    /// Takes a frame of the camera when the browser next draws.
    pub(super) fn request_frame(self) {
        if self.awaits_frame.try_update_value(|awaits| std::mem::replace(awaits, true)) == Some(false) {
            request_animation_frame(move || self.take_frame());
        }
    }

    fn take_frame(self) {
        if self.awaits_frame.try_set_value(false).is_some()
            || self.camera.state.try_get_untracked() != Some(CameraState::Live)
        {
            return;
        }
        // A photo that was requested later stays.
        if !self.camera_request.get_value().is_some_and(|request| self.requests.is_latest(request)) {
            return;
        }
        match self.camera.frame() {
            Ok(Some(photo)) => self.cropped_photo.update(|shown| {
                let next = CroppedPhoto::new(photo, CAMERA);
                let crop = shown.as_ref().filter(|last| is_alike(last, &next)).and_then(|last| last.crop);
                *shown = Some(Arc::new(next.with_crop(crop)));
            }),
            Ok(None) => self.request_frame(),
            Err(error) => {
                self.camera.stop();
                self.fail(&error);
            }
        }
    }

    /// Changes the crop that the network sees.
    pub(super) fn change_crop(self, change: impl FnOnce(Crop) -> Crop) {
        let graph = self.graph.get_untracked();
        let changed = self
            .cropped_photo
            .read_untracked()
            .as_ref()
            .map(|photo| photo.with_crop(Some(change(photo.visible_crop(&graph)))));
        self.replace(changed);
    }

    /// Returns to the central crop, which torchvision would take.
    pub(super) fn centre(self) {
        let centred = self.cropped_photo.read_untracked().as_ref().map(|photo| photo.with_crop(None));
        self.replace(centred);
    }

    fn replace(self, photo: Option<CroppedPhoto>) {
        let changed = photo.as_ref() != self.cropped_photo.read_untracked().as_deref();
        if let (true, Some(photo)) = (changed, photo) {
            self.cropped_photo.set(Some(Arc::new(photo)));
        }
    }
}

/// Returns whether two frames of the camera have the same size, so that a crop of one fits the other.
fn is_alike(a: &CroppedPhoto, b: &CroppedPhoto) -> bool {
    a.name == b.name && (a.photo.width(), a.photo.height()) == (b.photo.width(), b.photo.height())
}
