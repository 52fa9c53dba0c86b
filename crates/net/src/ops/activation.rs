//! Activations: what a unit makes of its sum.

use serde::Serialize;

use super::single;
use crate::op::Operation;
use crate::shape::Shape;

/// A of f(a) = A tanh(S a) (LeCun et al. 1998, appendix A).
pub const TANH_AMPLITUDE: f64 = 1.7159;
/// S of f(a) = A tanh(S a) (LeCun et al. 1998, appendix A).
pub const TANH_SLOPE: f64 = 2.0 / 3.0;

/// A function of one value.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Activation {
    /// The value itself.
    Identity,
    /// 1.7159 tanh(2a/3), whose values at +-1 are +-1 (LeCun et al. 1998, appendix A).
    ScaledTanh,
    /// max(0, a) (Nair and Hinton 2010; Krizhevsky et al. 2012, section 3.1).
    Relu,
    /// 1 / (1 + exp(-a)).
    Sigmoid,
}

impl Activation {
    /// What it makes of `a`.
    pub fn apply(self, a: f32) -> f32 {
        match self {
            Self::Identity => a,
            Self::ScaledTanh => TANH_AMPLITUDE as f32 * (TANH_SLOPE as f32 * a).tanh(),
            Self::Relu => a.max(0.0),
            Self::Sigmoid => 1.0 / (1.0 + (-a).exp()),
        }
    }

    /// Whether its values can be negative.
    pub fn is_signed(self) -> bool {
        !matches!(self, Self::Relu | Self::Sigmoid)
    }

    /// Its name in the field's terms.
    pub fn title(self) -> &'static str {
        match self {
            Self::Identity => "identity",
            Self::ScaledTanh => "scaled tanh",
            Self::Relu => "ReLU",
            Self::Sigmoid => "sigmoid",
        }
    }
}

/// An activation that stands as a node of its own.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub struct Pointwise {
    /// The function.
    pub function: Activation,
}

impl Operation for Pointwise {
    fn title(&self) -> &'static str {
        self.function.title()
    }

    fn shape(&self, inputs: &[Shape]) -> Result<Shape, String> {
        single(inputs)
    }
}
