//! A file to a photo: looked at, decoded by the browser, read back from a canvas.

use js_sys::Uint8Array;
use leptos::prelude::window;
use leptos_i18n::td_string;
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;
use web_sys::{Blob, CanvasRenderingContext2d, ImageBitmap, ImageBitmapOptions, ImageOrientation};
use words::i18n::Locale;

use super::error::{Lack, PhotoError};
use crate::app::picture::new_canvas;
use crate::app::store::message;
use input::{HEAD_BYTES, ImageHeader, InputError, Photo, check_size, probe_image};

/// The most pixels that the longer side of a photo keeps: networks see some hundred of them.
const LONGEST: u32 = 2048;

/// A photo out of a file, and what is to be said of it.
#[derive(Debug)]
pub(super) struct Decoded {
    pub(super) photo: Photo,
    pub(super) remark: Remark,
}

/// What is to be said of a photo that was taken from a file.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(super) struct Remark {
    /// Whether the file has more frames than the first, which is taken.
    pub(super) moves: bool,
    /// Columns and rows of the file, where it was made smaller.
    pub(super) shrunk: Option<(usize, usize)>,
}

impl Remark {
    /// In words; nothing where nothing is to be said.
    pub(super) fn text(self, locale: Locale) -> String {
        let moves = self.moves.then(|| td_string!(locale, photo.origin.moves).to_owned());
        let shrunk = self.shrunk.map(|(width, height)| {
            td_string!(locale, photo.origin.shrunk, width = width, height = height, longest = LONGEST)
        });
        moves.into_iter().chain(shrunk).collect::<Vec<_>>().join(" ")
    }
}

/// Decodes a file that is called `name`.
///
/// # Errors
/// [`PhotoError::Input`] where it is not an image that can be shown, [`PhotoError::Unread`], [`PhotoError::Undecoded`] and
/// [`PhotoError::Canvas`].
pub(super) async fn decode(blob: &Blob, name: &str) -> Result<Decoded, PhotoError> {
    let looked = look(blob, name).await?;
    let bitmap = bitmap(blob).await.map_err(|_| PhotoError::Undecoded { name: name.to_owned() })?;
    let drawn = draw(&bitmap, name);
    // A decoded picture is large; the browser need not wait until it is found to be unused.
    bitmap.close();
    let (photo, shrunk) = drawn?;
    let remark = Remark { moves: looked.animated, shrunk: shrunk.then_some((looked.width, looked.height)) };
    Ok(Decoded { photo, remark })
}

/// Looks at the start of a file, and at all of it where its size is not found there.
async fn look(blob: &Blob, name: &str) -> Result<ImageHeader, PhotoError> {
    let length = blob.size();
    let first = probe_image(name, &bytes(blob, name, HEAD_BYTES as f64).await?, length as u64);
    match first {
        Err(InputError::Damaged { .. }) if length > HEAD_BYTES as f64 => {
            Ok(probe_image(name, &bytes(blob, name, length).await?, length as u64)?)
        }
        looked => Ok(looked?),
    }
}

/// The first `count` bytes of a file, or all where it has fewer.
async fn bytes(blob: &Blob, name: &str, count: f64) -> Result<Vec<u8>, PhotoError> {
    let unread = |error: JsValue| PhotoError::Unread { name: name.to_owned(), reason: message(&error) };
    let part = blob.slice_with_f64_and_f64(0.0, count).map_err(unread)?;
    let buffer = JsFuture::from(part.array_buffer()).await.map_err(unread)?;
    Ok(Uint8Array::new(&buffer).to_vec())
}

/// The picture as the browser decodes it, turned as its metadata asks.
async fn bitmap(blob: &Blob) -> Result<ImageBitmap, JsValue> {
    let options = ImageBitmapOptions::new();
    options.set_image_orientation(ImageOrientation::FromImage);
    let turned = match window().create_image_bitmap_with_blob_and_image_bitmap_options(blob, &options) {
        Ok(promise) => JsFuture::from(promise).await,
        Err(error) => Err(error),
    };
    let bitmap = match turned {
        Ok(bitmap) => bitmap,
        // Browsers that do not know the word refuse it; they turn pictures of themselves.
        Err(_) => JsFuture::from(window().create_image_bitmap_with_blob(blob)?).await?,
    };
    bitmap.dyn_into()
}

/// The picture on white, not larger than it may be, and whether it was made smaller.
fn draw(bitmap: &ImageBitmap, name: &str) -> Result<(Photo, bool), PhotoError> {
    let (width, height) = (bitmap.width(), bitmap.height());
    check_size(name, width as usize, height as usize)?;
    let (columns, rows) = fit(width, height, LONGEST);
    let photo = read(columns, rows, |context| {
        context.draw_image_with_image_bitmap_and_dw_and_dh(bitmap, 0.0, 0.0, f64::from(columns), f64::from(rows))
    })?;
    Ok((photo, (columns, rows) != (width, height)))
}

/// A size with a longer side of `longest` at most, its proportions kept.
pub(super) fn fit(width: u32, height: u32, longest: u32) -> (u32, u32) {
    let longer = width.max(height);
    if longer <= longest {
        return (width, height);
    }
    let along = |own: u32| ((f64::from(own) * f64::from(longest) / f64::from(longer)).round() as u32).max(1);
    (along(width), along(height))
}

/// What `paint` draws on a white canvas of this size, as a photo.
///
/// # Errors
/// [`PhotoError::Canvas`] where the browser gives no canvas, does not draw, or does not let the canvas be read.
pub(super) fn read(
    width: u32,
    height: u32,
    paint: impl FnOnce(&CanvasRenderingContext2d) -> Result<(), JsValue>,
) -> Result<Photo, PhotoError> {
    let said = |error: JsValue| PhotoError::Canvas(Lack::Said(message(&error)));
    let (canvas, context) = new_canvas(width, height).ok_or(PhotoError::Canvas(Lack::Canvas))?;
    let (across, down) = (f64::from(width), f64::from(height));
    context.set_fill_style_str("#fff");
    context.fill_rect(0.0, 0.0, across, down);
    // A photo of many pixels is drawn onto few; a browser that does not know the word draws it all the same.
    let _ = js_sys::Reflect::set(&context, &"imageSmoothingQuality".into(), &"high".into());
    paint(&context).map_err(said)?;
    let rgba = context.get_image_data(0.0, 0.0, across, down).map_err(said)?.data();
    // Its memory is the browser's, which gives it back sooner to a canvas without size.
    canvas.set_width(0);
    Photo::from_rgba(width as usize, height as usize, &rgba).ok_or(PhotoError::Canvas(Lack::Pixels))
}
