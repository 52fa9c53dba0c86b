//! Convolution, computed as cross-correlation.

use serde::Serialize;

use super::inputs::single_maps;
use crate::activation::Activation;
use crate::channels_read::ChannelsRead;
use crate::expr::Expr;
use crate::formula::{Formula, Operands, WeightedWindow};
use crate::operation::{Operation, OperationKind, OperationLabel, SeedRule, TensorSpec, Window};
use crate::shape::Shape;

/// A convolution with square kernels.
///
/// Tensors: `weight` in OIHW order, where I is the number of input channels of one group, and `bias` `[channels]`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub struct Conv2d {
    /// Output channels.
    pub channels: usize,
    /// Kernel, stride and padding.
    pub window: Window,
    /// The number of groups. Channels of one group read the input channels of the same group only. 1 for no grouping.
    pub groups: usize,
    /// The input channels that each output channel reads, if not all (LeNet-5's C3). The weight is stored dense.
    /// Entries outside the table are zero and are not counted.
    pub connections: Option<&'static [&'static [usize]]>,
    /// True if there is a bias.
    pub bias: bool,
    /// The activation function that is applied to each sum.
    pub activation: Activation,
}

impl Conv2d {
    /// Returns the index of a kernel among the kernels of its output channel in the weight tensor. The kernel reads
    /// input map `map`, which is number `place` of the maps that the output channel reads. With a table of connections
    /// the tensor is dense and the index is `map`; otherwise it is `place`.
    pub fn slot(&self, place: usize, map: usize) -> usize {
        if self.connections.is_some() { map } else { place }
    }

    /// Returns a convolution with stride 1, no padding and a bias, as in LeNet-5.
    pub const fn plain(channels: usize, kernel: usize, activation: Activation) -> Self {
        let window = Window { kernel, stride: 1, padding: 0 };
        Self { channels, window, groups: 1, connections: None, bias: true, activation }
    }

    /// Returns the number of input channels that output channel `channel` reads.
    fn fan_in_channels(&self, input_channels: usize, channel: usize) -> usize {
        self.connections.map_or(input_channels / self.groups, |table| table[channel].len())
    }

    /// Returns the mask of the table of connections in OIHW order, row-major: 1 for a weight inside the table, 0
    /// outside. Returns `None` without a table.
    pub fn mask(&self, input_channels: usize) -> Option<Vec<f32>> {
        let table = self.connections?;
        let area = self.window.kernel * self.window.kernel;
        let mut mask = vec![0.0; table.len() * input_channels * area];
        for (o, inputs) in table.iter().enumerate() {
            for &i in *inputs {
                let start = (o * input_channels + i) * area;
                mask[start..start + area].fill(1.0);
            }
        }
        Some(mask)
    }

    /// Groups consecutive output channels that read the same number of inputs. Returns (output channels, inputs of
    /// each).
    fn runs(&self, input_channels: usize) -> Vec<(usize, usize)> {
        let mut runs: Vec<(usize, usize, bool)> = Vec::new();
        for channel in 0..self.channels {
            let inputs = self.fan_in_channels(input_channels, channel);
            // The paper lists maps that read a contiguous run of inputs apart from maps with a gap, though both cost
            // the same.
            let gap = self.connections.is_some_and(|table| has_gap(table[channel], input_channels));
            match runs.last_mut() {
                Some((count, n, g)) if (*n, *g) == (inputs, gap) => *count += 1,
                _ => runs.push((1, inputs, gap)),
            }
        }
        runs.into_iter().map(|(count, inputs, _)| (count, inputs)).collect()
    }

    /// Returns the number of weights and of biases of one output channel that reads `inputs` channels, as summands.
    fn weights(&self, inputs: usize) -> Vec<Expr> {
        let k = self.window.kernel;
        let taps = if inputs == 1 { Expr::product(&[k, k]) } else { Expr::product(&[inputs, k * k]) };
        if self.bias { vec![taps, Expr::of(1)] } else { vec![taps] }
    }
}

/// Returns whether `channels` are not one contiguous run on a ring of `ring` channels.
fn has_gap(channels: &[usize], ring: usize) -> bool {
    let starts = channels.iter().filter(|&&c| !channels.contains(&((c + ring - 1) % ring))).count();
    starts > 1
}

impl Operation for Conv2d {
    fn title(&self) -> &'static str {
        "convolution"
    }

    fn kind(&self) -> OperationKind {
        OperationKind::Convolution
    }

    fn label(&self) -> OperationLabel {
        OperationLabel::new("conv", self.window.to_string())
    }

    fn shape(&self, inputs: &[Shape]) -> Result<Shape, String> {
        let (c, h, w) = single_maps(inputs)?;
        if self.groups == 0 || !c.is_multiple_of(self.groups) || !self.channels.is_multiple_of(self.groups) {
            return Err(format!("{c} to {} channels cannot be split into {} groups", self.channels, self.groups));
        }
        if let Some(table) = self.connections {
            let fits = table.len() == self.channels && table.iter().all(|row| row.iter().all(|&i| i < c));
            if !fits || self.groups != 1 {
                return Err(format!("its table of connections does not fit {c} to {} channels", self.channels));
            }
        }
        match (self.window.positions(h), self.window.positions(w)) {
            (Some(h), Some(w)) => Ok(Shape::maps(self.channels, h, w)),
            _ => Err(format!("a {0}x{0} kernel does not fit into {h}x{w}", self.window.kernel)),
        }
    }

    fn tensors(&self, input: Shape) -> Vec<TensorSpec> {
        let k = self.window.kernel;
        let dims = vec![self.channels, input.chw().0 / self.groups, k, k];
        let mut tensors = vec![TensorSpec { leaf: "weight", dims, seed: SeedRule::FanIn, trainable: true }];
        if self.bias {
            let dims = vec![self.channels];
            tensors.push(TensorSpec { leaf: "bias", dims, seed: SeedRule::Small, trainable: true });
        }
        tensors
    }

    fn parameters(&self, input: Shape) -> Expr {
        let runs = self.runs(input.chw().0);
        let mut terms: Vec<Expr> = runs
            .iter()
            .map(|&(count, inputs)| {
                let per_channel = Expr::Sum(self.weights(inputs));
                match inputs {
                    1 => Expr::Product(vec![per_channel, Expr::of(count)]),
                    _ => Expr::Product(vec![Expr::of(count), per_channel]),
                }
            })
            .collect();
        if terms.len() == 1 { terms.remove(0) } else { Expr::Sum(terms) }
    }

    fn parameters_of_channel(&self, input: Shape, channel: usize) -> Expr {
        Expr::Sum(self.weights(self.fan_in_channels(input.chw().0, channel)))
    }

    fn macs(&self, input: Shape, output: Shape) -> Expr {
        let (_, h, w) = output.chw();
        let k = self.window.kernel;
        let kernels: usize = self.runs(input.chw().0).iter().map(|(count, inputs)| count * inputs).sum();
        Expr::product(&[h, w, kernels, k * k])
    }

    fn window(&self, _input: Shape) -> Option<Window> {
        Some(self.window)
    }

    fn channels_read(&self, inputs: &[Shape], place: usize, channel: usize) -> ChannelsRead {
        match self.connections {
            Some(table) => ChannelsRead::listed(table[channel]),
            None => {
                let per_group = inputs[place].chw().0 / self.groups;
                let group = channel / (self.channels / self.groups);
                ChannelsRead::Range(group * per_group..(group + 1) * per_group)
            }
        }
    }

    fn activation(&self) -> Option<Activation> {
        Some(self.activation)
    }

    fn can_fuse_next(&self) -> bool {
        self.activation == Activation::Identity
    }

    fn window_weights(&self, weight: &[f32], window: &WeightedWindow) -> Option<Vec<f32>> {
        let k = self.window.kernel;
        let slot = self.slot(window.place, window.map);
        let kernel = weight.get(slot * k * k..)?.get(..k * k)?;
        if window.values == k * k {
            return Some(kernel.to_vec());
        }
        // At an edge the window extends over the padding: only the part of the kernel inside the map is paired with
        // values.
        let (rows, columns) = (window.rows.len(), window.columns.len());
        let top = if window.rows.start == 0 { k - rows } else { 0 };
        let left = if window.columns.start == 0 { k - columns } else { 0 };
        Some((0..rows).flat_map(|r| kernel[(top + r) * k + left..][..columns].to_vec()).collect())
    }

    fn formula(&self, operands: &Operands<'_>) -> Option<(Formula, f32)> {
        let bias = if self.bias { (operands.parameter)("bias")? } else { 0.0 };
        Some((Formula::WeightedSum { bias, activation: self.activation }, operands.sum + bias))
    }
}
