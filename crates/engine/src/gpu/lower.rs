//! Lowers a unit of a schedule to dispatches.

use super::conv::ConvShape;
use super::error::GpuError;
use super::kernel::Kernel;
use super::layout::{Layout, Place};
use super::pack::Pack;
use super::params::{
    ActivationParams, AddParams, AvgPool2dParams, BatchNormParams, Conv2dParams, LinearParams, LrnParams,
    MaxPool2dParams, PadShortcutParams, RbfParams, SoftmaxParams, SubsampleParams, code,
};
use super::plan::{Binding, Dispatch, Plan, Terms, size};
use super::schedule::Unit;
use net::{Activation, Concat, Conv2d, Graph, Linear, NodeId, Op};

/// Outputs that one workgroup of `linear` computes.
const LINEAR_ROWS: usize = 8;

/// Returns the packed tensors of a node that runs without fusion.
pub(super) fn packs(graph: &Graph, id: NodeId) -> Vec<Pack> {
    let node = graph.node(id);
    let plain = |leaf: &str, rows, values| Pack::Plain { name: format!("{}.{leaf}", node.name), rows, values };
    let channels = node.shape.chw().0;
    match &node.op {
        Op::Conv2d(conv) => vec![conv_weight(graph, id, conv), conv_affine(graph, id, conv, None)],
        Op::BatchNorm2d(_) => vec![norm_affine(graph, id)],
        Op::Linear(op) => {
            let (name, inputs) = (format!("{}.weight", node.name), graph.input_shape(id).elements());
            vec![Pack::LinearWeight { name, units: op.units, inputs }, plain("bias", op.units, 1)]
        }
        Op::Subsample(_) => vec![plain("weight", channels, 1), plain("bias", channels, 1)],
        Op::Rbf(op) => vec![plain("weight", op.units, graph.input_shape(id).elements())],
        _ => Vec::new(),
    }
}

/// Returns the packed weight of a convolution.
fn conv_weight(graph: &Graph, id: NodeId, conv: &Conv2d) -> Pack {
    let (inputs, ..) = graph.input_shape(id).chw();
    let taps = inputs / conv.groups * conv.window.kernel * conv.window.kernel;
    let name = format!("{}.weight", graph.node(id).name);
    Pack::ConvWeight { name, channels: conv.channels, taps, groups: conv.groups }
}

/// Returns the factor and term per channel of a convolution, from its bias and the batch normalisation fused with it.
fn conv_affine(graph: &Graph, id: NodeId, conv: &Conv2d, norm: Option<NodeId>) -> Pack {
    let bias = conv.bias.then(|| format!("{}.bias", graph.node(id).name));
    let norm = norm.and_then(|norm| epsilon(graph, norm));
    Pack::Affine { bias, norm, channels: conv.channels, groups: conv.groups }
}

/// Returns the factor and term per channel of a batch normalisation that is not fused.
fn norm_affine(graph: &Graph, id: NodeId) -> Pack {
    let channels = graph.node(id).shape.chw().0;
    Pack::Affine { bias: None, norm: epsilon(graph, id), channels, groups: 1 }
}

/// Returns the name and the epsilon of a batch normalisation.
fn epsilon(graph: &Graph, norm: NodeId) -> Option<(String, f64)> {
    let node = graph.node(norm);
    match &node.op {
        Op::BatchNorm2d(op) => Some((node.name.clone(), op.epsilon)),
        _ => None,
    }
}

/// The locations that a unit reads from and writes to.
struct Ends {
    id: NodeId,
    input: Place,
    output: Place,
}

impl Ends {
    fn input(&self) -> Binding {
        Binding::Output(self.input.buffer)
    }

    fn output(&self) -> Binding {
        Binding::Output(self.output.buffer)
    }

    /// Returns the indices of the first values of input and output in their buffers.
    fn firsts(&self) -> (u32, u32) {
        (size(self.input.first), size(self.output.first))
    }
}

impl Plan {
    /// Adds the dispatches of a unit.
    ///
    /// # Errors
    /// [`GpuError::TooLarge`] if a tensor does not fit into buffers of `terms.most_bytes`.
    pub(super) fn lower(&mut self, graph: &Graph, layout: &Layout, unit: &Unit, terms: &Terms) -> Result<(), GpuError> {
        let id = unit.base;
        let node = graph.node(id);
        let Some(&input) = node.inputs.first() else {
            self.scale_maps(graph, layout, terms.effects, id);
            return Ok(());
        };
        let from = graph.node(input).shape;
        let ends = Ends { id: unit.output, input: layout.place(input), output: layout.place(unit.output) };
        let (in_first, out_first) = ends.firsts();
        let count = node.shape.elements();
        let (in_channels, in_height, in_width) = from.chw();
        let (channels, out_height, out_width) = node.shape.chw();
        let [in_height, in_width, out_height, out_width] = [in_height, in_width, out_height, out_width].map(size);
        let activation = code(unit.activation);
        match &node.op {
            Op::Input | Op::Dropout(_) => {}
            Op::Conv2d(conv) => self.conv2d(graph, layout, unit, conv, terms)?,
            Op::Linear(op) => self.linear(graph, &ends, unit, op, terms)?,
            Op::Concat(_) => self.concat(graph, layout, &ends, unit),
            Op::Add(_) => self.add(graph, layout, &ends, (unit, terms.effects.summands(id))),
            Op::Activation(_) => self.activation(&ends, unit.activation, count),
            Op::BatchNorm2d(_) => {
                let affine = self.whole(norm_affine(graph, id), terms)?;
                let area = size(count / channels.max(1));
                let params = BatchNormParams { count: size(count), area, activation, in_first, out_first };
                self.run(&ends, Kernel::BatchNorm, &params, vec![ends.input(), affine, ends.output()], count);
            }
            Op::Subsample(op) => {
                let params = SubsampleParams {
                    channels: size(channels),
                    out_height,
                    out_width,
                    kernel: size(op.kernel),
                    activation,
                    in_first,
                    out_first,
                };
                let mut bindings = vec![ends.input()];
                for pack in packs(graph, id) {
                    bindings.push(self.whole(pack, terms)?);
                }
                bindings.push(ends.output());
                self.run(&ends, Kernel::Subsample, &params, bindings, count);
            }
            Op::MaxPool2d(op) => {
                let params = MaxPool2dParams {
                    channels: size(channels),
                    in_height,
                    in_width,
                    out_height,
                    out_width,
                    kernel: size(op.window.kernel),
                    stride: size(op.window.stride),
                    padding: size(op.window.padding),
                    in_first,
                    out_first,
                };
                self.run(&ends, Kernel::MaxPool2d, &params, vec![ends.input(), ends.output()], count);
            }
            Op::AvgPool2d(_) | Op::AdaptiveAvgPool2d(_) => {
                let (kernel, stride) = match &node.op {
                    Op::AvgPool2d(op) => (size(op.kernel), size(op.stride)),
                    _ => (0, 0),
                };
                let channels = size(channels);
                let params = AvgPool2dParams {
                    channels,
                    in_height,
                    in_width,
                    out_height,
                    out_width,
                    kernel,
                    stride,
                    in_first,
                    out_first,
                };
                self.run(&ends, Kernel::AvgPool2d, &params, vec![ends.input(), ends.output()], count);
            }
            Op::LocalResponseNorm(op) => {
                let params = LrnParams {
                    channels: size(channels),
                    area: out_height * out_width,
                    size: size(op.size),
                    alpha: op.alpha as f32,
                    beta: op.beta as f32,
                    k: op.k as f32,
                    in_first,
                    out_first,
                };
                self.run(&ends, Kernel::Lrn, &params, vec![ends.input(), ends.output()], count);
            }
            Op::PadShortcut(op) => {
                let params = PadShortcutParams {
                    in_channels: size(in_channels),
                    in_height,
                    in_width,
                    out_channels: size(channels),
                    out_height,
                    out_width,
                    stride: size(op.stride),
                    in_first,
                    out_first,
                };
                self.run(&ends, Kernel::PadShortcut, &params, vec![ends.input(), ends.output()], count);
            }
            Op::Rbf(op) => {
                let params = RbfParams { inputs: size(from.elements()), units: size(op.units), in_first, out_first };
                let mut bindings = vec![ends.input()];
                for pack in packs(graph, id) {
                    bindings.push(self.whole(pack, terms)?);
                }
                bindings.push(ends.output());
                self.run(&ends, Kernel::Rbf, &params, bindings, op.units);
            }
            Op::Softmax(op) => {
                let params = SoftmaxParams { count: size(count), scale: op.scale, in_first, out_first };
                // One workgroup reduces all values.
                self.run(&ends, Kernel::Softmax, &params, vec![ends.input(), ends.output()], 1);
            }
        }
        self.scale_maps(graph, layout, terms.effects, unit.output);
        Ok(())
    }

    /// Adds a dispatch for each part of a convolution's weight.
    fn conv2d(
        &mut self,
        graph: &Graph,
        layout: &Layout,
        unit: &Unit,
        conv: &Conv2d,
        terms: &Terms,
    ) -> Result<(), GpuError> {
        let input = layout.place(graph.node(unit.base).inputs[0]);
        let ends = Ends { id: unit.output, input, output: layout.place(unit.output) };
        // The kernel always binds a residual. Without one, bind the input again; the kernel does not read it.
        let residual = unit.residual.map_or(input, |node| layout.place(node));
        let shape = ConvShape::of(graph, unit.base, conv).flattened();
        let kernel = (terms.choose)(&shape);
        let weight = self.tensor(conv_weight(graph, unit.base, conv), terms)?;
        let affine = self.whole(conv_affine(graph, unit.base, conv, unit.norm), terms)?;
        let (in_first, out_first) = ends.firsts();
        for (part, blocks) in self.tensors[weight].parts.clone().into_iter().enumerate() {
            let params = Conv2dParams {
                block_first: size(blocks.start),
                blocks: size(blocks.len()),
                in_first,
                out_first,
                activation: code(unit.activation),
                residual: u32::from(unit.residual.is_some()),
                residual_first: size(residual.first),
                ..shape.params()
            };
            let bindings = vec![
                ends.input(),
                Binding::Tensor(weight, part),
                affine,
                Binding::Output(residual.buffer),
                ends.output(),
            ];
            self.dispatch(&ends, kernel, &params, bindings, shape.workgroups(kernel, blocks.len()));
        }
        Ok(())
    }

    /// Adds a dispatch for each part of a fully connected layer's weight.
    fn linear(&mut self, graph: &Graph, ends: &Ends, unit: &Unit, op: &Linear, terms: &Terms) -> Result<(), GpuError> {
        let inputs = graph.input_shape(unit.base).elements();
        let name = |leaf: &str| format!("{}.{leaf}", graph.node(unit.base).name);
        let weight = self.tensor(Pack::LinearWeight { name: name("weight"), units: op.units, inputs }, terms)?;
        let bias = self.whole(Pack::Plain { name: name("bias"), rows: op.units, values: 1 }, terms)?;
        let (in_first, out_first) = ends.firsts();
        for (part, units) in self.tensors[weight].parts.clone().into_iter().enumerate() {
            let params = LinearParams {
                inputs: size(inputs),
                unit_first: size(units.start),
                units: size(units.len()),
                activation: code(unit.activation),
                in_first,
                out_first,
            };
            let bindings = vec![ends.input(), Binding::Tensor(weight, part), bias, ends.output()];
            self.dispatch(ends, Kernel::Linear, &params, bindings, units.len().div_ceil(LINEAR_ROWS));
        }
        Ok(())
    }

    /// Copies those branches that are not stored within the concatenation.
    fn concat(&mut self, graph: &Graph, layout: &Layout, ends: &Ends, unit: &Unit) {
        let shapes = graph.input_shapes(unit.base);
        let area = shapes.first().map_or(0, |shape| shape.elements() / shape.chw().0.max(1));
        for (i, &lane) in graph.node(unit.base).inputs.iter().enumerate() {
            let first = ends.output.first + Concat::first(&shapes, i) * area;
            let (input, output) = (layout.place(lane), Place { first, ..ends.output });
            if input != output {
                self.activation(&Ends { id: ends.id, input, output }, Activation::Identity, shapes[i].elements());
            }
        }
    }

    /// Adds dispatches that add the inputs, two at first and then one at a time. `factors` are those of ablated
    /// summands.
    fn add(&mut self, graph: &Graph, layout: &Layout, ends: &Ends, (unit, factors): (&Unit, &[f32])) {
        let count = graph.node(unit.base).shape.elements();
        let summands: Vec<Place> = graph.node(unit.base).inputs.iter().map(|&input| layout.place(input)).collect();
        let [first, second, rest @ ..] = summands.as_slice() else { return };
        let steps = std::iter::once((first, second, 0)).chain(rest.iter().map(|place| (place, place, 1)));
        let (last, factor) = (rest.len(), |summand: usize| factors.get(summand).copied().unwrap_or(1.0));
        for (i, (a, b, onto)) in steps.enumerate() {
            let [a_factor, b_factor] = if i == 0 { [factor(0), factor(1)] } else { [factor(i + 1), 1.0] };
            let params = AddParams {
                count: size(count),
                activation: code(if i == last { unit.activation } else { Activation::Identity }),
                onto,
                a_first: size(a.first),
                b_first: size(b.first),
                out_first: size(ends.output.first),
                a_factor,
                b_factor,
            };
            let bindings = vec![Binding::Output(a.buffer), Binding::Output(b.buffer), ends.output()];
            self.run(ends, Kernel::Add, &params, bindings, count);
        }
    }

    /// Adds a dispatch that applies an activation function to `count` values.
    fn activation(&mut self, ends: &Ends, function: Activation, count: usize) {
        let (in_first, out_first) = ends.firsts();
        let params = ActivationParams { count: size(count), activation: code(function), in_first, out_first };
        self.run(ends, Kernel::Activation, &params, vec![ends.input(), ends.output()], count);
    }

    /// Returns a tensor that is stored in one buffer.
    fn whole(&mut self, pack: Pack, terms: &Terms) -> Result<Binding, GpuError> {
        Ok(Binding::Tensor(self.tensor(pack, terms)?, 0))
    }

    /// Adds a dispatch with one invocation per value.
    fn run(
        &mut self,
        ends: &Ends,
        kernel: Kernel,
        params: &impl bytemuck::NoUninit,
        bindings: Vec<Binding>,
        invocations: usize,
    ) {
        self.dispatch(ends, kernel, params, bindings, invocations.div_ceil(Kernel::WORKGROUP));
    }

    /// Adds a dispatch.
    fn dispatch(
        &mut self,
        ends: &Ends,
        kernel: Kernel,
        params: &impl bytemuck::NoUninit,
        bindings: Vec<Binding>,
        workgroups: usize,
    ) {
        let params = bytemuck::bytes_of(params).to_vec();
        self.forward.push(Dispatch { kernel, params, bindings, workgroups, node: Some(ends.id) });
    }
}
