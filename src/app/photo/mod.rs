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

pub(super) use pictures::{PICTURES, class_of, picture_number, pictures, shot_of};
pub(super) use samples::is_shipped;

/// What a frame of the camera is called.
const CAMERA: &str = "camera";

/// A photo that ships with the page, by its name: `astronaut`, `cat`, `coffee`, `galaxies`, `rocket`, or a test picture
/// of CIFAR-10, `cifar10-0` to `cifar10-299`.
///
/// # Errors
/// [`PhotoError`] where there is no such photo, or it does not arrive or cannot be decoded.
pub(super) async fn open_sample(name: &str) -> Result<CroppedPhoto, PhotoError> {
    samples::load(name).await
}

/// What the parts of the photo input share.
#[derive(Clone, Copy)]
struct Desk {
    words: Words,
    cropped_photo: RwSignal<Option<Arc<CroppedPhoto>>>,
    graph: Signal<Arc<Graph>>,
    /// What the network looks at: left, top, width and height in parts of what it sees.
    field: Signal<Option<[f32; 4]>>,
    restored: Signal<u32>,
    notice: RwSignal<Option<String>>,
    camera: Camera,
    /// What is to be said of a photo, as long as it is shown.
    remark: RwSignal<Option<(Arc<Photo>, Remark)>>,
    /// Counts what was opened, so that of two photos the later one stays, whichever is here first.
    turn: StoredValue<u32>,
    /// The last sentence that was said from here; it goes when a photo arrives.
    said: StoredValue<Option<String>>,
    /// Whether the next frame of the camera is waited for.
    waiting: StoredValue<bool>,
}

impl Desk {
    /// Says what went wrong; the photo stays as it was.
    fn fail(self, error: &PhotoError) {
        let text = error.text(self.words.get_locale_untracked());
        self.said.set_value(Some(text.clone()));
        self.notice.set(Some(text));
    }

    /// Takes back what was said here, if it is still what the page says.
    fn calm(self) {
        let said = self.said.try_update_value(Option::take).flatten();
        if said.is_some() && *self.notice.read_untracked() == said {
            self.notice.set(None);
        }
    }

    /// Opens a file that is called `name`.
    fn open(self, blob: Blob, name: String) {
        self.show(async move {
            let decoded = decode::decode(&blob, &name).await?;
            Ok((CroppedPhoto::new(decoded.photo, name), decoded.remark))
        });
    }

    /// Opens a photo that ships with the page.
    fn open_sample(self, name: &'static str) {
        self.show(async move { Ok((samples::load(name).await?, Remark::default())) });
    }

    /// Shows what is being opened, unless something else is asked for in the meantime.
    fn show(self, opening: impl Future<Output = Result<(CroppedPhoto, Remark), PhotoError>> + 'static) {
        self.camera.stop();
        let turn = self.take_turn();
        spawn_local(async move {
            let opened = opening.await;
            // Nobody waits for it any more, or nobody is here.
            if self.turn.try_get_value() != turn {
                return;
            }
            match opened {
                Ok((cropped_photo, remark)) => {
                    self.calm();
                    self.remark.set(Some((cropped_photo.photo.clone(), remark)));
                    self.cropped_photo.set(Some(Arc::new(cropped_photo)));
                }
                Err(error) => self.fail(&error),
            }
        });
    }

pub(super) use error::{CanvasError, PhotoError};
pub(super) use pictures::{PICTURES, class_of, picture_number, pictures, shot_of};
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
        <section class="photo" class:photo-over=over aria-labelledby="photo-title"
            on:dragover=move |event| sources::drag_over(&event, over)
            on:dragleave=move |_| over.set(false)
            on:drop=move |event| sources::dropped(&event, over, shared)>
            <h2 id="photo-title" class="caps">{t!(words, photo.title)}</h2>
            <PhotoFrame shared/>
            <PhotoSources shared/>
            <NetworkView shared/>
        </section>
    }
}
