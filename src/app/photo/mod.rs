//! The photo: where it comes from, the square of it that is shown to the network, and what the network sees.

mod camera;
mod decode;
mod error;
mod explain;
mod frame;
mod pictures;
mod samples;
mod seen;
mod sources;

use leptos_i18n::t;
use std::sync::Arc;
use words::i18n::use_i18n;

use leptos::prelude::*;
use leptos::task::spawn_local;
use web_sys::Blob;

use super::language::Words;
use camera::{Camera, State};
use decode::Remark;
pub(super) use error::PhotoError;
use frame::Frame;
use input::{Crop, CroppedPhoto, Photo};
use messages::Explain as _;
use net::Graph;
use seen::Seen;
use sources::Sources;

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

    fn take_turn(self) -> Option<u32> {
        self.turn.try_update_value(|turn| {
            *turn = turn.wrapping_add(1);
            *turn
        })
    }

    /// Starts the camera, or lets it go.
    fn switch_camera(self) {
        if self.camera.state.get_untracked() != State::Off {
            self.camera.stop();
            return;
        }
        self.take_turn();
        spawn_local(async move {
            match self.camera.start(move || self.fail(&PhotoError::CameraGone)).await {
                Ok(()) if self.camera.state.try_get_untracked() == Some(State::Live) => self.calm(),
                // It was stopped before it came.
                Ok(()) => {}
                Err(error) => self.fail(&error),
            }
        });
    }

    /// Takes a frame of the camera when the browser next draws.
    fn soon(self) {
        if self.waiting.try_update_value(|waiting| std::mem::replace(waiting, true)) == Some(false) {
            request_animation_frame(move || self.take_frame());
        }
    }

    fn take_frame(self) {
        if self.waiting.try_set_value(false).is_some() || self.camera.state.try_get_untracked() != Some(State::Live) {
            return;
        }
        match self.camera.frame() {
            Ok(Some(photo)) => self.cropped_photo.update(|cropped_photo| {
                let next = CroppedPhoto::new(photo, CAMERA);
                let crop = cropped_photo.as_ref().filter(|last| is_alike(last, &next)).and_then(|last| last.crop);
                *cropped_photo = Some(Arc::new(next.with_crop(crop)));
            }),
            Ok(None) => self.soon(),
            Err(error) => {
                self.camera.stop();
                self.fail(&error);
            }
        }
    }

    /// Changes the square that is shown.
    fn choose(self, change: impl FnOnce(Crop) -> Crop) {
        let graph = self.graph.get_untracked();
        let chosen = self
            .cropped_photo
            .read_untracked()
            .as_ref()
            .map(|cropped_photo| cropped_photo.with_crop(Some(change(cropped_photo.visible_crop(&graph)))));
        self.replace(chosen);
    }

    /// Shows the square again that torchvision would show.
    fn centre(self) {
        let centred = self.cropped_photo.read_untracked().as_ref().map(|cropped_photo| cropped_photo.with_crop(None));
        self.replace(centred);
    }

    fn replace(self, cropped_photo: Option<CroppedPhoto>) {
        let changed = cropped_photo.as_ref() != self.cropped_photo.read_untracked().as_deref();
        if let (true, Some(cropped_photo)) = (changed, cropped_photo) {
            self.cropped_photo.set(Some(Arc::new(cropped_photo)));
        }
    }
}

/// Whether two frames of the camera show the same view, so that a square of one is a square of the other.
fn is_alike(a: &CroppedPhoto, b: &CroppedPhoto) -> bool {
    a.name == b.name && (a.photo.width(), a.photo.height()) == (b.photo.width(), b.photo.height())
}

/// The left column of networks that take photos.
#[component]
pub(super) fn PhotoInput(
    /// The photo with its square; set here, and by whoever opens a link.
    cropped_photo: RwSignal<Option<Arc<CroppedPhoto>>>,
    /// The network that is shown.
    #[prop(into)]
    graph: Signal<Arc<Graph>>,
    /// What the value in focus sees: left, top, width and height in parts of the network's whole input, 0 to 1.
    #[prop(into)]
    field: Signal<Option<[f32; 4]>>,
    /// How many passes there were: the camera's next frame is taken when it grows.
    #[prop(into)]
    passes: Signal<u64>,
    /// Where to say what went wrong.
    notice: RwSignal<Option<String>>,
    /// Grows when canvases that the browser had lost are to be drawn again.
    #[prop(into)]
    restored: Signal<u32>,
) -> impl IntoView {
    let words = use_i18n();
    let desk = Desk {
        words,
        cropped_photo,
        graph,
        field,
        restored,
        notice,
        camera: Camera::new(),
        remark: RwSignal::new(None),
        turn: StoredValue::new(0),
        said: StoredValue::new(None),
        waiting: StoredValue::new(false),
    };
    // A frame follows from the pass before it and from nothing on the page, so that it is set from here.
    Effect::new(move |_| {
        passes.track();
        if desk.camera.state.get() == State::Live {
            desk.soon();
        }
    });
    let over = RwSignal::new(false);
    view! {
        <section class="photo" class:photo-over=over aria-labelledby="photo-title"
            on:dragover=move |event| sources::drag_over(&event, over)
            on:dragleave=move |_| over.set(false)
            on:drop=move |event| sources::dropped(&event, over, desk)>
            <h2 id="photo-title" class="caps">{t!(words, photo.title)}</h2>
            <Frame desk/>
            <Sources desk/>
            <Seen desk/>
        </section>
    }
}
