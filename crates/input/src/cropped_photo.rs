//! A photo with the square of it that a network is shown.

use std::sync::Arc;

use super::Photo;
use super::digit::to_field;
use super::error::InputError;
use super::sizes::{DIGIT_SIDE, FIELD_SIDE};
use net::{Graph, InputKind};

/// The greatest magnification of the photo. At 1 its shorter side fills the input of the network.
pub const MAX_ZOOM: f32 = 8.0;
/// The number of photo pixels per pixel of a drawing, along a side.
const ENLARGEMENT: usize = 8;

/// A square of a photo. All lengths are in units of the photo's shorter side.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Crop {
    /// Distance from the left edge.
    pub left: f32,
    /// Distance from the top edge.
    pub top: f32,
    /// Length of its sides, at most 1.
    pub side: f32,
}

impl Crop {
    /// Returns the square moved to the right and down, in units of the photo's shorter side.
    #[must_use]
    pub fn moved(self, right: f32, down: f32) -> Self {
        Self { left: self.left + right, top: self.top + down, ..self }
    }

    /// Returns a square with the same centre and another side.
    #[must_use]
    pub fn resized(self, side: f32) -> Self {
        // The side is limited here already, so that the centre stays in place at both limits.
        let side = side.clamp(1.0 / MAX_ZOOM, 1.0);
        let out = (self.side - side) / 2.0;
        Self { left: self.left + out, top: self.top + out, side }
    }

    /// Returns the nearest square inside `photo`. A coordinate that is not finite is replaced by that of the largest
    /// square in the middle.
    pub(super) fn within(self, photo: &Photo) -> Self {
        let (width, height) = (photo.width() as f32, photo.height() as f32);
        let shorter = width.min(height);
        let number = |value: f32, or: f32| if value.is_finite() { value } else { or };
        // The side is at least one pixel.
        let least = (1.0 / MAX_ZOOM).max(1.0 / shorter);
        let side = number(self.side, 1.0).clamp(least, 1.0);
        let place = |value: f32, all: f32| {
            let most = (all / shorter - side).max(0.0);
            number(value, most / 2.0).clamp(0.0, most)
        };
        Self { left: place(self.left, width), top: place(self.top, height), side }
    }
}

/// A photo with the square of it that a network is shown. Two are equal if they share the same photo in memory and have
/// the same square and name.
#[derive(Debug, Clone)]
pub struct CroppedPhoto {
    /// The photo.
    pub photo: Arc<Photo>,
    /// Its name: that of a sample or of a file.
    pub name: String,
    /// The square that a person chose. Without one, the network sees the part that torchvision would show it.
    pub crop: Option<Crop>,
}

impl PartialEq for CroppedPhoto {
    fn eq(&self, other: &Self) -> bool {
        Arc::ptr_eq(&self.photo, &other.photo) && self.crop == other.crop && self.name == other.name
    }
}

impl CroppedPhoto {
    /// Returns a photo without a chosen square.
    pub fn new(photo: Photo, name: impl Into<String>) -> Self {
        Self { photo: Arc::new(photo), name: name.into(), crop: None }
    }

    /// Makes a photo of a drawing, with dark ink on white. `digit` is `[28, 28]`, row-major, from 0 (paper) to 1 (ink).
    ///
    /// # Errors
    /// [`InputError::Resize`] if `digit` has another size.
    pub fn from_drawing(digit: &[f32]) -> Result<Self, InputError> {
        let rgb = digit.iter().flat_map(|ink| [(255.0 * (1.0 - ink.clamp(0.0, 1.0))).round() as u8; 3]).collect();
        let small = Photo::new(DIGIT_SIDE, DIGIT_SIDE, rgb)
            .ok_or_else(|| InputError::Resize { reason: "it is no drawing of 28 × 28".to_owned() })?;
        Ok(Self::new(small.shorter_side(DIGIT_SIDE * ENLARGEMENT)?, "your drawing"))
    }

    /// Returns the same photo with the square inside it that is nearest to `crop`. Without `crop`, torchvision's part
    /// is used.
    #[must_use]
    pub fn with_crop(&self, crop: Option<Crop>) -> Self {
        Self { photo: self.photo.clone(), name: self.name.clone(), crop: crop.map(|crop| crop.within(&self.photo)) }
    }

    /// Returns the square that is cut out for `graph`, whether or not a person chose it.
    pub fn visible_crop(&self, graph: &Graph) -> Crop {
        let shorter = self.photo.width().min(self.photo.height()) as f32;
        let [left, top, width, _] = self.square(graph);
        Crop { left: left / shorter, top: top / shorter, side: width / shorter }
    }

    /// Returns the square that is cut out for `graph`: left, top, width and height in pixels of the photo. Width and
    /// height can differ by up to a pixel, because torchvision rounds the longer side of a photo down.
    pub fn square(&self, graph: &Graph) -> [f32; 4] {
        let (width, height) = (self.photo.width() as f32, self.photo.height() as f32);
        let shorter = width.min(height);
        match (self.crop, graph.input.kind) {
            (Some(crop), _) => {
                let crop = crop.within(&self.photo);
                [crop.left * shorter, crop.top * shorter, crop.side * shorter, crop.side * shorter]
            }
            (None, InputKind::Photo { .. }) => self.photo.prepared_part(graph),
            (None, InputKind::Digit { .. }) => [(width - shorter) / 2.0, (height - shorter) / 2.0, shorter, shorter],
        }
    }

    /// Returns the part of the photo that the whole input of `graph` stands for: left, top, width and height in pixels
    /// of the photo. Receptive fields are parts of it. Networks for digits add paper around the square, so that the
    /// part may pass the edges of the photo.
    pub fn region(&self, graph: &Graph) -> [f32; 4] {
        let [left, top, width, height] = self.square(graph);
        if matches!(graph.input.kind, InputKind::Photo { .. }) {
            return [left, top, width, height];
        }
        let pixel = width / DIGIT_SIDE as f32;
        let paper = (FIELD_SIDE - DIGIT_SIDE) as f32 * pixel;
        [left - paper / 2.0, top - paper / 2.0, width + paper, height + paper]
    }

    /// Returns the image that `graph` sees at its own size, before normalization. For networks of digits it is light
    /// ink on a dark field.
    ///
    /// # Errors
    /// [`InputError::Resize`] if the photo cannot be resampled.
    pub fn network_view(&self, graph: &Graph) -> Result<Photo, InputError> {
        let (_, height, width) = graph.input.shape.chw();
        match (graph.input.kind, self.crop) {
            (InputKind::Photo { .. }, None) => self.photo.prepare(graph),
            (InputKind::Photo { .. }, Some(_)) => self.photo.cut(self.square(graph), width, height),
            (InputKind::Digit { .. }, _) => {
                let ink = to_field(&self.digit()?, InputKind::Digit { scale: 255.0, offset: 0.0 });
                let rgb = ink.iter().flat_map(|ink| [ink.round() as u8; 3]).collect();
                Photo::new(FIELD_SIDE, FIELD_SIDE, rgb)
                    .ok_or_else(|| InputError::Resize { reason: "it is no digit".to_owned() })
            }
        }
    }

    /// Returns the input of `graph`, `[channels, height, width]`. Photos have the mean of each channel subtracted and
    /// are divided by its standard deviation. Digits are converted by [`to_field`].
    ///
    /// # Errors
    /// [`InputError::Resize`] if the photo cannot be resampled.
    pub fn input(&self, graph: &Graph) -> Result<Vec<f32>, InputError> {
        if matches!(graph.input.kind, InputKind::Digit { .. }) {
            return Ok(to_field(&self.digit()?, graph.input.kind));
        }
        let reason = || InputError::Resize { reason: format!("{} takes no photos", graph.title) };
        self.network_view(graph)?.input(graph).ok_or_else(reason)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use net::network;

    /// Returns a photo with red increasing to the right and green increasing downwards.
    fn slope(width: usize, height: usize) -> CroppedPhoto {
        let level = |i: usize, all: usize| (255 * i / all) as u8;
        let pixels = (0..width * height).map(|i| [level(i % width, width), level(i / width, height), 40]);
        let photo = Photo::new(width, height, pixels.flatten().collect()).expect("should have its bytes");
        CroppedPhoto::new(photo, "slope")
    }

    fn graph(name: &str) -> Graph {
        network(name).expect("should be declared")
    }

    #[test]
    fn without_a_crop_the_photo_is_prepared_as_torchvision_does() {
        let (cropped_photo, graph) = (slope(400, 300), graph("resnet18"));
        let seen = cropped_photo.photo.prepare(&graph).expect("should fit");
        assert_eq!(cropped_photo.network_view(&graph), Ok(seen.clone()));
        assert_eq!(cropped_photo.input(&graph).ok(), seen.input(&graph));
        // The photo is resized to 341 x 256, and the middle 224 x 224 begins at (58, 16).
        let [left, top, width, height] = cropped_photo.region(&graph);
        assert!((top - 16.0 * 300.0 / 256.0).abs() < 1e-3 && (height - 224.0 * 300.0 / 256.0).abs() < 1e-3);
        assert!((left - 58.0 * 400.0 / 341.0).abs() < 1e-3 && (width - 224.0 * 400.0 / 341.0).abs() < 1e-3);
    }

    #[test]
    fn the_default_square_can_be_chosen() {
        let graph = graph("resnet18");
        let cropped_photo = slope(256, 256);
        let chosen = cropped_photo.with_crop(Some(cropped_photo.visible_crop(&graph)));
        assert_eq!(chosen.crop, Some(Crop { left: 0.0625, top: 0.0625, side: 0.875 }));
        assert_eq!(chosen.network_view(&graph), cropped_photo.network_view(&graph));
        assert_eq!(chosen.region(&graph), [16.0, 16.0, 224.0, 224.0]);
        assert_ne!(chosen, cropped_photo);
        assert_eq!(chosen.with_crop(None), cropped_photo);
    }

    #[test]
    fn a_crop_shows_its_square() {
        let (cropped_photo, graph) = (slope(600, 300), graph("resnet20-cifar"));
        let right = cropped_photo.with_crop(Some(Crop { left: 1.5, top: 0.5, side: 0.5 }));
        assert_eq!(right.region(&graph), [450.0, 150.0, 150.0, 150.0]);
        let seen = right.network_view(&graph).expect("should fit");
        assert_eq!((seen.width(), seen.height()), (32, 32));
        let (first, last) = (seen.pixel(0, 0), seen.pixel(31, 31));
        // Red increases from 3/4 to 1, green from 1/2 to 1.
        assert!((190..=196).contains(&first[0]) && (127..=132).contains(&first[1]), "{first:?}");
        assert!(last[0] >= 250 && last[1] >= 249, "{last:?}");
        assert_eq!(right.input(&graph).expect("should fit").len(), 3 * 32 * 32);
    }

    #[test]
    fn every_crop_stays_inside_the_photo() {
        let (cropped_photo, graph) = (slope(300, 200), graph("alexnet-torchvision"));
        let wild = [f32::NAN, f32::INFINITY, -7.0, 0.0, 0.4, 1e30];
        for left in wild {
            for top in wild {
                for side in wild {
                    let crop = Crop { left, top, side };
                    let [x, y, w, h] = CroppedPhoto { crop: Some(crop), ..cropped_photo.clone() }.square(&graph);
                    let inside = x >= 0.0 && y >= 0.0 && x + w <= 300.001 && y + h <= 200.001 && w >= 24.9 && w == h;
                    assert!(inside, "{crop:?} is {:?}", [x, y, w, h]);
                    assert!(cropped_photo.with_crop(Some(crop.resized(0.01))).network_view(&graph).is_ok(), "{crop:?}");
                }
            }
        }
        let dot = CroppedPhoto::new(Photo::new(1, 1, vec![1, 2, 3]).expect("should have its bytes"), "dot");
        assert!(dot.network_view(&graph).is_ok());
        assert!(dot.with_crop(Some(Crop { left: 0.5, top: 0.5, side: 0.1 })).network_view(&graph).is_ok());
    }

    #[test]
    fn a_crop_is_resized_about_its_centre() {
        let crop = Crop { left: 0.25, top: 0.25, side: 0.5 };
        assert_eq!(crop.resized(0.25), Crop { left: 0.375, top: 0.375, side: 0.25 });
        assert_eq!(crop.resized(9.0), Crop { left: 0.0, top: 0.0, side: 1.0 });
        assert_eq!(crop.moved(0.25, -0.25), Crop { left: 0.5, top: 0.0, side: 0.5 });
    }
}
