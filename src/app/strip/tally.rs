//! What a network answered to the test pictures: right, wrong, and what was taken for what.

/// Classes of CIFAR-10.
const CLASSES: usize = 10;

/// How often each class was taken for each.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(super) struct Tally([[u32; CLASSES]; CLASSES]);

impl Tally {
    /// Counts an answer to a picture of class `truth`; classes that there are not are not counted.
    pub(super) fn add(&mut self, truth: usize, answer: usize) {
        if let Some(count) = self.0.get_mut(truth).and_then(|row| row.get_mut(answer)) {
            *count += 1;
        }
    }

    /// How often a picture of class `truth` was taken for `answer`.
    pub(super) fn of(&self, truth: usize, answer: usize) -> u32 {
        self.0.get(truth).and_then(|row| row.get(answer)).copied().unwrap_or(0)
    }

    /// Pictures that were answered.
    pub(super) fn all(&self) -> u32 {
        self.0.iter().flatten().sum()
    }

    /// Those whose answer was their class.
    pub(super) fn right(&self) -> u32 {
        (0..CLASSES).map(|class| self.of(class, class)).sum()
    }

    /// Right answers in percent; 0 where nothing was answered.
    pub(super) fn accuracy(&self) -> f32 {
        if self.all() == 0 { 0.0 } else { 100.0 * self.right() as f32 / self.all() as f32 }
    }
}
