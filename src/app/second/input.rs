//! The input that both stages share, as one page hands it to the other.

use std::sync::Arc;

use input::{Crop, CroppedPhoto, Drawing, Photo};
use js_sys::{Float32Array, Object, Reflect, Uint8Array};
use leptos::prelude::*;
use wasm_bindgen::JsValue;

use crate::app::browser::js::set;
use crate::app::state::{Medium, Page};

/// The count of numbers of a crop: left, top and side, in units of the shorter side of the photo.
const CROP_NUMBERS: usize = 3;

/// Returns the current input as the argument of the method `show` of the other page.
pub(super) fn describe_input(page: Page) -> Object {
    let out = Object::new();
    let medium = if page.input.medium() == Medium::Photo { "photo" } else { "drawing" };
    set(&out, "medium", &medium.into());
    let drawing = page.input.drawing().get();
    set(&out, "ink", &drawing.encode().into());
    set(&out, "digit", &drawing.digit.map_or(JsValue::NULL, |digit| (digit as f64).into()));
    if let Some(cropped) = page.input.photo().get() {
        set(&out, "name", &cropped.name.clone().into());
        let crop = cropped.crop.map(|Crop { left, top, side }| Float32Array::from([left, top, side].as_slice()));
        set(&out, "crop", &crop.map_or(JsValue::NULL, JsValue::from));
        // A photo is large, so it is sent only once.
        let is_new = page
            .second
            .photo
            .with_value(|known| known.as_ref().is_none_or(|known| !Arc::ptr_eq(known, &cropped.photo)));
        if is_new {
            set(&out, "rgba", &Uint8Array::from(cropped.photo.rgba().as_slice()));
            set(&out, "width", &(cropped.photo.width() as f64).into());
            set(&out, "height", &(cropped.photo.height() as f64).into());
            page.second.photo.set_value(Some(Arc::clone(&cropped.photo)));
        }
    }
    out
}

/// Shows the input of the other page. The page in the frame calls this.
///
/// # Errors
/// Returns a sentence in English if `given` is not an object that [`describe_input`] makes.
pub(in crate::app) fn show(page: Page, given: &JsValue) -> Result<(), String> {
    let get = |name: &str| Reflect::get(given, &name.into()).unwrap_or(JsValue::UNDEFINED);
    let medium = match get("medium").as_string().as_deref() {
        Some("photo") => Medium::Photo,
        Some("drawing") => Medium::Drawing,
        _ => return Err("show takes an object whose medium is \"drawing\" or \"photo\"".to_owned()),
    };
    let strokes = Drawing::decode(&get("ink").as_string().unwrap_or_default()).map_err(|error| error.to_string())?;
    let digit = get("digit").as_f64().map(|digit| digit as usize);
    // Arrays of another page have constructors of that page, so `dyn_into` would reject them: copy them.
    let given = |name: &str| Some(get(name)).filter(JsValue::is_object);
    let crop = given("crop").map(|crop| Float32Array::new(&crop).to_vec()).filter(|crop| crop.len() == CROP_NUMBERS);
    let crop = crop.map(|crop| Crop { left: crop[0], top: crop[1], side: crop[2] });
    match given("rgba") {
        Some(rgba) => {
            let side = |name: &str| get(name).as_f64().unwrap_or(0.0) as usize;
            let photo = Photo::from_rgba(side("width"), side("height"), &Uint8Array::new(&rgba).to_vec());
            let photo = photo.ok_or("the photo has not as many bytes as its sides say")?;
            let photo = CroppedPhoto::new(photo, get("name").as_string().unwrap_or_default());
            page.input.show_photo(photo.with_crop(crop));
        }
        None => page.input.crop_photo(crop),
    }
    page.input.show_drawing(Drawing { digit, strokes });
    page.input.link_medium(Some(medium));
    Ok(())
}
