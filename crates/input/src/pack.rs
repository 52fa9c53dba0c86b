//! The MNIST test digits that ship with the page (format: `static/digits/README.md`).

use super::InputError;
use super::digit::DIGIT_SIDE;
use super::labelled::Labelled;

/// Pixels of one digit.
const PIXELS: usize = DIGIT_SIDE * DIGIT_SIDE;
/// Labels: the digits 0 to 9.
const DIGITS: u8 = 10;

/// Digits with their labels: so many label bytes, then so many pictures of 28x28 bytes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DigitPack(Labelled);

impl DigitPack {
    /// Reads a pack.
    ///
    /// # Errors
    /// [`InputError::Pack`] where the length is not that of a pack, or a label is no digit.
    pub fn read(bytes: &[u8]) -> Result<Self, InputError> {
        let read = Labelled::read(bytes, PIXELS, DIGITS, "a label is not a digit");
        read.map(Self).map_err(|reason| InputError::Pack { reason })
    }

    /// How many digits there are.
    pub fn len(&self) -> usize {
        self.0.len()
    }

    /// Whether there are none; a pack that was read never is.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// What digit `index` is.
    pub fn label(&self, index: usize) -> Option<u8> {
        self.0.label(index)
    }

    /// A digit that is not `current`, where there is another, for `chance` of 0 to 1: who asks for one sees one.
    pub fn another(&self, current: Option<usize>, chance: f64) -> usize {
        let current = current.filter(|&index| index < self.len() && self.len() > 1);
        let others = self.len() - usize::from(current.is_some());
        let pick = ((chance * others as f64) as usize).min(others.saturating_sub(1));
        pick + usize::from(current.is_some_and(|index| pick >= index))
    }

    /// Digit `index` as `[28, 28]`, row-major, 0 to 1.
    pub fn digit(&self, index: usize) -> Option<Vec<f32>> {
        Some(self.0.picture(index)?.iter().map(|&byte| f32::from(byte) / 255.0).collect())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_what_it_should_and_nothing_else() {
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
                .map(|i| pack(count).another(current, f64::from(i) / 100.0))
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
