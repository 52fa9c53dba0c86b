//! The description of the photo: its content, its size and its author.

use std::sync::Arc;

use leptos::prelude::*;
use leptos_i18n::td_string;

use super::pictures::{class_of, picture_number};
use super::samples::{content, sample};
use super::state::{CAMERA, PhotoState};
use crate::app::wording::classes::cifar10;

/// Describes the photo in words.
pub(super) fn origin(shared: PhotoState) -> String {
    let cropped = shared.cropped_photo.read();
    let locale = shared.words.get_locale();
    let Some(cropped) = cropped.as_ref() else { return td_string!(locale, photo.origin.none).to_owned() };
    let (width, height) = (cropped.photo.width(), cropped.photo.height());
    if let Some(sample) = sample(&cropped.name) {
        let shows = content(locale, sample);
        return td_string!(
            locale,
            photo.origin.sample,
            shows = shows,
            width = width,
            height = height,
            credit = sample.credit
        );
    }
    if let Some(index) = picture_number(&cropped.name) {
        let class = class_of(index).map_or("?", |class| cifar10(locale, class));
        return td_string!(locale, photo.origin.test, index = index, width = width, height = height, class = class);
    }
    let name = if cropped.name == CAMERA { td_string!(locale, photo.origin.camera) } else { &cropped.name };
    let remark = shared.remark.read();
    let remark = remark.as_ref().filter(|(photo, _)| Arc::ptr_eq(photo, &cropped.photo));
    let said = td_string!(locale, photo.origin.file, name = name, width = width, height = height);
    [said, remark.map(|(_, remark)| remark.text(locale)).unwrap_or_default()].join(" ").trim_end().to_owned()
}
