//! A fixed scale and shift of each channel.

use serde::Serialize;

use super::inputs::single_maps;
use crate::formula::{Formula, Operands};
use crate::operation::{Operation, OperationKind, OperationLabel};
use crate::shape::Shape;

/// A fixed scale and shift of each channel of an RGB picture: `y = x * scale + shift`. Nothing of it is learned.
///
/// Input and output are `[3, height, width]`. torchvision's GoogLeNet begins with one, which brings a picture from one
/// normalization to another (`_transform_input` in `torchvision/models/googlenet.py`).
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct ChannelAffine {
    /// The factor of each channel, in the order R, G, B.
    pub scale: [f32; 3],
    /// The term of each channel, in the order R, G, B.
    pub shift: [f32; 3],
}

impl ChannelAffine {
    /// Returns the step from pictures that are normalized by `mean` and `deviation` to pictures that are normalized by
    /// a mean and a standard deviation of 0.5, which makes their values -1 to 1.
    pub fn to_half(mean: [f64; 3], deviation: [f64; 3]) -> Self {
        Self {
            scale: deviation.map(|deviation| (deviation / 0.5) as f32),
            shift: mean.map(|mean| ((mean - 0.5) / 0.5) as f32),
        }
    }
}

impl Operation for ChannelAffine {
    fn title(&self) -> &'static str {
        "scale and shift"
    }

    fn kind(&self) -> OperationKind {
        OperationKind::Normalization
    }

    fn label(&self) -> OperationLabel {
        OperationLabel::new("scale", "+ shift")
    }

    fn shape(&self, inputs: &[Shape]) -> Result<Shape, String> {
        match single_maps(inputs)? {
            (3, h, w) => Ok(Shape::maps(3, h, w)),
            (c, ..) => Err(format!("it takes 3 channels, not {c}")),
        }
    }

    fn is_channelwise(&self) -> bool {
        true
    }

    fn is_signed(&self) -> Option<bool> {
        Some(true)
    }

    fn formula(&self, operands: &Operands<'_>) -> Option<(Formula, f32)> {
        let (&scale, &shift) = (self.scale.get(operands.channel)?, self.shift.get(operands.channel)?);
        Some((Formula::ScaledAndShifted { scale, shift }, operands.sum * scale + shift))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// torchvision writes the step with these numbers (`torchvision/models/googlenet.py`).
    #[test]
    fn the_constants_are_torchvisions() {
        let step = ChannelAffine::to_half([0.485, 0.456, 0.406], [0.229, 0.224, 0.225]);
        let (scale, shift) = ([0.458, 0.448, 0.45], [-0.03, -0.088, -0.188]);
        let close = |a: f32, b: f64| (f64::from(a) - b).abs() < 1e-7;
        assert!(step.scale.iter().zip(scale).all(|(&a, b)| close(a, b)), "{step:?}");
        assert!(step.shift.iter().zip(shift).all(|(&a, b)| close(a, b)), "{step:?}");
    }

    #[test]
    fn it_takes_three_channels_only() {
        let step = ChannelAffine::to_half([0.5; 3], [0.5; 3]);
        assert_eq!(step.shape(&[Shape::maps(3, 4, 5)]), Ok(Shape::maps(3, 4, 5)));
        assert_eq!(step.shape(&[Shape::maps(1, 4, 5)]), Err("it takes 3 channels, not 1".to_owned()));
    }
}
