//! The layer of each operation, for one picture. Values are tensors of `[channels, height, width]` or `[values]`.

use std::collections::HashMap;

use candle_core::{Result, Tensor};
use kernels::{ActivationFunction, Windows};

use super::conv::ConvLayer;
use super::epilogue::{AffineActivation, Epilogue};
use super::values::{TensorValues, tensor};
use net::{
    Activation, AdaptiveAvgPool2d, Graph, KernelAblation, LocalResponseNorm, Node, NodeId, Op, Shape, TANH_AMPLITUDE,
    TANH_SLOPE, Window,
};

/// A node with its layer.
#[derive(Debug)]
pub(super) struct LayerNode {
    pub(super) layer: Layer,
    /// The shape of its output.
    pub(super) shape: Shape,
    /// The nodes that it reads.
    pub(super) inputs: Vec<NodeId>,
}

/// The layer of one node, with its tensors.
#[derive(Debug)]
pub(super) enum Layer {
    Input,
    Conv2d {
        conv: ConvLayer,
        epilogue: AffineActivation,
    },
    Subsample {
        windows: Windows,
        epilogue: AffineActivation,
    },
    /// A factor and a term per channel: batch normalization, or a fixed scale and shift.
    Affine(AffineActivation),
    LocalResponseNorm(LocalResponseNorm),
    MaxPool2d(Windows),
    AvgPool2d(Windows),
    AdaptiveAvgPool2d(AdaptiveAvgPool2d),
    Concat,
    Add,
    PadShortcut {
        stride: usize,
    },
    Dropout,
    Linear {
        weight: Tensor,
        epilogue: AffineActivation,
    },
    Rbf {
        targets: Tensor,
    },
    Activation(ActivationFunction),
    Softmax {
        scale: f32,
    },
}

/// Converts an activation to the form that the loops take.
fn function(activation: Activation) -> ActivationFunction {
    match activation {
        Activation::Identity => ActivationFunction::Identity,
        Activation::Relu => ActivationFunction::Relu,
        Activation::Sigmoid => ActivationFunction::Sigmoid,
        Activation::ScaledTanh => {
            ActivationFunction::Tanh { amplitude: TANH_AMPLITUDE as f32, slope: TANH_SLOPE as f32 }
        }
    }
}

/// Returns the windows of an operation between two shapes.
fn windows(window: Window, from: Shape, to: Shape) -> Windows {
    let ((channels, height, width), (_, rows, columns)) = (from.chw(), to.chw());
    let Window { kernel, stride, padding } = window;
    Windows { channels, height, width, kernel, stride, padding, rows, columns }
}

/// The tensors of one node, to be taken out of the tensors of the network.
struct NodeTensors<'a> {
    node: &'a Node,
    all: &'a mut HashMap<String, Tensor>,
}

impl NodeTensors<'_> {
    /// Takes the tensor called `leaf`, such as `weight`, of this node.
    fn take(&mut self, leaf: &str) -> Result<Tensor> {
        let name = format!("{}.{leaf}", self.node.name);
        self.all.remove(&name).ok_or_else(|| candle_core::Error::Msg(format!("there is no tensor {name}")))
    }

    /// Takes the values of the tensor called `leaf` of this node.
    fn values(&mut self, leaf: &str) -> Result<Vec<f32>> {
        self.take(leaf)?.flatten_all()?.to_vec1()
    }
}

impl Layer {
    /// Builds the layer of node `id` and moves its tensors out of `all`.
    ///
    /// # Errors
    /// Fails if a tensor is missing.
    pub(super) fn new(graph: &Graph, id: NodeId, all: &mut HashMap<String, Tensor>) -> Result<Self> {
        let node = graph.node(id);
        let (from, to) = (graph.input_shape(id), node.shape);
        let mut tensors = NodeTensors { node, all };
        let none = Vec::new;
        Ok(match &node.op {
            Op::Input => Self::Input,
            Op::Conv2d(conv) => {
                let shift = if conv.bias { tensors.values("bias")? } else { none() };
                let windows = windows(conv.window, from, to);
                Self::Conv2d {
                    conv: ConvLayer {
                        weight: tensors.take("weight")?,
                        windows,
                        channels: conv.channels,
                        groups: conv.groups,
                    },
                    epilogue: AffineActivation { scale: none(), shift, function: function(conv.activation) },
                }
            }
            Op::Subsample(pool) => {
                let (scale, shift) = (tensors.values("weight")?, tensors.values("bias")?);
                Self::Subsample {
                    windows: windows(Window::new(pool.kernel, pool.kernel, 0), from, to),
                    epilogue: AffineActivation { scale, shift, function: function(pool.activation) },
                }
            }
            Op::BatchNorm2d(norm) => {
                let (weight, bias) = (tensors.values("weight")?, tensors.values("bias")?);
                let (mean, variance) = (tensors.values("running_mean")?, tensors.values("running_var")?);
                let (scale, shift) = (0..weight.len())
                    .map(|c| {
                        let scale = f64::from(weight[c]) / (f64::from(variance[c]) + norm.epsilon).sqrt();
                        (scale as f32, (f64::from(bias[c]) - f64::from(mean[c]) * scale) as f32)
                    })
                    .unzip();
                Self::Affine(AffineActivation { scale, shift, function: ActivationFunction::Identity })
            }
            Op::ChannelAffine(affine) => Self::Affine(AffineActivation {
                scale: affine.scale.to_vec(),
                shift: affine.shift.to_vec(),
                function: ActivationFunction::Identity,
            }),
            Op::LocalResponseNorm(norm) => Self::LocalResponseNorm(*norm),
            Op::MaxPool2d(pool) => Self::MaxPool2d(windows(pool.window, from, to)),
            Op::AvgPool2d(pool) => Self::AvgPool2d(windows(Window::new(pool.kernel, pool.stride, 0), from, to)),
            Op::AdaptiveAvgPool2d(pool) => Self::AdaptiveAvgPool2d(*pool),
            Op::Concat(_) => Self::Concat,
            Op::Add(_) => Self::Add,
            Op::PadShortcut(pad) => Self::PadShortcut { stride: pad.stride },
            Op::Dropout(_) => Self::Dropout,
            Op::Linear(linear) => Self::Linear {
                weight: tensors.take("weight")?,
                epilogue: AffineActivation {
                    scale: none(),
                    shift: tensors.values("bias")?,
                    function: function(linear.activation),
                },
            },
            Op::Rbf(_) => Self::Rbf { targets: tensors.take("weight")? },
            Op::Activation(pointwise) => Self::Activation(function(pointwise.function)),
            Op::Softmax(softmax) => Self::Softmax { scale: softmax.scale },
        })
    }

    /// Returns a copy of the layer whose ablated kernels are scaled, or `None` if the layer is not a convolution.
    pub(super) fn with_kernels(&self, ablations: &[KernelAblation]) -> Result<Option<Self>> {
        let Self::Conv2d { conv, epilogue } = self else { return Ok(None) };
        Ok(Some(Self::Conv2d { conv: conv.with_kernels(ablations)?, epilogue: epilogue.clone() }))
    }

    /// Returns the last stage of this layer, or `None` if nothing can be fused with the layer.
    pub(super) fn affine(&self) -> Option<AffineActivation> {
        match self {
            Self::Conv2d { epilogue, .. } | Self::Subsample { epilogue, .. } | Self::Linear { epilogue, .. } => {
                Some(epilogue.clone())
            }
            Self::Affine(affine) => Some(affine.clone()),
            Self::Activation(function) => Some(AffineActivation { function: *function, ..AffineActivation::NONE }),
            Self::Add => Some(AffineActivation::NONE),
            _ => None,
        }
    }

    /// Computes the output, of `shape`, from the outputs of the nodes it reads.
    ///
    /// Layers whose [`Layer::affine`] is not `None` add `summand` and then apply `affine` in place of their own last
    /// stage.
    ///
    /// # Errors
    /// Fails if there is no input, or if a tensor is not contiguous F32 in main memory.
    pub(super) fn forward(
        &self,
        inputs: &[&Tensor],
        shape: Shape,
        (affine, summand): (&AffineActivation, Option<&Tensor>),
    ) -> Result<Tensor> {
        let Some(&x) = inputs.first() else { candle_core::bail!("a layer without an input") };
        let (values, other) = (TensorValues::of(x)?, summand.map(TensorValues::of).transpose()?);
        let (x_shape, x_values) = (x.dims(), values.slice());
        let (channels, height, width) = shape.chw();
        let epilogue = Epilogue { affine, summand: other.as_ref().map(TensorValues::slice), area: height * width };
        let pooled = |pool: fn(&Windows, &[f32], &mut [f32], &mut [f32]), windows: &Windows| {
            let mut out = vec![0.0; shape.elements()];
            pool(windows, x_values, &mut vec![0.0; windows.width], &mut out);
            out
        };
        let map = || match x_shape {
            [_, height, width] => (*height, *width),
            _ => (1, 1),
        };
        let out = match self {
            Self::Input | Self::Dropout => return Ok(x.clone()),
            Self::Concat => return Tensor::cat(inputs, 0),
            Self::Conv2d { conv, .. } => conv.forward(x_values, &epilogue)?,
            Self::Subsample { windows, .. } => {
                let mut sums = pooled(kernels::window_sums, windows);
                epilogue.rows(&mut sums);
                sums
            }
            Self::MaxPool2d(windows) => pooled(kernels::max_pool, windows),
            Self::AvgPool2d(windows) => pooled(kernels::average_pool, windows),
            Self::AdaptiveAvgPool2d(pool) => {
                let (h, w) = map();
                let reach = |count: usize, side: usize| (0..count).map(|i| pool.reach(i, side)).collect::<Vec<_>>();
                let mut out = vec![0.0; shape.elements()];
                kernels::mean_of_windows(x_values, (h, w), &reach(height, h), &reach(width, w), &mut out);
                out
            }
            Self::LocalResponseNorm(norm) => {
                let mut out = vec![0.0; shape.elements()];
                let constants = [norm.k as f32, norm.alpha as f32, norm.beta as f32];
                kernels::local_response_norm(x_values, height * width, norm.size, constants, &mut out);
                out
            }
            Self::PadShortcut { stride } => {
                let mut out = vec![0.0; shape.elements()];
                kernels::pad_shortcut(x_values, map(), *stride, &mut out);
                out
            }
            Self::Affine(_) | Self::Activation(_) | Self::Add => {
                let mut out = x_values.to_vec();
                // `summand` is the second input of an addition. Add the remaining ones here.
                for more in inputs.iter().skip(2) {
                    out.iter_mut().zip(TensorValues::of(more)?.slice()).for_each(|(sum, value)| *sum += value);
                }
                epilogue.rows(&mut out);
                out
            }
            Self::Linear { weight, .. } => {
                let mut out = vec![0.0; channels];
                kernels::matrix_vector(TensorValues::of(weight)?.slice(), x_values, &mut out);
                epilogue.rows(&mut out);
                out
            }
            Self::Rbf { targets } => {
                let mut out = vec![0.0; channels];
                kernels::squared_distances(TensorValues::of(targets)?.slice(), x_values, &mut out);
                out
            }
            Self::Softmax { scale } => {
                let mut out = vec![0.0; shape.elements()];
                kernels::softmax(x_values, *scale, &mut out);
                out
            }
        };
        tensor(out, shape)
    }
}
