//! What is trained on: the pictures that ship with the page.

use super::TrainingError;
use input::PicturePack;
use net::Shape;

/// Pictures of CIFAR-10 with their classes, as a network takes them.
#[derive(Debug, Clone, PartialEq)]
pub struct TrainingPictures {
    /// One picture after another, CHW; each channel less its mean over all pictures, in its standard deviations.
    values: Vec<f32>,
    classes: Vec<u32>,
}

/// The shape of one.
pub(super) const SHAPE: Shape = Shape::maps(3, 32, 32);
/// How many classes there are (Krizhevsky 2009).
pub(super) const CLASSES: usize = 10;

impl TrainingPictures {
    /// All pictures of a pack.
    ///
    /// # Errors
    /// [`TrainingError::Pictures`] where there are none.
    pub fn new(pack: &PicturePack) -> Result<Self, TrainingError> {
        Self::first(pack, pack.len())
    }

    /// The first `count` pictures of a pack.
    ///
    /// # Errors
    /// As [`TrainingPictures::new`].
    pub fn first(pack: &PicturePack, count: usize) -> Result<Self, TrainingError> {
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

    /// How many there are.
    pub fn len(&self) -> usize {
        self.classes.len()
    }

    /// Whether there are none; there never are.
    pub fn is_empty(&self) -> bool {
        self.classes.is_empty()
    }

    /// Some of them as `[values, batch]`, row-major, with their classes.
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

/// Takes a channel's mean from its values and divides by their standard deviation.
fn standardise(values: &mut [f32], channels: usize, channel: usize, area: usize) {
    let of = |values: &[f32], sum: &dyn Fn(f64) -> f64| -> f64 {
        let maps = values.chunks_exact(area).skip(channel).step_by(channels);
        let (total, count) =
            maps.flatten().fold((0.0, 0.0), |(total, count), &v| (total + sum(f64::from(v)), count + 1.0));
        total / count
    };
    let mean = of(values, &|value| value);
    // Where all are alike they are nothing, not infinite.
    let deviation = of(values, &|value| (value - mean) * (value - mean)).sqrt().max(1.0);
    for value in values.chunks_exact_mut(area).skip(channel).step_by(channels).flatten() {
        *value = ((f64::from(*value) - mean) / deviation) as f32;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_channel_is_centred_and_pictures_stand_in_columns() {
        let mut bytes = vec![4, 7];
        bytes.extend((0..2 * 3 * 1024).map(|at| (at * 7 % 256) as u8));
        let pack = PicturePack::read(&bytes).expect("should be a pack");
        let pictures = TrainingPictures::new(&pack).expect("should be there");
        assert_eq!(pictures.len(), 2);
        let (values, classes) = pictures.batch(&[1, 0]);
        assert_eq!(classes, [7, 4]);
        let mean: f32 = values[..2 * 1024].iter().sum::<f32>() / 2048.0;
        let square: f32 = values[..2 * 1024].iter().map(|v| v * v).sum::<f32>() / 2048.0;
        assert!(mean.abs() < 1e-4 && (square - 1.0).abs() < 1e-3, "{mean} {square}");
        // The first pixel's red of the second picture, then that of the first.
        assert_eq!((values[0], values[1]), (pictures.values[3 * 1024], pictures.values[0]));
        // Row by row: the pixel to the right is the next value. Here a channel of it is 21 more, modulo 256.
        let scale = (values[2 + 1] - values[1]) / 21.0;
        assert!((values[4 + 1] - values[2 + 1] - 21.0 * scale).abs() < 1e-5 && scale > 0.0);
    }
}
