//! Operations that join branches: concatenation and addition.

use serde::Serialize;

use crate::channels_read::ChannelsRead;
use crate::formula::{Formula, Operands};
use crate::operation::{Operation, OperationKind, OperationLabel};
use crate::shape::Shape;

/// The feature maps of all inputs, in the order of the inputs.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub struct Concat;

impl Concat {
    /// Returns the first output channel that comes from input number `place`.
    pub fn first(inputs: &[Shape], place: usize) -> usize {
        inputs[..place].iter().map(|shape| shape.chw().0).sum()
    }
}

impl Operation for Concat {
    fn title(&self) -> &'static str {
        "concatenation"
    }

    fn kind(&self) -> OperationKind {
        OperationKind::Concatenation
    }

    fn label(&self) -> OperationLabel {
        OperationLabel::plain("concat")
    }

    fn shape(&self, inputs: &[Shape]) -> Result<Shape, String> {
        let Some(Shape::Maps { height, width, .. }) = inputs.first().copied() else {
            return Err("it takes feature maps".to_owned());
        };
        let alike =
            |shape: &Shape| matches!(shape, Shape::Maps { height: h, width: w, .. } if (*h, *w) == (height, width));
        if !inputs.iter().all(alike) {
            return Err("its inputs differ in size".to_owned());
        }
        Ok(Shape::maps(Self::first(inputs, inputs.len()), height, width))
    }

    fn channels_read(&self, inputs: &[Shape], place: usize, channel: usize) -> ChannelsRead {
        let own = channel.checked_sub(Self::first(inputs, place)).filter(|&own| own < inputs[place].chw().0);
        own.map_or(ChannelsRead::NONE, ChannelsRead::one)
    }

    fn moves_activations(&self) -> bool {
        false
    }
}

/// The elementwise sum of two or more inputs of one shape.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub struct Add;

impl Operation for Add {
    fn title(&self) -> &'static str {
        "addition"
    }

    fn kind(&self) -> OperationKind {
        OperationKind::Addition
    }

    fn label(&self) -> OperationLabel {
        OperationLabel::plain("add")
    }

    fn shape(&self, inputs: &[Shape]) -> Result<Shape, String> {
        match inputs.split_first() {
            Some((first, rest)) if !rest.is_empty() && rest.iter().all(|shape| shape == first) => Ok(*first),
            _ => Err("it takes two or more inputs of one shape".to_owned()),
        }
    }

    fn is_channelwise(&self) -> bool {
        true
    }

    fn can_fuse_next(&self) -> bool {
        true
    }

    fn formula(&self, operands: &Operands<'_>) -> Option<(Formula, f32)> {
        Some((Formula::Added, operands.sum))
    }
}
