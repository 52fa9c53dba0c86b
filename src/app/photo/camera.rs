//! The camera: asked for when it is wanted, let go of as soon as it is not.

use leptos::prelude::*;
use wasm_bindgen::{JsCast, JsValue, closure::Closure};
use wasm_bindgen_futures::JsFuture;
use web_sys::{HtmlVideoElement, MediaStream, MediaStreamConstraints, MediaStreamTrack};

use super::decode::{fit, read};
use super::error::PhotoError;
use crate::app::store::message;
use input::Photo;

/// The most pixels of the longer side of a frame: reading one back must be quick.
const LONGEST: u32 = 640;
/// From this state of a video on it has a frame to show (`HAVE_CURRENT_DATA`).
const HAS_FRAME: u16 = 2;

/// What the camera does.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum State {
    /// Nothing; it is not held.
    Off,
    /// The browser asks whether it may be used.
    Asking,
    /// Its frames are taken.
    Live,
    /// It is held, and the last frame stays.
    Frozen,
}

/// A camera that is held.
struct Held {
    stream: MediaStream,
    video: HtmlVideoElement,
    /// Hears when the browser or the hardware takes the camera away.
    gone: Closure<dyn FnMut()>,
}

impl Held {
    fn tracks(&self) -> impl Iterator<Item = MediaStreamTrack> {
        tracks(&self.stream)
    }

    fn release(self) {
        for track in self.tracks() {
            track.set_onended(None);
            track.stop();
        }
        self.video.set_src_object(None);
    }
}

fn tracks(stream: &MediaStream) -> impl Iterator<Item = MediaStreamTrack> {
    stream.get_tracks().into_iter().filter_map(|track| track.dyn_into().ok())
}

/// The camera of one component.
#[derive(Clone, Copy)]
pub(super) struct Camera {
    pub(super) state: RwSignal<State>,
    held: StoredValue<Option<Held>, LocalStorage>,
    /// Counts what was asked of it, so that an answer which comes late is not mistaken for one that is waited for.
    asked: StoredValue<u32>,
}

impl Camera {
    /// A camera that is off, and let go of with the component that it is made in.
    pub(super) fn new() -> Self {
        let camera =
            Self { state: RwSignal::new(State::Off), held: StoredValue::new_local(None), asked: StoredValue::new(0) };
        on_cleanup(move || camera.stop());
        camera
    }

    /// Lets go of the camera, or of the question for it.
    pub(super) fn stop(self) {
        self.asked.try_update_value(|asked| *asked += 1);
        if let Some(held) = self.held.try_update_value(Option::take).flatten() {
            held.release();
        }
        // A signal that tells nobody any more need not be told.
        let _ = self.state.try_set(State::Off);
    }

    /// Keeps the last frame, or goes on.
    pub(super) fn freeze(self) {
        self.state.update(|state| match *state {
            State::Live => *state = State::Frozen,
            State::Frozen => *state = State::Live,
            State::Off | State::Asking => {}
        });
    }

    /// Asks for the camera and starts it. `lost` is called where it is taken away later.
    ///
    /// # Errors
    /// Those that begin with `Camera`, and [`PhotoError::NoCameras`]. None where it was stopped in the meantime.
    pub(super) async fn start(self, lost: impl Fn() + 'static) -> Result<(), PhotoError> {
        self.stop();
        let Some(asked) = self.asked.try_get_value() else { return Ok(()) };
        self.state.set(State::Asking);
        let opened = open().await;
        if self.asked.try_get_value() != Some(asked) {
            if let Ok((stream, _)) = &opened {
                tracks(stream).for_each(|track| track.stop());
            }
            return Ok(());
        }
        let (stream, video) = opened.inspect_err(|_| self.state.set(State::Off))?;
        let gone = Closure::<dyn FnMut()>::new(move || {
            self.stop();
            lost();
        });
        let held = Held { stream, video, gone };
        for track in held.tracks() {
            track.set_onended(Some(held.gone.as_ref().unchecked_ref()));
        }
        self.held.set_value(Some(held));
        self.state.set(State::Live);
        Ok(())
    }

    /// What the camera sees; `None` where it has not seen anything yet, or is not held.
    ///
    /// # Errors
    /// [`PhotoError::Canvas`].
    pub(super) fn frame(self) -> Result<Option<Photo>, PhotoError> {
        let seen = self.held.try_with_value(|held| {
            let video = &held.as_ref()?.video;
            let (width, height) = (video.video_width(), video.video_height());
            if video.ready_state() < HAS_FRAME || width == 0 || height == 0 {
                return None;
            }
            let (columns, rows) = fit(width, height, LONGEST);
            let (across, down) = (f64::from(columns), f64::from(rows));
            Some(read(columns, rows, |context| {
                context.draw_image_with_html_video_element_and_dw_and_dh(video, 0.0, 0.0, across, down)
            }))
        });
        seen.flatten().transpose()
    }
}

/// The stream of a camera that looks away from the person where there are two, and a video that plays it.
async fn open() -> Result<(MediaStream, HtmlVideoElement), PhotoError> {
    // Pages that do not come over https have no devices at all.
    let devices = window().navigator().media_devices().ok().filter(|devices| !devices.is_undefined());
    let devices = devices.ok_or(PhotoError::NoCameras)?;
    let said = |error: JsValue| refusal(&error);
    let (wish, width) = (js_sys::Object::new(), js_sys::Object::new());
    let set = |object: &js_sys::Object, key: &str, value: &JsValue| {
        // Plain objects take every property; without these the browser chooses.
        let _ = js_sys::Reflect::set(object, &key.into(), value);
    };
    set(&width, "ideal", &LONGEST.into());
    set(&wish, "width", &width);
    set(&wish, "facingMode", &"environment".into());
    let constraints = MediaStreamConstraints::new();
    constraints.set_video(&wish);
    let promise = devices.get_user_media_with_constraints(&constraints).map_err(said)?;
    let stream: MediaStream = JsFuture::from(promise).await.map_err(said)?.unchecked_into();
    let playing = play(&stream).await;
    if playing.is_err() {
        tracks(&stream).for_each(|track| track.stop());
    }
    playing.map(|video| (stream, video)).map_err(said)
}

/// A video that plays the stream and is not on the page.
async fn play(stream: &MediaStream) -> Result<HtmlVideoElement, JsValue> {
    let video: HtmlVideoElement = document().create_element("video")?.unchecked_into();
    video.set_muted(true);
    // Telephones play other videos only over the whole screen.
    video.set_attribute("playsinline", "")?;
    video.set_src_object(Some(stream));
    JsFuture::from(video.play()?).await?;
    Ok(video)
}

/// Why there is no camera, by the name of the browser's error.
fn refusal(error: &JsValue) -> PhotoError {
    let name = js_sys::Reflect::get(error, &"name".into()).ok().and_then(|name| name.as_string());
    match name.as_deref() {
        Some("NotAllowedError" | "SecurityError") => PhotoError::CameraRefused,
        Some("NotFoundError" | "OverconstrainedError") => PhotoError::CameraMissing,
        Some("NotReadableError" | "AbortError") => PhotoError::CameraTaken,
        _ => PhotoError::CameraFailed { reason: message(error) },
    }
}
