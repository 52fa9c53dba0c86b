//! Requests for photos. The newest one decides which photo is shown, wherever it comes from: the buttons of the photo
//! input, a link, a tour, a script, the test pictures or the camera.

use leptos::prelude::*;
use logic::{LatestRequest, RequestId};

/// The requests for photos.
#[derive(Clone, Copy)]
pub(in crate::app) struct PhotoRequests {
    latest: RwSignal<LatestRequest>,
    /// The newest request, if passes wait for its photo.
    awaited: RwSignal<Option<RequestId>>,
}

/// A request for a photo.
pub(in crate::app) type PhotoRequest = RequestId;

impl PhotoRequests {
    /// No requests.
    pub(super) fn new() -> Self {
        Self { latest: RwSignal::new(LatestRequest::default()), awaited: RwSignal::new(None) }
    }

    /// Begins a request. The photos of earlier requests are dropped when they arrive, and a live camera stops.
    pub(in crate::app) fn begin(self) -> PhotoRequest {
        let mut latest = self.latest.get_untracked();
        let request = latest.begin();
        self.awaited.set(None);
        self.latest.set(latest);
        request
    }

    /// Begins a request as [`PhotoRequests::begin`] does. Passes wait until it has ended.
    pub(in crate::app) fn begin_awaited(self) -> PhotoRequest {
        let request = self.begin();
        self.awaited.set(Some(request));
        request
    }

    /// Ends the wait for a photo. Returns whether no photo has been requested since.
    pub(in crate::app) fn finish(self, request: PhotoRequest) -> bool {
        let is_latest = self.is_latest(request);
        if is_latest {
            self.awaited.set(None);
        }
        is_latest
    }

    /// Returns whether passes wait for a photo.
    pub(in crate::app) fn is_awaited(self) -> bool {
        self.awaited.read_untracked().is_some()
    }

    /// Returns whether no photo has been requested since.
    pub(in crate::app) fn is_latest(self, request: PhotoRequest) -> bool {
        self.latest.get_untracked().is_latest(request)
    }

    /// Tracks the requests.
    pub(in crate::app) fn track(self) {
        self.latest.track();
    }
}
