//! The training set: the images that are bundled with the page.

use super::error::TrainingError;
use input::ImagePack;
use net::Shape;

/// Images of CIFAR-10 with their classes, in the form in which the network reads them.
#[derive(Debug, Clone, PartialEq)]
pub struct TrainingPictures {
    /// Image after image, CHW. Each channel is standardised over all images: its mean is 0 and its standard deviation
    /// is 1.
    values: Vec<f32>,
    classes: Vec<u32>,
}

/// The shape of one image, `[channels, height, width]`.
pub(super) const SHAPE: Shape = Shape::maps(3, 32, 32);
/// The number of classes (Krizhevsky 2009).
pub(super) const CLASSES: usize = 10;

impl TrainingPictures {
    /// Reads all images of a pack.
    ///
    /// # Errors
    /// Returns [`TrainingError::Pictures`] if the pack is empty.
    pub fn new(pack: &ImagePack) -> Result<Self, TrainingError> {
        Self::first(pack, pack.len())
    }

    /// Reads the first `count` images of a pack.
    ///
    /// # Errors
    /// Returns the errors of [`TrainingPictures::new`].
    pub fn first(pack: &ImagePack, count: usize) -> Result<Self, TrainingError> {
        let (channels, height, width) = SHAPE.chw();
        let (mut values, mut classes) = (Vec::new(), Vec::new());
        for index in 0..count.min(pack.len()) {
            let (photo, class) = pack.photo(index).zip(pack.label(index)).ok_or(TrainingError::Pictures)?;
            for channel in 0..channels {
                let pixels = (0..height * width).map(|at| photo.pixel(at / width, at % width));
                values.extend(pixels.map(|pixel| f32::from(pixel[channel])));
            }
            classes.push(class as u32);
        }
        if classes.is_empty() {
            return Err(TrainingError::Pictures);
        }
        for channel in 0..channels {
            standardise(&mut values, channels, channel, height * width);
        }
        Ok(Self { values, classes })
    }

    /// Returns the number of images.
    pub fn len(&self) -> usize {
        self.classes.len()
    }

    /// Returns whether there are no images. It is always false, because constructors refuse empty packs.
    pub fn is_empty(&self) -> bool {
        self.classes.is_empty()
    }

    /// Returns some of the images as `[values, batch]`, row-major, and their classes.
    pub(super) fn batch(&self, indices: &[usize]) -> (Vec<f32>, Vec<u32>) {
        let each = SHAPE.elements();
        let mut values = vec![0.0; each * indices.len()];
        for (place, &index) in indices.iter().enumerate() {
            let picture = &self.values[index * each..(index + 1) * each];
            for (row, &value) in picture.iter().enumerate() {
                values[row * indices.len() + place] = value;
            }
        }
        (values, indices.iter().map(|&index| self.classes[index]).collect())
    }
}

/// Subtracts a channel's mean from its values and divides them by their standard deviation.
fn standardise(values: &mut [f32], channels: usize, channel: usize, area: usize) {
    let of = |values: &[f32], sum: &dyn Fn(f64) -> f64| -> f64 {
        let maps = values.chunks_exact(area).skip(channel).step_by(channels);
        let (total, count) =
            maps.flatten().fold((0.0, 0.0), |(total, count), &v| (total + sum(f64::from(v)), count + 1.0));
        total / count
    };
    let mean = of(values, &|value| value);
    // The lower limit of 1 makes constant channels zero instead of infinite.
    let deviation = of(values, &|value| (value - mean) * (value - mean)).sqrt().max(1.0);
    for value in values.chunks_exact_mut(area).skip(channel).step_by(channels).flatten() {
        *value = ((f64::from(*value) - mean) / deviation) as f32;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn channels_are_standardised_and_images_are_columns() {
        let mut bytes = vec![4, 7];
        bytes.extend((0..2 * 3 * 1024).map(|at| (at * 7 % 256) as u8));
        let pack = ImagePack::read(&bytes).expect("should be a pack");
        let pictures = TrainingPictures::new(&pack).expect("should be there");
        assert_eq!(pictures.len(), 2);
        let (values, classes) = pictures.batch(&[1, 0]);
        assert_eq!(classes, [7, 4]);
        let mean: f32 = values[..2 * 1024].iter().sum::<f32>() / 2048.0;
        let square: f32 = values[..2 * 1024].iter().map(|v| v * v).sum::<f32>() / 2048.0;
        assert!(mean.abs() < 1e-4 && (square - 1.0).abs() < 1e-3, "{mean} {square}");
        // The first pixel's red value of the second image, then that of the first.
        assert_eq!((values[0], values[1]), (pictures.values[3 * 1024], pictures.values[0]));
        // In a row, the next value is the pixel to the right. A channel of it is greater by 21 here, modulo 256.
        let scale = (values[2 + 1] - values[1]) / 21.0;
        assert!((values[4 + 1] - values[2 + 1] - 21.0 * scale).abs() < 1e-5 && scale > 0.0);
    }
}
