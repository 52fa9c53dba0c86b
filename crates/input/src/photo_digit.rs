//! A square of a photo as a digit: scaled to the size of MNIST's digits, in grey, with its ink told from its paper.

use super::cropped_photo::{Crop, CroppedPhoto};
use super::error::InputError;
use super::paper::is_paper_dark;
use super::sizes::DIGIT_SIDE;

/// The largest square in the middle of a photo.
const MIDDLE: Crop = Crop { left: f32::NAN, top: f32::NAN, side: 1.0 };

impl CroppedPhoto {
    /// Returns the square as a digit, `[28, 28]` row-major, from 0 (paper) to 1 (ink). Each pixel is the mean of the
    /// area that it covers. Without a chosen square, the largest square in the middle of the photo is used. Ink is dark
    /// unless the paper is ([`CroppedPhoto::has_dark_paper`]).
    ///
    /// # Errors
    /// [`InputError::Resize`] if the photo cannot be resampled.
    pub fn digit(&self) -> Result<Vec<f32>, InputError> {
        let light = self.light()?;
        let is_dark = is_paper_dark(&light, DIGIT_SIDE) == Some(true);
        Ok(light.into_iter().map(|light| if is_dark { light } else { 1.0 - light }).collect())
    }

    /// Returns whether the square shows a digit in light ink on dark paper.
    pub fn has_dark_paper(&self) -> bool {
        self.light().is_ok_and(|light| is_paper_dark(&light, DIGIT_SIDE) == Some(true))
    }

    /// Returns the square at the size of a digit, `[28, 28]` row-major, from 0 (black) to 1 (white).
    fn light(&self) -> Result<Vec<f32>, InputError> {
        let crop = self.crop.unwrap_or(MIDDLE).within(&self.photo);
        let shorter = self.photo.width().min(self.photo.height()) as f32;
        let part = [crop.left, crop.top, crop.side, crop.side].map(|length| length * shorter);
        let small = self.photo.mean(part, DIGIT_SIDE, DIGIT_SIDE)?;
        // The weights of the channels are those of Pillow's mode "L".
        let light = |at: usize| {
            let [r, g, b] = small.pixel(at / DIGIT_SIDE, at % DIGIT_SIDE).map(f32::from);
            (0.299 * r + 0.587 * g + 0.114 * b) / 255.0
        };
        Ok((0..DIGIT_SIDE * DIGIT_SIDE).map(|at| light(at).clamp(0.0, 1.0)).collect())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{FIELD_SIDE, Photo};
    use net::network;

    #[test]
    fn a_drawing_becomes_a_photo_and_a_drawing_again() {
        let mut digit = vec![0.0; DIGIT_SIDE * DIGIT_SIDE];
        for row in 6..22 {
            digit[row * DIGIT_SIDE + 12..row * DIGIT_SIDE + 16].fill(1.0);
        }
        let cropped_photo = CroppedPhoto::from_drawing(&digit).expect("should be a drawing");
        let photo = &cropped_photo.photo;
        assert_eq!((photo.width(), photo.height()), (224, 224));
        assert_eq!((photo.pixel(0, 0), photo.pixel(112, 112)), ([255; 3], [0; 3]));
        let back = cropped_photo.digit().expect("should be a digit");
        for (at, (a, b)) in digit.iter().zip(&back).enumerate() {
            // The enlarged drawing is smooth, so that an edge becomes a ramp of one pixel of the drawing.
            assert!((a - b).abs() < 0.3, "{at}: {a} {b}");
        }
        let mean = |ink: &[f32]| ink.iter().sum::<f32>() / ink.len() as f32;
        assert!((mean(&digit) - mean(&back)).abs() < 0.005);
        assert!(CroppedPhoto::from_drawing(&digit[1..]).is_err());
        assert!(CroppedPhoto::from_drawing(&[f32::NAN; DIGIT_SIDE * DIGIT_SIDE]).is_ok());
    }

    #[test]
    fn a_photo_becomes_the_input_of_a_digit_network() {
        let mut rgb = [250; 3].repeat(60 * 30);
        // A dark square in the middle: columns 25 to 35 and rows 10 to 20 of a photo of 60 x 30. The middle square has
        // columns 15 to 45.
        for y in 10..20 {
            rgb[(y * 60 + 25) * 3..(y * 60 + 35) * 3].fill(20);
        }
        let cropped_photo = CroppedPhoto::new(Photo::new(60, 30, rgb).expect("should have its bytes"), "square");
        let graph = network("lenet5-modern").expect("should be declared");
        let digit = cropped_photo.digit().expect("should be a digit");
        assert!(digit[0] < 0.03 && digit[14 * DIGIT_SIDE + 14] > 0.9, "{} {}", digit[0], digit[14 * DIGIT_SIDE + 14]);
        let input = cropped_photo.input(&graph).expect("should fit");
        assert_eq!((input.len(), input[0], input[16 * FIELD_SIDE + 16]), (1024, 0.0, digit[14 * DIGIT_SIDE + 14]));
        let seen = cropped_photo.network_view(&graph).expect("should fit");
        assert_eq!((seen.width(), seen.pixel(0, 0)), (FIELD_SIDE, [0; 3]));
        assert_eq!(cropped_photo.square(&graph), [15.0, 0.0, 30.0, 30.0]);
        // The field has two pixels of paper on each side.
        let [left, top, width, height] = cropped_photo.region(&graph);
        assert!((left - (15.0 - 60.0 / 28.0)).abs() < 1e-4 && (top + 60.0 / 28.0).abs() < 1e-4);
        assert!((width - 30.0 * 32.0 / 28.0).abs() < 1e-4 && (height - width).abs() < 1e-4);
    }

    #[test]
    fn light_ink_on_dark_paper_is_ink() {
        let picture = |ink: u8, paper: u8| {
            let is_ink = |at: usize| (12..16).contains(&(at % DIGIT_SIDE)) && (6..22).contains(&(at / DIGIT_SIDE));
            let rgb = (0..DIGIT_SIDE * DIGIT_SIDE).flat_map(|at| [if is_ink(at) { ink } else { paper }; 3]);
            let photo = Photo::new(DIGIT_SIDE, DIGIT_SIDE, rgb.collect()).expect("should have its bytes");
            CroppedPhoto::new(photo, "one")
        };
        let (light, dark) = (picture(255, 0), picture(0, 255));
        assert!(light.has_dark_paper() && !dark.has_dark_paper());
        let digit = light.digit().expect("should be a digit");
        assert_eq!((digit[0], digit[10 * DIGIT_SIDE + 13]), (0.0, 1.0));
        assert_eq!(dark.digit(), Ok(digit));
        // Without ink there is nothing to tell apart.
        assert!(!picture(9, 9).has_dark_paper());
    }
}
