//! What of a checkpoint's tensors does not fit a network.

use std::fmt;

/// A tensor that does not fit.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Misfit {
    /// The network asks for it, and it is not there.
    #[error("{name} is missing")]
    Missing {
        /// Its name.
        name: String,
    },
    /// It is there, and the network does not ask for it.
    #[error("{name} is extra")]
    Extra {
        /// Its name, with what does not print escaped.
        name: String,
    },
    /// Two tensors have its name.
    #[error("{name} stands there twice")]
    Twice {
        /// Its name, with what does not print escaped.
        name: String,
    },
    /// Its values are no numbers that are read.
    #[error("{name} is {dtype}, not F32, F16, BF16 or F64")]
    Type {
        /// Its name, with what does not print escaped.
        name: String,
        /// Its type.
        dtype: &'static str,
    },
    /// It has another shape.
    #[error("{name} is {got:?}, not {wanted:?}")]
    Shape {
        /// Its name.
        name: String,
        /// Its dimensions.
        got: Vec<usize>,
        /// Those that the network asks for.
        wanted: Vec<usize>,
    },
}

/// All tensors that do not fit, or the first of them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Misfits {
    /// Those that are told.
    pub told: Vec<Misfit>,
    /// How many more there are.
    pub more: usize,
}

impl From<Vec<Misfit>> for Misfits {
    fn from(told: Vec<Misfit>) -> Self {
        Self { told, more: 0 }
    }
}

impl fmt::Display for Misfits {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let told: Vec<String> = self.told.iter().map(ToString::to_string).collect();
        f.write_str(&told.join(", "))?;
        if self.more > 0 { write!(f, ", and {} more", self.more) } else { Ok(()) }
    }
}
