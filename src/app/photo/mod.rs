//! The photo input: the sources of photos, the crop that the network sees, and the network's view of it.

mod camera;
mod decode;
mod error;
mod explain;
mod frame;
mod network_view;
mod origin;
mod pictures;
mod samples;
mod sources;
mod state;

use leptos_i18n::t;
use std::sync::Arc;
use words::i18n::use_i18n;

use leptos::prelude::*;

use camera::{Camera, CameraState};
use frame::PhotoFrame;
use input::CroppedPhoto;
use net::Graph;
use network_view::NetworkView;
use sources::PhotoSources;
use state::PhotoState;

use super::state::PhotoRequests;

pub use error::{CanvasError, PhotoError};
pub use pictures::{PICTURES, pictures};
pub(super) use pictures::{class_of, cropped_photo_of, picture_number};
pub(super) use samples::{is_shipped, open_sample};

/// The photo input of a network.
#[component]
pub(super) fn PhotoInput(
    /// The photo with its crop. The input sets it, and so do links, tours and scripts.
    cropped_photo: RwSignal<Option<Arc<CroppedPhoto>>>,
    /// The requests for photos on the page.
    requests: PhotoRequests,
    /// The network on the page.
    #[prop(into)]
    graph: Signal<Arc<Graph>>,
    /// The receptive field of the selection: left, top, width and height, in units of the network's input, 0 to 1.
    #[prop(into)]
    field: Signal<Option<[f32; 4]>>,
    /// The number of completed passes. The camera's next frame is taken when it grows.
    #[prop(into)]
    passes: Signal<u64>,
    /// The notice of the page.
    notice: RwSignal<Option<String>>,
    /// Grows when canvases that the browser has discarded must be drawn again.
    #[prop(into)]
    restored: Signal<u32>,
) -> impl IntoView {
    let words = use_i18n();
    let shared = PhotoState {
        words,
        cropped_photo,
        requests,
        graph,
        field,
        restored,
        notice,
        camera: Camera::new(),
        remark: RwSignal::new(None),
        camera_request: StoredValue::new(None),
        own_notice: StoredValue::new(None),
        awaits_frame: StoredValue::new(false),
    };
    // The next frame is taken once the pass of the last one is done.
    Effect::new(move |_| {
        passes.track();
        if shared.camera.state.get() == CameraState::Live {
            shared.request_frame();
        }
    });
    Effect::new(move |_| shared.stop_superseded_camera());
    let over = RwSignal::new(false);
    view! {
        <section
            class="photo"
            class:photo-over=over
            aria-labelledby="photo-title"
            on:dragover=move |event| sources::drag_over(&event, over)
            on:dragleave=move |_| over.set(false)
            on:drop=move |event| sources::dropped(&event, over, shared)
        >
            <h2 id="photo-title" class="caps">
                {t!(words, photo.title)}
            </h2>
            <PhotoFrame shared />
            <PhotoSources shared />
            <NetworkView shared />
        </section>
    }
}
