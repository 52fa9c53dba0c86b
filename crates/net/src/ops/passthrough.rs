//! Operations without arithmetic: the parameter-free shortcut, and dropout.

use serde::Serialize;

use super::inputs::{single, single_maps};
use crate::channels_read::ChannelsRead;
use crate::operation::{Operation, OperationKind, OperationLabel, Window};
use crate::shape::Shape;

/// The parameter-free shortcut: every `stride`-th pixel of each map, followed by maps of zeros up to `channels` (He et
/// al. 2015, section 3.3, option A). It matches the input of a residual block to a branch with more channels.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub struct PadShortcut {
    /// Output channels.
    pub channels: usize,
    /// The distance between the pixels that are kept.
    pub stride: usize,
}

impl Operation for PadShortcut {
    fn title(&self) -> &'static str {
        "parameter-free shortcut"
    }

    fn kind(&self) -> OperationKind {
        OperationKind::Shortcut
    }

    fn label(&self) -> OperationLabel {
        OperationLabel::new("zero pad", format!("/ {}", self.stride))
    }

    fn shape(&self, inputs: &[Shape]) -> Result<Shape, String> {
        let (c, h, w) = single_maps(inputs)?;
        if c > self.channels || self.stride == 0 {
            return Err(format!("{c} channels cannot be padded to {}", self.channels));
        }
        Ok(Shape::maps(self.channels, h.div_ceil(self.stride), w.div_ceil(self.stride)))
    }

    fn window(&self, _input: Shape) -> Option<Window> {
        Some(Window::new(1, self.stride, 0))
    }

    fn channels_read(&self, inputs: &[Shape], place: usize, channel: usize) -> ChannelsRead {
        if channel < inputs[place].chw().0 { ChannelsRead::one(channel) } else { ChannelsRead::NONE }
    }
}

/// Dropout: sets random values to zero in training, and is the identity here (Srivastava et al. 2014; Krizhevsky et al.
/// 2012, section 4.2).
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct Dropout {
    /// The probability that a value is dropped in training.
    pub rate: f64,
}

impl Operation for Dropout {
    fn title(&self) -> &'static str {
        "dropout"
    }

    fn kind(&self) -> OperationKind {
        OperationKind::Dropout
    }

    fn label(&self) -> OperationLabel {
        OperationLabel::new("dropout", format!("p = {}", self.rate))
    }

    fn shape(&self, inputs: &[Shape]) -> Result<Shape, String> {
        single(inputs)
    }

    fn is_channelwise(&self) -> bool {
        true
    }

    fn passes_through(&self) -> bool {
        true
    }

    fn moves_activations(&self) -> bool {
        false
    }
}
