//! Where photos come from: samples, files, what is dropped and pasted, the camera.

use leptos_i18n::{t, t_string, td_string};
use std::sync::Arc;

use leptos::ev;
use leptos::html;
use leptos::prelude::*;
use wasm_bindgen::JsCast;
use web_sys::{DataTransfer, DragEvent, Element, File, FileList};

use super::camera::State;
use super::error::PhotoError;
use super::pictures::{class_of, picture_number};
use super::samples::{SAMPLES, address, shows};
use super::{CAMERA, Desk};
use crate::app::said::classes::cifar10;

/// Where text is typed.
const TYPED: &str = "input:not([type=range]):not([type=checkbox]):not([type=radio]), textarea, [contenteditable]";

/// The first image of a list of files; else the first file, so that it can be said why it is none.
fn image_of(files: Option<FileList>) -> Option<File> {
    let files = files?;
    let all = || (0..files.length()).filter_map(|at| files.get(at));
    all().find(|file| file.type_().starts_with("image/")).or_else(|| all().next())
}

fn open(desk: Desk, file: File) {
    let name = file.name();
    desk.open(
        file.into(),
        if name.is_empty() { td_string!(desk.words.get_locale_untracked(), photo.unnamed).to_owned() } else { name },
    );
}

/// Whether files are dragged, or what a picture of another page may be.
fn may_be_picture(transfer: &DataTransfer) -> bool {
    ["Files", "text/uri-list"].iter().any(|kind| transfer.types().includes(&(*kind).into(), 0))
}

/// Lets files be dropped, and shows where.
pub(super) fn drag_over(event: &DragEvent, over: RwSignal<bool>) {
    if let Some(transfer) = event.data_transfer().filter(may_be_picture) {
        event.prevent_default();
        transfer.set_drop_effect("copy");
        over.set(true);
    }
}

/// Opens what is dropped.
pub(super) fn dropped(event: &DragEvent, over: RwSignal<bool>, desk: Desk) {
    // Without this the browser leaves the page for the file.
    event.prevent_default();
    over.set(false);
    match image_of(event.data_transfer().and_then(|transfer| transfer.files())) {
        Some(file) => open(desk, file),
        None => desk.fail(&PhotoError::NoFile),
    }
}

/// Opens pictures that are pasted anywhere on the page but where text is typed.
fn listen_for_pastes(desk: Desk) {
    let handle = window_event_listener(ev::paste, move |event| {
        let target = event.target().and_then(|target| target.dyn_into::<Element>().ok());
        if target.is_some_and(|element| element.matches(TYPED).unwrap_or(false)) {
            return;
        }
        if let Some(file) = image_of(event.clipboard_data().and_then(|data| data.files())) {
            event.prevent_default();
            open(desk, file);
        }
    });
    on_cleanup(move || handle.remove());
}

/// The samples, the buttons, and what is said of the photo.
#[component]
pub(super) fn Sources(desk: Desk) -> impl IntoView {
    let words = desk.words;
    listen_for_pastes(desk);
    let input = NodeRef::<html::Input>::new();
    let state = desk.camera.state;
    let browse = move |_| {
        if let Some(input) = input.get_untracked() {
            input.click();
        }
    };
    let chosen = move |_| {
        let Some(input) = input.get_untracked() else { return };
        let file = image_of(input.files());
        // So that the same file can be chosen again.
        input.set_value("");
        if let Some(file) = file {
            open(desk, file);
        }
    };
    let held = move || matches!(state.get(), State::Live | State::Frozen);
    let camera = move || match state.get() {
        State::Off => t_string!(words, photo.camera.on),
        State::Asking => t_string!(words, photo.camera.cancel),
        State::Live | State::Frozen => t_string!(words, photo.camera.stop),
    };
    let shown = Memo::new(move |_| desk.cropped_photo.read().as_ref().map(|cropped_photo| cropped_photo.name.clone()));
    let hint = move || match state.get() {
        State::Off => t_string!(words, photo.hint.off),
        State::Asking => t_string!(words, photo.hint.asking),
        State::Live => t_string!(words, photo.hint.live),
        State::Frozen => t_string!(words, photo.hint.frozen),
    };
    view! {
        <div class="photo-samples" role="group" aria-label=move || t_string!(words, photo.samples)>
            {SAMPLES.iter().map(|sample| {
                let name = sample.name;
                view! {
                    <button class="photo-sample" aria-label=move || t_string!(words, photo.sample, name = name)
                        title=move || shows(words.get_locale(), sample)
                        aria-pressed=move || (shown.read().as_deref() == Some(name)).to_string()
                        on:click=move |_| desk.open_sample(name)>
                        <img src=address(sample) alt="" width="256" height="256" draggable="false"/>
                    </button>
                }
            }).collect_view()}
        </div>
        <div class="buttons">
            <button class="grow" on:click=browse>{t!(words, photo.open)}</button>
            <button on:click=move |_| desk.switch_camera()>{camera}</button>
            <button hidden=move || !held() on:click=move |_| desk.camera.freeze()>
                {move || match state.get() {
                    State::Frozen => t_string!(words, photo.camera.go_on),
                    _ => t_string!(words, photo.camera.freeze),
                }}
            </button>
            <input node_ref=input type="file" accept="image/*" hidden aria-label=move || t_string!(words, photo.file) on:change=chosen/>
        </div>
        <p class="soft small" role="status">{hint}</p>
    }
}

/// What the photo is, and whose.
pub(super) fn origin(desk: Desk) -> String {
    let cropped_photo = desk.cropped_photo.read();
    let locale = desk.words.get_locale();
    let Some(cropped_photo) = cropped_photo.as_ref() else { return td_string!(locale, photo.origin.none).to_owned() };
    let (width, height) = (cropped_photo.photo.width(), cropped_photo.photo.height());
    if let Some(sample) = super::samples::sample(&cropped_photo.name) {
        let shows = shows(locale, sample);
        return td_string!(
            locale,
            photo.origin.sample,
            shows = shows,
            width = width,
            height = height,
            credit = sample.credit
        );
    }
    if let Some(index) = picture_number(&cropped_photo.name) {
        let class = class_of(index).map_or("?", |class| cifar10(locale, class));
        return td_string!(locale, photo.origin.test, index = index, width = width, height = height, class = class);
    }
    let name = if cropped_photo.name == CAMERA { td_string!(locale, photo.origin.camera) } else { &cropped_photo.name };
    let remark = desk.remark.read();
    let remark = remark.as_ref().filter(|(photo, _)| Arc::ptr_eq(photo, &cropped_photo.photo));
    let said = td_string!(locale, photo.origin.file, name = name, width = width, height = height);
    [said, remark.map(|(_, remark)| remark.text(locale)).unwrap_or_default()].join(" ").trim_end().to_owned()
}
