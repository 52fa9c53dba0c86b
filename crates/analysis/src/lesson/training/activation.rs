//! The activation functions that are compared.

/// The activation function of the network.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum TrainingActivation {
    /// The hyperbolic tangent.
    Tanh,
    /// `max(0, x)`.
    Relu,
}

impl TrainingActivation {
    /// All activation functions.
    pub const ALL: [Self; 2] = [Self::Tanh, Self::Relu];

    /// Returns the name in messages and URLs.
    pub fn name(self) -> &'static str {
        match self {
            Self::Tanh => "tanh",
            Self::Relu => "relu",
        }
    }

    /// Returns the activation function with this name, or `None` if there is none.
    pub fn named(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|activation| activation.name() == name)
    }
}
