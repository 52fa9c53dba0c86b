//! One candle layer for each operation that can be trained. Tensors are `[values, batch]`, with values in
//! `[channels, height, width]` (or `[values]`) order.

use candle_core::{D, Device, Module, Result, Tensor};
use candle_nn::VarBuilder;

use super::ops::{BiasActivation, InputProduct};
use super::windows::{TapRows, WindowRows};
use net::{Activation, Graph, Node, NodeId, Op, Softmax};

/// The layer of one node.
#[derive(Debug)]
pub(super) enum BatchLayer {
    Conv2d(BatchConv2d),
    Subsample(BatchSubsample),
    MaxPool2d(BatchMaxPool2d),
    Linear(BatchLinear),
    Rbf(BatchRbf),
    Activation(Activation),
    Softmax(Softmax),
}

impl BatchLayer {
    /// Builds the layer of node `id` with its tensors from `vars`, named as in `graph`. Returns `None` for the input.
    ///
    /// # Errors
    /// Fails if a tensor is missing or has another shape, or if the operation cannot be trained.
    pub(super) fn new(graph: &Graph, id: NodeId, vars: &VarBuilder<'_>) -> Result<Option<Self>> {
        let node = graph.node(id);
        let tensors = graph.tensors(id);
        let tensor = |leaf: &str| match tensors.iter().find(|(_, spec)| spec.leaf == leaf) {
            Some((name, spec)) => vars.get(spec.dims.as_slice(), name).map(Some),
            None => Ok(None),
        };
        let weight = || tensor("weight")?.ok_or_else(|| missing(node, "weight"));
        let bias = |rows: usize| match tensor("bias")? {
            Some(bias) => Ok(bias),
            None => Tensor::zeros(rows, vars.dtype(), &Device::Cpu),
        };
        let from = graph.input_shape(id).chw();
        Ok(Some(match &node.op {
            Op::Input => return Ok(None),
            Op::Conv2d(conv) => Self::Conv2d(BatchConv2d {
                windows: WindowRows::new(conv.window, from)?,
                mask: match conv.mask(from.0) {
                    Some(mask) => {
                        let side = conv.window.kernel;
                        Some(Tensor::from_vec(mask, (conv.channels, from.0, side, side), &Device::Cpu)?)
                    }
                    None => None,
                },
                weight: weight()?,
                bias: bias(conv.channels)?,
                groups: conv.groups,
                reads_picture: node.inputs.iter().all(|input| matches!(graph.node(*input).op, Op::Input)),
                activation: conv.activation,
            }),
            Op::Subsample(subsample) => {
                let window = net::Window { kernel: subsample.kernel, stride: subsample.kernel, padding: 0 };
                Self::Subsample(BatchSubsample {
                    taps: TapRows::new(window, from)?,
                    weight: weight()?,
                    bias: bias(from.0)?,
                    activation: subsample.activation,
                })
            }
            Op::MaxPool2d(pool) if !pool.ceil => {
                Self::MaxPool2d(BatchMaxPool2d { taps: TapRows::new(pool.window, from)? })
            }
            Op::Linear(linear) => Self::Linear(BatchLinear {
                weight: weight()?,
                bias: bias(linear.units)?,
                activation: linear.activation,
            }),
            Op::Rbf(_) => Self::Rbf(BatchRbf { targets: weight()?.unsqueeze(D::Minus1)? }),
            Op::Activation(pointwise) => Self::Activation(pointwise.function),
            Op::Softmax(softmax) => Self::Softmax(*softmax),
            other => {
                candle_core::bail!("{}: {} cannot be trained here; LeNet-5's operations can", node.name, other.title())
            }
        }))
    }

    /// Computes the output from the outputs of the nodes it reads.
    ///
    /// # Errors
    /// Fails if there is not exactly one input.
    pub(super) fn forward(&self, inputs: &[&Tensor]) -> Result<Tensor> {
        let &[x] = inputs else { candle_core::bail!("this layer takes one input, not {}", inputs.len()) };
        match self {
            Self::Conv2d(layer) => layer.forward(x),
            Self::Subsample(layer) => layer.forward(x),
            Self::MaxPool2d(layer) => layer.forward(x),
            Self::Linear(layer) => layer.forward(x),
            Self::Rbf(layer) => layer.forward(x),
            Self::Activation(Activation::Identity) => Ok(x.clone()),
            Self::Activation(function) => {
                let none = Tensor::zeros(x.dim(0)?, x.dtype(), x.device())?;
                x.apply_op2(&none, BiasActivation(*function))
            }
            Self::Softmax(softmax) => candle_nn::ops::softmax(&(x * f64::from(softmax.scale))?, 0),
        }
    }
}

fn missing(node: &Node, leaf: &str) -> candle_core::Error {
    candle_core::Error::Msg(format!("{} declares no {leaf}", node.name))
}

/// Convolution as one product: weights `[out channels, in channels * taps]` times the gathered windows
/// `[in channels * taps, positions * batch]`.
#[derive(Debug)]
pub(super) struct BatchConv2d {
    windows: WindowRows,
    /// `[out channels, in channels of a group, kernel, kernel]`.
    weight: Tensor,
    bias: Tensor,
    /// Zero for each weight outside the connection table, so that its gradient is zero too.
    mask: Option<Tensor>,
    groups: usize,
    /// True if the layer reads the picture, which needs no gradient.
    reads_picture: bool,
    activation: Activation,
}

impl Module for BatchConv2d {
    fn forward(&self, x: &Tensor) -> Result<Tensor> {
        let columns = self.windows.gather(x)?;
        let weight = match &self.mask {
            Some(mask) => (&self.weight * mask)?,
            None => self.weight.clone(),
        };
        let channels = weight.dim(0)?;
        let (inner, outer) = columns.dims2()?;
        let sums = if self.groups == 1 {
            let weight = weight.reshape((channels, inner))?;
            if self.reads_picture { weight.apply_op2(&columns, InputProduct)? } else { weight.matmul(&columns)? }
        } else {
            let weight = weight.reshape((self.groups, channels / self.groups, inner / self.groups))?;
            let columns = columns.reshape((self.groups, inner / self.groups, outer))?;
            weight.matmul(&columns)?.reshape((channels, outer))?
        };
        let batch = x.dim(1)?;
        sums.apply_op2(&self.bias, BiasActivation(self.activation))?.reshape((channels * self.windows.positions, batch))
    }
}

/// LeNet-5's subsampling: the sum of each window, times a coefficient and plus a bias per map.
#[derive(Debug)]
pub(super) struct BatchSubsample {
    taps: TapRows,
    weight: Tensor,
    bias: Tensor,
    activation: Activation,
}

impl Module for BatchSubsample {
    fn forward(&self, x: &Tensor) -> Result<Tensor> {
        let channels = self.weight.dim(0)?;
        let sums = reduce(self.taps.gather(x)?, |a, b| a + b)?;
        let (values, batch) = sums.dims2()?;
        let sums = sums.reshape((channels, values / channels * batch))?;
        sums.broadcast_mul(&self.weight.unsqueeze(1)?)?
            .apply_op2(&self.bias, BiasActivation(self.activation))?
            .reshape((values, batch))
    }
}

/// Max pooling. Padding never wins.
#[derive(Debug)]
pub(super) struct BatchMaxPool2d {
    taps: TapRows,
}

impl Module for BatchMaxPool2d {
    fn forward(&self, x: &Tensor) -> Result<Tensor> {
        let taps = if self.taps.padded {
            let never = Tensor::full(f32::NEG_INFINITY, (1, x.dim(1)?), x.device())?;
            self.taps.gather(&Tensor::cat(&[x, &never], 0)?)?
        } else {
            self.taps.gather(x)?
        };
        reduce(taps, |a, b| a.maximum(b))
    }
}

/// A fully connected layer: weights `[units, inputs]` times values `[inputs, batch]`.
#[derive(Debug)]
pub(super) struct BatchLinear {
    weight: Tensor,
    bias: Tensor,
    activation: Activation,
}

impl Module for BatchLinear {
    fn forward(&self, x: &Tensor) -> Result<Tensor> {
        self.weight.matmul(x)?.apply_op2(&self.bias, BiasActivation(self.activation))
    }
}

/// Squared distances to fixed targets.
#[derive(Debug)]
pub(super) struct BatchRbf {
    /// `[units, values, 1]`.
    targets: Tensor,
}

impl Module for BatchRbf {
    fn forward(&self, x: &Tensor) -> Result<Tensor> {
        x.unsqueeze(0)?.broadcast_sub(&self.targets)?.sqr()?.sum(1)
    }
}

/// Combines the tensors of a window's taps pairwise with `fold`, beginning with the first.
fn reduce(taps: Vec<Tensor>, mut fold: impl FnMut(&Tensor, &Tensor) -> Result<Tensor>) -> Result<Tensor> {
    let mut taps = taps.into_iter();
    let first = taps.next().ok_or_else(|| candle_core::Error::Msg("a window has no pixels".to_owned()))?;
    taps.try_fold(first, |so_far, tap| fold(&so_far, &tap))
}
