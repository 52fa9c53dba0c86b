//! Lowers a unit of a schedule to dispatches.

use super::conv::ConvShape;
use super::error::GpuError;
use super::kernel::Kernel;
use super::layout::{OutputLayout, OutputLocation};
use super::pack::TensorPacking;
use super::params::{
    ActivationParams, AddParams, AvgPool2dParams, BatchNormParams, Conv2dParams, LinearParams, LrnParams,
    MaxPool2dParams, PadShortcutParams, RbfParams, SoftmaxParams, SubsampleParams, activation_code,
};
use super::plan::{Binding, Dispatch, DispatchPlan, PlanOptions, uniform_size};
use super::schedule::FusedUnit;
use net::{Activation, Concat, Conv2d, Graph, Linear, NodeId, Op};

/// Outputs that one workgroup of `linear` computes.
const LINEAR_ROWS: usize = 8;

/// Returns the packed tensors of a node that runs without fusion.
pub(super) fn packs(graph: &Graph, id: NodeId) -> Vec<TensorPacking> {
    let node = graph.node(id);
    let plain = |leaf: &str, rows, values| TensorPacking::Plain { name: format!("{}.{leaf}", node.name), rows, values };
    let channels = node.shape.chw().0;
    match &node.op {
        Op::Conv2d(conv) => vec![conv_weight(graph, id, conv), conv_affine(graph, id, conv, None)],
        Op::BatchNorm2d(_) => vec![norm_affine(graph, id)],
        Op::Linear(op) => {
            let (name, inputs) = (format!("{}.weight", node.name), graph.input_shape(id).elements());
            vec![TensorPacking::LinearWeight { name, units: op.units, inputs }, plain("bias", op.units, 1)]
        }
        Op::Subsample(_) => vec![plain("weight", channels, 1), plain("bias", channels, 1)],
        Op::Rbf(op) => vec![plain("weight", op.units, graph.input_shape(id).elements())],
        _ => Vec::new(),
    }
}

/// Returns the packed weight of a convolution.
fn conv_weight(graph: &Graph, id: NodeId, conv: &Conv2d) -> TensorPacking {
    let (inputs, ..) = graph.input_shape(id).chw();
    let taps = inputs / conv.groups * conv.window.kernel * conv.window.kernel;
    let name = format!("{}.weight", graph.node(id).name);
    TensorPacking::ConvWeight { name, channels: conv.channels, taps, groups: conv.groups }
}

/// Returns the factor and term per channel of a convolution, from its bias and the batch normalisation fused with it.
fn conv_affine(graph: &Graph, id: NodeId, conv: &Conv2d, norm: Option<NodeId>) -> TensorPacking {
    let bias = conv.bias.then(|| format!("{}.bias", graph.node(id).name));
    let norm = norm.and_then(|norm| epsilon(graph, norm));
    TensorPacking::Affine { bias, norm, channels: conv.channels, groups: conv.groups }
}

/// Returns the factor and term per channel of a batch normalisation that is not fused.
fn norm_affine(graph: &Graph, id: NodeId) -> TensorPacking {
    let channels = graph.node(id).shape.chw().0;
    TensorPacking::Affine { bias: None, norm: epsilon(graph, id), channels, groups: 1 }
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
struct NodeLocations {
    id: NodeId,
    input: OutputLocation,
    output: OutputLocation,
}

impl NodeLocations {
    fn input(&self) -> Binding {
        Binding::Output(self.input.buffer)
    }

    fn output(&self) -> Binding {
        Binding::Output(self.output.buffer)
    }

    /// Returns the indices of the first values of input and output in their buffers.
    fn first_values(&self) -> (u32, u32) {
        (uniform_size(self.input.first), uniform_size(self.output.first))
    }
}

impl DispatchPlan {
    /// Adds the dispatches of a unit.
    ///
    /// # Errors
    /// [`GpuError::TooLarge`] if a tensor does not fit into buffers of `options.max_buffer_bytes`.
    pub(super) fn lower(
        &mut self,
        graph: &Graph,
        layout: &OutputLayout,
        unit: &FusedUnit,
        options: &PlanOptions,
    ) -> Result<(), GpuError> {
        let id = unit.base;
        let node = graph.node(id);
        let Some(&input) = node.inputs.first() else {
            self.scale_maps(graph, layout, options.effects, id);
            return Ok(());
        };
        let from = graph.node(input).shape;
        let locations =
            NodeLocations { id: unit.output, input: layout.location(input), output: layout.location(unit.output) };
        let (in_first, out_first) = locations.first_values();
        let count = node.shape.elements();
        let (in_channels, in_height, in_width) = from.chw();
        let (channels, out_height, out_width) = node.shape.chw();
        let [in_height, in_width, out_height, out_width] =
            [in_height, in_width, out_height, out_width].map(uniform_size);
        let activation = activation_code(unit.activation);
        match &node.op {
            Op::Input | Op::Dropout(_) => {}
            Op::Conv2d(conv) => self.conv2d(graph, layout, unit, conv, options)?,
            Op::Linear(op) => self.linear(graph, &locations, unit, op, options)?,
            Op::Concat(_) => self.concat(graph, layout, &locations, unit),
            Op::Add(_) => self.add(graph, layout, &locations, (unit, options.effects.summands(id))),
            Op::Activation(_) => self.activation(&locations, unit.activation, count),
            Op::BatchNorm2d(_) => {
                let affine = self.unsplit_tensor(norm_affine(graph, id), options)?;
                let area = uniform_size(count / channels.max(1));
                let params = BatchNormParams { count: uniform_size(count), area, activation, in_first, out_first };
                self.add_dispatch_per_value(
                    &locations,
                    Kernel::BatchNorm,
                    &params,
                    vec![locations.input(), affine, locations.output()],
                    count,
                );
            }
            Op::Subsample(op) => {
                let params = SubsampleParams {
                    channels: uniform_size(channels),
                    out_height,
                    out_width,
                    kernel: uniform_size(op.kernel),
                    activation,
                    in_first,
                    out_first,
                };
                let mut bindings = vec![locations.input()];
                for pack in packs(graph, id) {
                    bindings.push(self.unsplit_tensor(pack, options)?);
                }
                bindings.push(locations.output());
                self.add_dispatch_per_value(&locations, Kernel::Subsample, &params, bindings, count);
            }
            Op::MaxPool2d(op) => {
                let params = MaxPool2dParams {
                    channels: uniform_size(channels),
                    in_height,
                    in_width,
                    out_height,
                    out_width,
                    kernel: uniform_size(op.window.kernel),
                    stride: uniform_size(op.window.stride),
                    padding: uniform_size(op.window.padding),
                    in_first,
                    out_first,
                };
                self.add_dispatch_per_value(
                    &locations,
                    Kernel::MaxPool2d,
                    &params,
                    vec![locations.input(), locations.output()],
                    count,
                );
            }
            Op::AvgPool2d(_) | Op::AdaptiveAvgPool2d(_) => {
                let (kernel, stride) = match &node.op {
                    Op::AvgPool2d(op) => (uniform_size(op.kernel), uniform_size(op.stride)),
                    _ => (0, 0),
                };
                let channels = uniform_size(channels);
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
                self.add_dispatch_per_value(
                    &locations,
                    Kernel::AvgPool2d,
                    &params,
                    vec![locations.input(), locations.output()],
                    count,
                );
            }
            Op::LocalResponseNorm(op) => {
                let params = LrnParams {
                    channels: uniform_size(channels),
                    area: out_height * out_width,
                    size: uniform_size(op.size),
                    alpha: op.alpha as f32,
                    beta: op.beta as f32,
                    k: op.k as f32,
                    in_first,
                    out_first,
                };
                self.add_dispatch_per_value(
                    &locations,
                    Kernel::Lrn,
                    &params,
                    vec![locations.input(), locations.output()],
                    count,
                );
            }
            Op::PadShortcut(op) => {
                let params = PadShortcutParams {
                    in_channels: uniform_size(in_channels),
                    in_height,
                    in_width,
                    out_channels: uniform_size(channels),
                    out_height,
                    out_width,
                    stride: uniform_size(op.stride),
                    in_first,
                    out_first,
                };
                self.add_dispatch_per_value(
                    &locations,
                    Kernel::PadShortcut,
                    &params,
                    vec![locations.input(), locations.output()],
                    count,
                );
            }
            Op::Rbf(op) => {
                let params = RbfParams {
                    inputs: uniform_size(from.elements()),
                    units: uniform_size(op.units),
                    in_first,
                    out_first,
                };
                let mut bindings = vec![locations.input()];
                for pack in packs(graph, id) {
                    bindings.push(self.unsplit_tensor(pack, options)?);
                }
                bindings.push(locations.output());
                self.add_dispatch_per_value(&locations, Kernel::Rbf, &params, bindings, op.units);
            }
            Op::Softmax(op) => {
                let params = SoftmaxParams { count: uniform_size(count), scale: op.scale, in_first, out_first };
                // One workgroup reduces all values.
                self.add_dispatch_per_value(
                    &locations,
                    Kernel::Softmax,
                    &params,
                    vec![locations.input(), locations.output()],
                    1,
                );
            }
        }
        self.scale_maps(graph, layout, options.effects, unit.output);
        Ok(())
    }

    /// Adds a dispatch for each part of a convolution's weight.
    fn conv2d(
        &mut self,
        graph: &Graph,
        layout: &OutputLayout,
        unit: &FusedUnit,
        conv: &Conv2d,
        options: &PlanOptions,
    ) -> Result<(), GpuError> {
        let input = layout.location(graph.node(unit.base).inputs[0]);
        let locations = NodeLocations { id: unit.output, input, output: layout.location(unit.output) };
        // The kernel always binds a residual. Without one, bind the input again; the kernel does not read it.
        let residual = unit.residual.map_or(input, |node| layout.location(node));
        let shape = ConvShape::of(graph, unit.base, conv).flattened();
        let kernel = (options.choose_kernel)(&shape);
        let weight = self.tensor(conv_weight(graph, unit.base, conv), options)?;
        let affine = self.unsplit_tensor(conv_affine(graph, unit.base, conv, unit.norm), options)?;
        let (in_first, out_first) = locations.first_values();
        for (part, blocks) in self.tensors[weight].parts.clone().into_iter().enumerate() {
            let params = Conv2dParams {
                block_first: uniform_size(blocks.start),
                blocks: uniform_size(blocks.len()),
                in_first,
                out_first,
                activation: activation_code(unit.activation),
                residual: u32::from(unit.residual.is_some()),
                residual_first: uniform_size(residual.first),
                ..shape.params()
            };
            let bindings = vec![
                locations.input(),
                Binding::Tensor(weight, part),
                affine,
                Binding::Output(residual.buffer),
                locations.output(),
            ];
            self.add_dispatch(&locations, kernel, &params, bindings, shape.workgroups(kernel, blocks.len()));
        }
        Ok(())
    }

    /// Adds a dispatch for each part of a fully connected layer's weight.
    fn linear(
        &mut self,
        graph: &Graph,
        locations: &NodeLocations,
        unit: &FusedUnit,
        op: &Linear,
        options: &PlanOptions,
    ) -> Result<(), GpuError> {
        let inputs = graph.input_shape(unit.base).elements();
        let name = |leaf: &str| format!("{}.{leaf}", graph.node(unit.base).name);
        let weight =
            self.tensor(TensorPacking::LinearWeight { name: name("weight"), units: op.units, inputs }, options)?;
        let bias =
            self.unsplit_tensor(TensorPacking::Plain { name: name("bias"), rows: op.units, values: 1 }, options)?;
        let (in_first, out_first) = locations.first_values();
        for (part, units) in self.tensors[weight].parts.clone().into_iter().enumerate() {
            let params = LinearParams {
                inputs: uniform_size(inputs),
                unit_first: uniform_size(units.start),
                units: uniform_size(units.len()),
                activation: activation_code(unit.activation),
                in_first,
                out_first,
            };
            let bindings = vec![locations.input(), Binding::Tensor(weight, part), bias, locations.output()];
            self.add_dispatch(locations, Kernel::Linear, &params, bindings, units.len().div_ceil(LINEAR_ROWS));
        }
        Ok(())
    }

    /// Copies those branches that are not stored within the concatenation.
    fn concat(&mut self, graph: &Graph, layout: &OutputLayout, locations: &NodeLocations, unit: &FusedUnit) {
        let shapes = graph.input_shapes(unit.base);
        let area = shapes.first().map_or(0, |shape| shape.elements() / shape.chw().0.max(1));
        for (i, &branch) in graph.node(unit.base).inputs.iter().enumerate() {
            let first = locations.output.first + Concat::first(&shapes, i) * area;
            let (input, output) = (layout.location(branch), OutputLocation { first, ..locations.output });
            if input != output {
                self.activation(
                    &NodeLocations { id: locations.id, input, output },
                    Activation::Identity,
                    shapes[i].elements(),
                );
            }
        }
    }

    /// Adds dispatches that add the inputs, two at first and then one at a time. `factors` are those of ablated
    /// summands.
    fn add(
        &mut self,
        graph: &Graph,
        layout: &OutputLayout,
        locations: &NodeLocations,
        (unit, factors): (&FusedUnit, &[f32]),
    ) {
        let count = graph.node(unit.base).shape.elements();
        let summands: Vec<OutputLocation> =
            graph.node(unit.base).inputs.iter().map(|&input| layout.location(input)).collect();
        let [first, second, rest @ ..] = summands.as_slice() else { return };
        let steps = std::iter::once((first, second, 0)).chain(rest.iter().map(|place| (place, place, 1)));
        let (last, factor) = (rest.len(), |summand: usize| factors.get(summand).copied().unwrap_or(1.0));
        for (i, (a, b, onto)) in steps.enumerate() {
            let [a_factor, b_factor] = if i == 0 { [factor(0), factor(1)] } else { [factor(i + 1), 1.0] };
            let params = AddParams {
                count: uniform_size(count),
                activation: activation_code(if i == last { unit.activation } else { Activation::Identity }),
                onto,
                a_first: uniform_size(a.first),
                b_first: uniform_size(b.first),
                out_first: uniform_size(locations.output.first),
                a_factor,
                b_factor,
            };
            let bindings = vec![Binding::Output(a.buffer), Binding::Output(b.buffer), locations.output()];
            self.add_dispatch_per_value(locations, Kernel::Add, &params, bindings, count);
        }
    }

    /// Adds a dispatch that applies an activation function to `count` values.
    fn activation(&mut self, locations: &NodeLocations, function: Activation, count: usize) {
        let (in_first, out_first) = locations.first_values();
        let params =
            ActivationParams { count: uniform_size(count), activation: activation_code(function), in_first, out_first };
        self.add_dispatch_per_value(
            locations,
            Kernel::Activation,
            &params,
            vec![locations.input(), locations.output()],
            count,
        );
    }

    /// Returns a tensor that is stored in one buffer.
    fn unsplit_tensor(&mut self, pack: TensorPacking, options: &PlanOptions) -> Result<Binding, GpuError> {
        Ok(Binding::Tensor(self.tensor(pack, options)?, 0))
    }

    /// Adds a dispatch with one invocation per value.
    fn add_dispatch_per_value(
        &mut self,
        locations: &NodeLocations,
        kernel: Kernel,
        params: &impl bytemuck::NoUninit,
        bindings: Vec<Binding>,
        invocations: usize,
    ) {
        self.add_dispatch(locations, kernel, params, bindings, invocations.div_ceil(Kernel::WORKGROUP));
    }

    /// Adds a dispatch.
    fn add_dispatch(
        &mut self,
        locations: &NodeLocations,
        kernel: Kernel,
        params: &impl bytemuck::NoUninit,
        bindings: Vec<Binding>,
        workgroups: usize,
    ) {
        let params = bytemuck::bytes_of(params).to_vec();
        self.forward.push(Dispatch { kernel, params, bindings, workgroups, node: Some(locations.id) });
    }
}
