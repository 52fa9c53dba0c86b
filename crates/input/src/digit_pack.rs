//! The MNIST test digits that ship with the page. `static/digits/README.md` describes the format.

use super::error::InputError;
use super::labelled::LabelledImages;
use super::sizes::DIGIT_SIDE;

/// Pixels of one digit.
const PIXELS: usize = DIGIT_SIDE * DIGIT_SIDE;
/// The number of labels: the digits 0 to 9.
const DIGITS: u8 = 10;

/// Digits with their labels. The file has all labels, one byte each, and then all images of 28x28 bytes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DigitPack(LabelledImages);

impl DigitPack {
    /// Reads a pack.
    ///
    /// # Errors
    /// [`InputError::Pack`] if the length is not that of a pack, or if a label is not a digit.
    pub fn read(bytes: &[u8]) -> Result<Self, InputError> {
        let read = LabelledImages::read(bytes, PIXELS, DIGITS, "a label is not a digit");
        read.map(Self).map_err(|reason| InputError::Pack { reason })
    }

    /// Returns the number of digits.
    pub fn len(&self) -> usize {
        self.0.len()
    }

    /// Returns whether there are no digits. This is never true of a pack that was read.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// Returns the label of digit `index`.
    pub fn label(&self, index: usize) -> Option<u8> {
        self.0.label(index)
    }

    /// Picks a digit by `chance`, a number from 0 to 1. The result differs from `current` if there is another digit, so
    /// that a request for another digit always shows one.
    pub fn pick_other(&self, current: Option<usize>, chance: f64) -> usize {
        let current = current.filter(|&index| index < self.len() && self.len() > 1);
        let others = self.len() - usize::from(current.is_some());
        let pick = ((chance * others as f64) as usize).min(others.saturating_sub(1));
        pick + usize::from(current.is_some_and(|index| pick >= index))
    }

    /// Returns digit `index` as `[28, 28]`, row-major, 0 to 1.
    pub fn digit(&self, index: usize) -> Option<Vec<f32>> {
        Some(self.0.picture(index)?.iter().map(|&byte| f32::from(byte) / 255.0).collect())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn packs_are_read_and_other_files_refused() {
        let mut bytes = vec![3, 9];
        bytes.extend([0; PIXELS]);
        bytes.extend([255; PIXELS]);
        let pack = DigitPack::read(&bytes).expect("should be a pack");
        assert_eq!((pack.len(), pack.label(1), pack.label(2)), (2, Some(9), None));
        assert_eq!(pack.digit(1).expect("should be there")[0], 1.0);
        assert!(pack.digit(usize::MAX).is_none());
        assert!(DigitPack::read(&bytes[1..]).is_err());
        assert!(DigitPack::read(&[]).is_err());
        bytes[0] = 10;
        assert!(DigitPack::read(&bytes).is_err());
    }

    #[test]
    fn another_digit_is_never_the_same_and_can_be_any_other() {
        let pack = |count: usize| DigitPack::read(&vec![0; count * (PIXELS + 1)]).expect("should be a pack");
        let picks = |count: usize, current| {
            (0..=100)
                .map(|i| pack(count).pick_other(current, f64::from(i) / 100.0))
                .collect::<std::collections::BTreeSet<_>>()
        };
        assert_eq!(picks(4, None), [0, 1, 2, 3].into());
        assert_eq!(picks(4, Some(0)), [1, 2, 3].into());
        assert_eq!(picks(4, Some(2)), [0, 1, 3].into());
        assert_eq!(picks(4, Some(3)), [0, 1, 2].into());
        assert_eq!(picks(4, Some(9)), [0, 1, 2, 3].into());
        assert_eq!(picks(1, Some(0)), [0].into());
    }
}
