//! Decodes files: checks the header and the end, lets the browser decode the image, and reads it back from a canvas.

use js_sys::Uint8Array;
use leptos::prelude::window;
use leptos_i18n::td_string;
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;
use web_sys::{
    Blob, CanvasRenderingContext2d, ColorSpaceConversion, ImageBitmap, ImageBitmapOptions, ImageOrientation,
};
use words::i18n::Locale;

use super::error::{CanvasError, PhotoError};
use crate::app::browser::js::{error_message, set};
use crate::app::components::picture::new_canvas;
use input::{HEAD_BYTES, ImageHeader, InputError, Paper, Photo, WholeCheck, check_size, probe_image};

/// The longer side of a photo at most, in pixels. Networks see a few hundred of them.
const MAX_SIDE_PX: u32 = 2048;

/// A decoded photo with a remark on it.
#[derive(Debug)]
pub(super) struct Decoded {
    pub(super) photo: Photo,
    pub(super) remark: Remark,
}

/// A remark on a photo from a file.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(super) struct Remark {
    /// True if the file is animated. The photo is the first frame.
    pub(super) is_animated: bool,
    /// The width and height of the image, if the photo is smaller.
    pub(super) shrunk_from: Option<(usize, usize)>,
    /// The colour that the transparent parts of the image got, if it has any.
    pub(super) paper: Option<Paper>,
}

impl Remark {
    /// Returns the remark in words; empty if there is nothing to remark.
    pub(super) fn text(self, locale: Locale) -> String {
        let animated = self.is_animated.then(|| td_string!(locale, photo.origin.moves).to_owned());
        let shrunk = self.shrunk_from.map(|(width, height)| {
            td_string!(locale, photo.origin.shrunk, width = width, height = height, longest = MAX_SIDE_PX)
        });
        let paper = self.paper.map(|paper| match paper {
            Paper::White => td_string!(locale, photo.origin.on_white).to_owned(),
            Paper::Black => td_string!(locale, photo.origin.on_black).to_owned(),
        });
        animated.into_iter().chain(shrunk).chain(paper).collect::<Vec<_>>().join(" ")
    }
}

/// Decodes a file called `name`.
///
/// # Errors
/// [`PhotoError::Input`] if the file is not an image that can be shown, [`PhotoError::Unread`],
/// [`PhotoError::Undecoded`] and [`PhotoError::Canvas`] if the browser fails.
pub(super) async fn decode(blob: &Blob, name: &str) -> Result<Decoded, PhotoError> {
    let header = probe_file(blob, name).await?;
    check_end(blob, name).await?;
    let bitmap = bitmap(blob).await.map_err(|_| PhotoError::Undecoded { name: name.to_owned() })?;
    let drawn = draw(&bitmap, name);
    // A decoded image is large. Free it now and not at the next garbage collection.
    bitmap.close();
    let Drawn { photo, paper, is_shrunk } = drawn?;
    let shrunk_from = is_shrunk.then_some((header.width, header.height));
    Ok(Decoded { photo, remark: Remark { is_animated: header.animated, shrunk_from, paper } })
}

/// Reads the format and the size of an image from the start of its file, or from all of it if the start is not enough.
async fn probe_file(blob: &Blob, name: &str) -> Result<ImageHeader, PhotoError> {
    let length = blob.size();
    let first = probe_image(name, &bytes(blob, name, 0.0, HEAD_BYTES as f64).await?, length as u64);
    match first {
        Err(InputError::Damaged { .. }) if length > HEAD_BYTES as f64 => {
            Ok(probe_image(name, &bytes(blob, name, 0.0, length).await?, length as u64)?)
        }
        header => Ok(header?),
    }
}

/// Checks that the file was not cut off. Browsers would show what there is of it. Only one piece is in memory at a
/// time.
async fn check_end(blob: &Blob, name: &str) -> Result<(), PhotoError> {
    let mut start = 0.0;
    let mut piece = bytes(blob, name, start, HEAD_BYTES as f64).await?;
    let mut check = WholeCheck::new(&piece);
    while check.read(&piece) && start + (piece.len() as f64) < blob.size() && !piece.is_empty() {
        start += piece.len() as f64;
        piece = bytes(blob, name, start, HEAD_BYTES as f64).await?;
    }
    Ok(check.finish(name)?)
}

/// Returns `count` bytes of a file from `start` on, or fewer if it ends before.
async fn bytes(blob: &Blob, name: &str, start: f64, count: f64) -> Result<Vec<u8>, PhotoError> {
    let unread = |error: JsValue| PhotoError::Unread { name: name.to_owned(), reason: error_message(&error) };
    let part = blob.slice_with_f64_and_f64(start, start + count).map_err(unread)?;
    let buffer = JsFuture::from(part.array_buffer()).await.map_err(unread)?;
    Ok(Uint8Array::new(&buffer).to_vec())
}

/// Lets the browser decode an image and apply the rotation of its metadata, but not its colour profile: torchvision and
/// Pillow pass the stored values on, and networks were trained on these. WebKit converts the colours all the same.
async fn bitmap(blob: &Blob) -> Result<ImageBitmap, JsValue> {
    let options = ImageBitmapOptions::new();
    options.set_image_orientation(ImageOrientation::FromImage);
    options.set_color_space_conversion(ColorSpaceConversion::None);
    let turned = match window().create_image_bitmap_with_blob_and_image_bitmap_options(blob, &options) {
        Ok(promise) => JsFuture::from(promise).await,
        Err(error) => Err(error),
    };
    let bitmap = match turned {
        Ok(bitmap) => bitmap,
        // Browsers that do not know these options reject them. They apply the rotation without them.
        Err(_) => JsFuture::from(window().create_image_bitmap_with_blob(blob)?).await?,
    };
    bitmap.dyn_into()
}

/// An image that was drawn and read back.
struct Drawn {
    photo: Photo,
    paper: Option<Paper>,
    /// True if it was shrunk to the largest size.
    is_shrunk: bool,
}

/// Draws an image over paper, shrunk to the largest size if necessary.
fn draw(bitmap: &ImageBitmap, name: &str) -> Result<Drawn, PhotoError> {
    let (width, height) = (bitmap.width(), bitmap.height());
    check_size(name, width as usize, height as usize)?;
    let (columns, rows) = fit(width, height, MAX_SIDE_PX);
    let (photo, paper) = paint_photo(columns, rows, |context| {
        context.draw_image_with_image_bitmap_and_dw_and_dh(bitmap, 0.0, 0.0, f64::from(columns), f64::from(rows))
    })?;
    Ok(Drawn { photo, paper, is_shrunk: (columns, rows) != (width, height) })
}

/// Returns `width` and `height`, scaled down so that neither exceeds `max_side`.
pub(super) fn fit(width: u32, height: u32, max_side: u32) -> (u32, u32) {
    let longer = width.max(height);
    if longer <= max_side {
        return (width, height);
    }
    let scaled = |side: u32| ((f64::from(side) * f64::from(max_side) / f64::from(longer)).round() as u32).max(1);
    (scaled(width), scaled(height))
}

/// Returns the drawing of `paint` on an empty canvas of this size as a photo, and the paper that its transparent parts
/// got ([`Photo::over_paper`]).
///
/// # Errors
/// [`PhotoError::Canvas`] if the browser gives no canvas, does not draw, or does not let the canvas be read.
pub(super) fn paint_photo(
    width: u32,
    height: u32,
    paint: impl FnOnce(&CanvasRenderingContext2d) -> Result<(), JsValue>,
) -> Result<(Photo, Option<Paper>), PhotoError> {
    let said = |error: JsValue| PhotoError::Canvas(CanvasError::Browser(error_message(&error)));
    let (canvas, context) = new_canvas(width, height).ok_or(PhotoError::Canvas(CanvasError::Canvas))?;
    let (across, down) = (f64::from(width), f64::from(height));
    // A browser that does not know this property shrinks photos with its default quality.
    set(&context, "imageSmoothingQuality", &"high".into());
    paint(&context).map_err(said)?;
    let rgba = context.get_image_data(0.0, 0.0, across, down).map_err(said)?.data();
    // A canvas without a size frees its memory before the next garbage collection.
    canvas.set_width(0);
    Photo::over_paper(width as usize, height as usize, &rgba).ok_or(PhotoError::Canvas(CanvasError::Pixels))
}
