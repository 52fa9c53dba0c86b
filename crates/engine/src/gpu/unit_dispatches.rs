//! Lowers the operations that take more than one dispatch or more than one input.

use super::conv::ConvShape;
use super::error::GpuError;
use super::kernel::Kernel;
use super::layout::{OutputLayout, OutputLocation};
use super::node_locations::NodeLocations;
use super::node_tensors::{conv_affine, conv_weight};
use super::pack::TensorPacking;
use super::params::{ActivationParams, AddParams, Conv2dParams, LinearParams, activation_code, uniform_size};
use super::plan::{Binding, DispatchPlan, PlanOptions};
use super::schedule::FusedUnit;
use net::{Activation, Concat, Conv2d, Graph, Linear};

/// Outputs that one workgroup of `linear` computes.
const LINEAR_ROWS: usize = 8;

impl DispatchPlan {
    /// Adds a dispatch for each part of a convolution's weight.
    pub(super) fn conv2d(
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
            self.add_dispatch(locations.id, kernel, &params, bindings, shape.workgroups(kernel, blocks.len()));
        }
        Ok(())
    }

    /// Adds a dispatch for each part of a fully connected layer's weight.
    pub(super) fn linear(
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
            self.add_dispatch(locations.id, Kernel::Linear, &params, bindings, units.len().div_ceil(LINEAR_ROWS));
        }
        Ok(())
    }

    /// Copies those branches that are not stored within the concatenation.
    pub(super) fn concat(&mut self, graph: &Graph, layout: &OutputLayout, locations: &NodeLocations, unit: &FusedUnit) {
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
    pub(super) fn add(
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
        let steps = std::iter::once((first, second, 0)).chain(rest.iter().map(|summand| (summand, summand, 1)));
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
            self.add_dispatch_per_value(locations.id, Kernel::Add, &params, bindings, count);
        }
    }

    /// Adds a dispatch that applies an activation function to `count` values.
    pub(super) fn activation(&mut self, locations: &NodeLocations, function: Activation, count: usize) {
        let (in_first, out_first) = locations.first_values();
        let params =
            ActivationParams { count: uniform_size(count), activation: activation_code(function), in_first, out_first };
        self.add_unary_dispatch(locations, Kernel::Activation, &params, count);
    }
}
