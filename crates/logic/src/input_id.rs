//! The identity of one input of a network.

use std::sync::{Arc, Weak};

/// The identity of one input: two are equal only if they refer to the very same values in memory.
///
/// A camera may deliver equal pictures one after another; each is an input of its own.
#[derive(Debug, Clone, Default)]
pub struct InputId(Weak<Vec<f32>>);

impl InputId {
    /// Returns the identity of `input`.
    pub fn of(input: &Arc<Vec<f32>>) -> Self {
        Self(Arc::downgrade(input))
    }
}

impl PartialEq for InputId {
    fn eq(&self, other: &Self) -> bool {
        Weak::ptr_eq(&self.0, &other.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn equal_values_in_another_place_are_another_input() {
        let (first, second) = (Arc::new(vec![1.0_f32]), Arc::new(vec![1.0_f32]));
        assert_eq!(InputId::of(&first), InputId::of(&Arc::clone(&first)));
        assert_ne!(InputId::of(&first), InputId::of(&second));
    }
}
