//! The tensors of a checkpoint that do not fit a network.

/// A tensor that does not fit, with the reason.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum TensorMismatch {
    /// The network has this tensor, and the checkpoint does not.
    Missing {
        /// Its name.
        name: String,
    },
    /// The checkpoint has this tensor, and the network does not.
    Extra {
        /// Its name, with characters that do not print escaped.
        name: String,
    },
    /// Two tensors of the checkpoint have this name.
    Twice {
        /// Its name, with characters that do not print escaped.
        name: String,
    },
    /// The type of its values is not supported.
    Type {
        /// Its name, with characters that do not print escaped.
        name: String,
        /// The type.
        dtype: &'static str,
    },
    /// It has the wrong shape.
    Shape {
        /// Its name.
        name: String,
        /// Its dimensions in the checkpoint.
        got: Vec<usize>,
        /// Its dimensions in the network.
        wanted: Vec<usize>,
    },
}

impl TensorMismatch {
    /// Returns the mismatch of a tensor with the wrong shape.
    pub(super) fn of_shapes(name: &str, got: &[usize], wanted: &[usize]) -> Self {
        Self::Shape { name: name.to_owned(), got: got.to_vec(), wanted: wanted.to_vec() }
    }
}

/// All tensors that do not fit. A message names the first few of them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TensorMismatches(Vec<TensorMismatch>);

impl TensorMismatches {
    /// The most tensors that a message names.
    pub const NAMED: usize = 4;

    /// Returns the number of tensors.
    pub fn len(&self) -> usize {
        self.0.len()
    }

    /// Returns whether there are none.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Returns all tensors.
    pub fn all(&self) -> &[TensorMismatch] {
        &self.0
    }
}

impl From<Vec<TensorMismatch>> for TensorMismatches {
    fn from(all: Vec<TensorMismatch>) -> Self {
        Self(all)
    }
}
