//! The operations that follow the sums of a layer: a factor and a term per channel, a summand, an activation function.

use kernels::ActivationFunction;

/// The last stage of a layer: each value of a channel becomes `function(value * scale + shift)`.
#[derive(Debug, Clone)]
pub(super) struct AffineActivation {
    /// One factor per channel. Empty if all are 1.
    pub(super) scale: Vec<f32>,
    /// One term per channel. Empty if all are 0.
    pub(super) shift: Vec<f32>,
    pub(super) function: ActivationFunction,
}

impl AffineActivation {
    /// Leaves every value unchanged.
    pub(super) const NONE: Self = Self { scale: Vec::new(), shift: Vec::new(), function: ActivationFunction::Identity };

    /// Returns the factor and the term of a channel.
    fn at(&self, channel: usize) -> (f32, f32) {
        let of = |values: &[f32], or| values.get(channel).copied().unwrap_or(or);
        (of(&self.scale, 1.0), of(&self.shift, 0.0))
    }

    /// Returns one stage that does the same as this one, whose own function must be the identity, followed by `next`.
    pub(super) fn then(&self, next: &Self) -> Self {
        let channels = self.scale.len().max(self.shift.len()).max(next.scale.len()).max(next.shift.len());
        let (scale, shift) = (0..channels)
            .map(|channel| {
                let ((a, b), (c, d)) = (self.at(channel), next.at(channel));
                (a * c, b * c + d)
            })
            .unzip();
        Self { scale, shift, function: next.function }
    }
}

/// The operations applied to a layer's sums to give its output, or the output of the last node fused with it.
pub(super) struct Epilogue<'a> {
    pub(super) affine: &'a AffineActivation,
    /// The values added before the function: the shortcut of a residual block. As long as the output.
    pub(super) summand: Option<&'a [f32]>,
    /// The number of values of a channel.
    pub(super) area: usize,
}

impl Epilogue<'_> {
    /// Applies the operations to the values of `channel` from index `start` on.
    pub(super) fn row(&self, channel: usize, start: usize, row: &mut [f32]) {
        let summand = self.summand.map(|all| &all[channel * self.area + start..][..row.len()]);
        let (scale, shift) = self.affine.at(channel);
        if (scale, shift, summand, self.affine.function) != (1.0, 0.0, None, ActivationFunction::Identity) {
            kernels::apply_epilogue(row, (scale, shift), summand, self.affine.function);
        }
    }

    /// Applies the operations to all channels.
    pub(super) fn rows(&self, values: &mut [f32]) {
        for (channel, row) in values.chunks_exact_mut(self.area).enumerate() {
            self.row(channel, 0, row);
        }
    }
}
