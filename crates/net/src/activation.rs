//! Activation functions.

use serde::Serialize;

/// The amplitude A of f(a) = A tanh(S a) (LeCun et al. 1998, appendix A).
pub const TANH_AMPLITUDE: f64 = 1.7159;
/// The slope S of f(a) = A tanh(S a) (LeCun et al. 1998, appendix A).
pub const TANH_SLOPE: f64 = 2.0 / 3.0;

/// An activation function.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Activation {
    /// The identity.
    Identity,
    /// 1.7159 tanh(2a/3), which maps -1 to -1 and 1 to 1 (LeCun et al. 1998, appendix A).
    ScaledTanh,
    /// max(0, a) (Nair and Hinton 2010; Krizhevsky et al. 2012, section 3.1).
    Relu,
    /// 1 / (1 + exp(-a)).
    Sigmoid,
}

impl Activation {
    /// Computes the function at `a`.
    pub fn apply(self, a: f32) -> f32 {
        match self {
            Self::Identity => a,
            Self::ScaledTanh => TANH_AMPLITUDE as f32 * (TANH_SLOPE as f32 * a).tanh(),
            // `max` would make 0 of NaN.
            Self::Relu => {
                if a < 0.0 {
                    0.0
                } else {
                    a
                }
            }
            Self::Sigmoid => 1.0 / (1.0 + (-a).exp()),
        }
    }

    /// Returns whether the function has negative values.
    pub fn is_signed(self) -> bool {
        !matches!(self, Self::Relu | Self::Sigmoid)
    }

    /// Returns its name in the field's terms.
    pub fn title(self) -> &'static str {
        match self {
            Self::Identity => "identity",
            Self::ScaledTanh => "scaled tanh",
            Self::Relu => "ReLU",
            Self::Sigmoid => "sigmoid",
        }
    }
}
