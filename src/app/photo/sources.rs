//! The sources of photos: samples, files, dropped and pasted images, and the camera.

use leptos_i18n::{t, t_string, td_string};

use leptos::ev;
use leptos::html;
use leptos::prelude::*;
use wasm_bindgen::JsCast;
use web_sys::{DataTransfer, DragEvent, Element, File, FileList};

use super::camera::CameraState;
use super::error::PhotoError;
use super::samples::{SAMPLES, content, url};
use super::state::PhotoState;

/// Selects the elements that text is typed into.
const TEXT_FIELDS: &str = "input:not([type=range]):not([type=checkbox]):not([type=radio]), textarea, [contenteditable]";

/// Returns the first image of a list of files; else the first file, whose error then says why it is not an image.
fn image_of(files: Option<FileList>) -> Option<File> {
    let files = files?;
    let all = || (0..files.length()).filter_map(|at| files.get(at));
    all().find(|file| file.type_().starts_with("image/")).or_else(|| all().next())
}

fn open(shared: PhotoState, file: File) {
    let name = file.name();
    shared.open(
        file.into(),
        if name.is_empty() { td_string!(shared.words.get_locale_untracked(), photo.unnamed).to_owned() } else { name },
    );
}

/// Returns whether files are dragged, or a link that may be a picture of another page.
fn may_be_picture(transfer: &DataTransfer) -> bool {
    ["Files", "text/uri-list"].iter().any(|kind| transfer.types().includes(&(*kind).into(), 0))
}

/// Allows files to be dropped, and marks the input as their target.
pub(super) fn drag_over(event: &DragEvent, over: RwSignal<bool>) {
    if let Some(transfer) = event.data_transfer().filter(may_be_picture) {
        event.prevent_default();
        transfer.set_drop_effect("copy");
        over.set(true);
    }
}

/// Opens a dropped image.
pub(super) fn dropped(event: &DragEvent, over: RwSignal<bool>, shared: PhotoState) {
    // Otherwise the browser would navigate to the file.
    event.prevent_default();
    over.set(false);
    match image_of(event.data_transfer().and_then(|transfer| transfer.files())) {
        Some(file) => open(shared, file),
        None => shared.fail(&PhotoError::NoFile),
    }
}

/// Opens images that are pasted anywhere on the page except into text fields.
fn listen_for_pastes(shared: PhotoState) {
    let handle = window_event_listener(ev::paste, move |event| {
        let target = event.target().and_then(|target| target.dyn_into::<Element>().ok());
        if target.is_some_and(|element| element.matches(TEXT_FIELDS).unwrap_or(false)) {
            return;
        }
        if let Some(file) = image_of(event.clipboard_data().and_then(|data| data.files())) {
            event.prevent_default();
            open(shared, file);
        }
    });
    on_cleanup(move || handle.remove());
}

/// The samples, the buttons, and a hint.
#[component]
pub(super) fn PhotoSources(shared: PhotoState) -> impl IntoView {
    let words = shared.words;
    listen_for_pastes(shared);
    let input = NodeRef::<html::Input>::new();
    let state = shared.camera.state;
    let browse = move |_| {
        if let Some(input) = input.get_untracked() {
            input.click();
        }
    };
    let chosen = move |_| {
        let Some(input) = input.get_untracked() else { return };
        let file = image_of(input.files());
        // Otherwise the same file could not be chosen again.
        input.set_value("");
        if let Some(file) = file {
            open(shared, file);
        }
    };
    let is_held = move || matches!(state.get(), CameraState::Live | CameraState::Frozen);
    let camera = move || match state.get() {
        CameraState::Off => t_string!(words, photo.camera.on),
        CameraState::Asking => t_string!(words, photo.camera.cancel),
        CameraState::Live | CameraState::Frozen => t_string!(words, photo.camera.stop),
    };
    let shown =
        Memo::new(move |_| shared.cropped_photo.read().as_ref().map(|cropped_photo| cropped_photo.name.clone()));
    let hint = move || match state.get() {
        CameraState::Off => t_string!(words, photo.hint.off),
        CameraState::Asking => t_string!(words, photo.hint.asking),
        CameraState::Live => t_string!(words, photo.hint.live),
        CameraState::Frozen => t_string!(words, photo.hint.frozen),
    };
    view! {
        <div class="photo-samples" role="group" aria-label=move || t_string!(words, photo.samples)>
            {SAMPLES
                .iter()
                .map(|sample| {
                    let name = sample.name;
                    view! {
                        <button
                            class="photo-sample"
                            aria-label=move || t_string!(words, photo.sample, name = name)
                            title=move || content(words.get_locale(), sample)
                            aria-pressed=move || (shown.read().as_deref() == Some(name)).to_string()
                            on:click=move |_| shared.open_sample(name)
                        >
                            <img src=url(sample) alt="" width="256" height="256" draggable="false" />
                        </button>
                    }
                })
                .collect_view()}
        </div>
        <div class="buttons">
            <button class="grow" on:click=browse>
                {t!(words, photo.open)}
            </button>
            <button on:click=move |_| shared.switch_camera()>{camera}</button>
            <button hidden=move || !is_held() on:click=move |_| shared.camera.freeze()>
                {move || match state.get() {
                    CameraState::Frozen => t_string!(words, photo.camera.go_on),
                    _ => t_string!(words, photo.camera.freeze),
                }}
            </button>
            <input
                node_ref=input
                type="file"
                accept="image/*"
                hidden
                aria-label=move || t_string!(words, photo.file)
                on:change=chosen
            />
        </div>
        <p class="soft small" role="status">
            {hint}
        </p>
    }
}
