//! The inputs that people give to a network: a drawing, a bundled digit or a photo, converted to the format of its
//! training data.
//!
//! - A drawing consists of strokes, which are rasterized as ink. The ink is scaled to 20x20, centred by its mass in
//!   28x28 and placed in the network's 32x32.
//! - A photo is prepared as torchvision does: the shorter side is resized, the centre or a chosen square is cropped,
//!   and the channels are normalized. Image files are checked for their format, their size and their end before they
//!   are decoded. Transparent parts become paper, and the ink of a digit is told from its paper.
//! - Packs are files of test pictures with their labels (`static/digits/README.md`, `static/pictures/README.md`).

mod cifar10;
mod cropped_photo;
mod digit;
mod digit_pack;
mod drawing;
mod error;
mod explain;
mod foreign;
mod image_pack;
mod ink;
mod labelled;
mod limits;
mod paper;
mod photo;
mod photo_digit;
mod pickle;
mod probe;
mod sizes;
mod whole;

pub use cropped_photo::{Crop, CroppedPhoto, MAX_ZOOM};
pub use digit::{centre_digit, to_field};
pub use digit_pack::DigitPack;
pub use drawing::{Drawing, Point, Stroke};
pub use error::InputError;
pub use image_pack::ImagePack;
pub use ink::{PEN_WIDTH, rasterise, smooth};
pub use limits::{MAX_BYTES, MAX_PIXELS, MAX_RATIO};
pub use paper::{Paper, is_paper_dark, luma};
pub use photo::Photo;
pub use probe::{HEAD_BYTES, ImageHeader, check_size, probe_image};
pub use sizes::{DIGIT_SIDE, FIELD_SIDE, INK_SIDE};
pub use whole::{WholeCheck, check_whole};
