//! The confusion matrix of a network on the test pictures.

/// The number of classes of CIFAR-10.
const CLASSES: usize = 10;

/// Counts the answers of a network: one row for each class of the pictures, one column for each answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(super) struct ConfusionMatrix([[u32; CLASSES]; CLASSES]);

impl ConfusionMatrix {
    /// Counts an answer to a picture of class `truth`. Invalid classes are ignored.
    pub(super) fn add(&mut self, truth: usize, answer: usize) {
        if let Some(count) = self.0.get_mut(truth).and_then(|row| row.get_mut(answer)) {
            *count += 1;
        }
    }

    /// Returns how often `answer` was given for pictures of class `truth`.
    pub(super) fn of(&self, truth: usize, answer: usize) -> u32 {
        self.0.get(truth).and_then(|row| row.get(answer)).copied().unwrap_or(0)
    }

    /// Returns the number of all answers.
    pub(super) fn all(&self) -> u32 {
        self.0.iter().flatten().sum()
    }

    /// Returns the number of right answers.
    pub(super) fn right(&self) -> u32 {
        (0..CLASSES).map(|class| self.of(class, class)).sum()
    }

    /// Returns the right answers in percent; 0 without answers.
    pub(super) fn accuracy(&self) -> f32 {
        if self.all() == 0 { 0.0 } else { 100.0 * self.right() as f32 / self.all() as f32 }
    }
}
