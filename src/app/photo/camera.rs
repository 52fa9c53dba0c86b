//! The camera. It is requested when it is switched on, and released as soon as it is switched off.

use leptos::prelude::*;
use wasm_bindgen::{JsCast, JsValue, closure::Closure};
use wasm_bindgen_futures::JsFuture;
use web_sys::{HtmlVideoElement, MediaStream, MediaStreamConstraints, MediaStreamTrack};

use super::decode::{fit, paint_photo};
use super::error::PhotoError;
use crate::app::browser::js::{error_message, error_name, set};
use input::Photo;
use logic::LatestRequest;

/// The longer side of a frame at most, in pixels. Frames must be read back quickly.
const MAX_SIDE_PX: u32 = 640;
/// The first ready state in which a video has a frame (`HAVE_CURRENT_DATA`).
const HAS_FRAME: u16 = 2;

/// The state of the camera.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum CameraState {
    /// The camera is off.
    Off,
    /// The browser asks the user for permission.
    Asking,
    /// The camera is on, and its frames are shown.
    Live,
    /// The camera is on, and its last frame stays.
    Frozen,
}

/// A camera that is on.
struct OpenCamera {
    stream: MediaStream,
    video: HtmlVideoElement,
    /// Called when the browser or the hardware takes the camera away.
    on_ended: Closure<dyn FnMut()>,
}

impl OpenCamera {
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

/// The camera of a component.
#[derive(Clone, Copy)]
pub(super) struct Camera {
    pub(super) state: RwSignal<CameraState>,
    open: StoredValue<Option<OpenCamera>, LocalStorage>,
    /// Numbers the calls that start or stop the camera, so that only the latest takes effect.
    latest: StoredValue<LatestRequest>,
}

impl Camera {
    /// Makes a camera that is off. It is released with the component that makes it.
    pub(super) fn new() -> Self {
        let (state, open) = (RwSignal::new(CameraState::Off), StoredValue::new_local(None));
        let camera = Self { state, open, latest: StoredValue::new(LatestRequest::default()) };
        on_cleanup(move || camera.stop());
        camera
    }

    /// Releases the camera, or withdraws the request for it.
    pub(super) fn stop(self) {
        self.latest.try_update_value(LatestRequest::begin);
        if let Some(camera) = self.open.try_update_value(Option::take).flatten() {
            camera.release();
        }
        // The signal may be disposed with its component.
        let _ = self.state.try_set(CameraState::Off);
    }

    /// Freezes the last frame, or continues.
    pub(super) fn freeze(self) {
        self.state.update(|state| match *state {
            CameraState::Live => *state = CameraState::Frozen,
            CameraState::Frozen => *state = CameraState::Live,
            CameraState::Off | CameraState::Asking => {}
        });
    }

    /// Requests the camera and starts it. `on_lost` is called if it is taken away later. Returns without a camera if it
    /// was stopped in the meantime.
    ///
    /// # Errors
    /// [`PhotoError`] if the page may not use the camera or there is none.
    pub(super) async fn start(self, on_lost: impl Fn() + 'static) -> Result<(), PhotoError> {
        self.stop();
        let Some(request) = self.latest.try_update_value(LatestRequest::begin) else { return Ok(()) };
        self.state.set(CameraState::Asking);
        let opened = open_camera().await;
        if !self.latest.try_get_value().is_some_and(|latest| latest.is_latest(request)) {
            if let Ok((stream, _)) = &opened {
                tracks(stream).for_each(|track| track.stop());
            }
            return Ok(());
        }
        let (stream, video) = opened.inspect_err(|_| self.state.set(CameraState::Off))?;
        let on_ended = Closure::<dyn FnMut()>::new(move || {
            self.stop();
            on_lost();
        });
        let camera = OpenCamera { stream, video, on_ended };
        for track in camera.tracks() {
            track.set_onended(Some(camera.on_ended.as_ref().unchecked_ref()));
        }
        self.open.set_value(Some(camera));
        self.state.set(CameraState::Live);
        Ok(())
    }

    /// Returns the current frame; none if the camera is off or has no frame yet.
    ///
    /// # Errors
    /// [`PhotoError::Canvas`] if the frame cannot be drawn or read back.
    pub(super) fn frame(self) -> Result<Option<Photo>, PhotoError> {
        let frame = self.open.try_with_value(|camera| {
            let video = &camera.as_ref()?.video;
            let (width, height) = (video.video_width(), video.video_height());
            if video.ready_state() < HAS_FRAME || width == 0 || height == 0 {
                return None;
            }
            let (columns, rows) = fit(width, height, MAX_SIDE_PX);
            let (across, down) = (f64::from(columns), f64::from(rows));
            let painted = paint_photo(columns, rows, |context| {
                context.draw_image_with_html_video_element_and_dw_and_dh(video, 0.0, 0.0, across, down)
            });
            Some(painted.map(|(photo, _)| photo))
        });
        frame.flatten().transpose()
    }
}

/// Opens a camera, of two the one that faces away from the user. Returns its stream and a video that plays it.
async fn open_camera() -> Result<(MediaStream, HtmlVideoElement), PhotoError> {
    // Pages that are not served over https have no devices.
    let devices = window().navigator().media_devices().ok().filter(|devices| !devices.is_undefined());
    let devices = devices.ok_or(PhotoError::NoCameras)?;
    let said = |error: JsValue| refusal(&error);
    let (video, width) = (js_sys::Object::new(), js_sys::Object::new());
    set(&width, "ideal", &MAX_SIDE_PX.into());
    set(&video, "width", &width);
    set(&video, "facingMode", &"environment".into());
    let constraints = MediaStreamConstraints::new();
    constraints.set_video(&video);
    let promise = devices.get_user_media_with_constraints(&constraints).map_err(said)?;
    let stream: MediaStream = JsFuture::from(promise).await.map_err(said)?.unchecked_into();
    let playing = play(&stream).await;
    if playing.is_err() {
        tracks(&stream).for_each(|track| track.stop());
    }
    playing.map(|video| (stream, video)).map_err(said)
}

/// Plays a stream in a video that is not part of the page.
async fn play(stream: &MediaStream) -> Result<HtmlVideoElement, JsValue> {
    let video: HtmlVideoElement = document().create_element("video")?.unchecked_into();
    video.set_muted(true);
    // Phones play other videos only in full screen.
    video.set_attribute("playsinline", "")?;
    video.set_src_object(Some(stream));
    JsFuture::from(video.play()?).await?;
    Ok(video)
}

/// Returns the reason why there is no camera, by the name of the browser's error.
fn refusal(error: &JsValue) -> PhotoError {
    match error_name(error).as_deref() {
        Some("NotAllowedError" | "SecurityError") => PhotoError::CameraRefused,
        Some("NotFoundError" | "OverconstrainedError") => PhotoError::CameraMissing,
        Some("NotReadableError" | "AbortError") => PhotoError::CameraTaken,
        _ => PhotoError::CameraFailed { reason: error_message(error) },
    }
}
