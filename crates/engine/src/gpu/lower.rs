//! Lowers the units of a schedule to dispatches.

use super::error::GpuError;
use super::kernel::Kernel;
use super::layout::OutputLayout;
use super::node_locations::NodeLocations;
use super::node_tensors::norm_affine;
use super::params::{
    AvgPool2dParams, BatchNormParams, ChannelAffineParams, LrnParams, MaxPool2dParams, PadShortcutParams, RbfParams,
    SoftmaxParams, SubsampleParams, activation_code, uniform_size,
};
use super::plan::{DispatchPlan, PlanOptions};
use super::schedule::{FusedUnit, FusionSchedule};
use net::{Graph, Op};

impl DispatchPlan {
    /// Lowers a schedule whose outputs are stored as in `layout`.
    ///
    /// # Errors
    /// [`GpuError::TooLarge`] if a tensor cannot be split into parts of `options.max_buffer_bytes`.
    pub(super) fn of(
        graph: &Graph,
        schedule: &FusionSchedule,
        layout: &OutputLayout,
        options: &PlanOptions,
    ) -> Result<Self, GpuError> {
        let mut plan = Self::default();
        for unit in &schedule.units {
            plan.lower(graph, layout, unit, options)?;
        }
        Ok(plan)
    }

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
                    locations.id,
                    Kernel::BatchNorm,
                    &params,
                    vec![locations.input(), affine, locations.output()],
                    count,
                );
            }
            Op::ChannelAffine(op) => {
                let ([scale_red, scale_green, scale_blue], [shift_red, shift_green, shift_blue]) = (op.scale, op.shift);
                let (area, count_params) = (uniform_size(count / channels.max(1)), uniform_size(count));
                let params = ChannelAffineParams {
                    count: count_params,
                    area,
                    in_first,
                    out_first,
                    scale_red,
                    scale_green,
                    scale_blue,
                    shift_red,
                    shift_green,
                    shift_blue,
                };
                self.add_unary_dispatch(&locations, Kernel::ChannelAffine, &params, count);
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
                let bindings = self.bindings_with_tensors(graph, id, &locations, options)?;
                self.add_dispatch_per_value(locations.id, Kernel::Subsample, &params, bindings, count);
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
                self.add_unary_dispatch(&locations, Kernel::MaxPool2d, &params, count);
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
                self.add_unary_dispatch(&locations, Kernel::AvgPool2d, &params, count);
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
                self.add_unary_dispatch(&locations, Kernel::Lrn, &params, count);
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
                self.add_unary_dispatch(&locations, Kernel::PadShortcut, &params, count);
            }
            Op::Rbf(op) => {
                let params = RbfParams {
                    inputs: uniform_size(from.elements()),
                    units: uniform_size(op.units),
                    in_first,
                    out_first,
                };
                let bindings = self.bindings_with_tensors(graph, id, &locations, options)?;
                self.add_dispatch_per_value(locations.id, Kernel::Rbf, &params, bindings, op.units);
            }
            Op::Softmax(op) => {
                let params = SoftmaxParams { count: uniform_size(count), scale: op.scale, in_first, out_first };
                // One workgroup reduces all values.
                self.add_unary_dispatch(&locations, Kernel::Softmax, &params, 1);
            }
        }
        self.scale_maps(graph, layout, options.effects, unit.output);
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::KeptOutputs;
    use crate::gpu::conv::ConvShape;
    use net::{AblationFactors, network};

    fn plan(name: &str, keep: &KeptOutputs, max_buffer_bytes: u64) -> Result<DispatchPlan, GpuError> {
        let graph = network(name).expect("should be declared");
        let flags = keep.flags(&graph);
        let schedule = FusionSchedule::new(&graph, &flags, &vec![false; flags.len()], true);
        let layout = OutputLayout::new(&graph, &schedule, &flags, &OutputLayout::default());
        let choose = |shape: &ConvShape| shape.default_kernel(true);
        DispatchPlan::of(
            &graph,
            &schedule,
            &layout,
            &PlanOptions { max_buffer_bytes, choose_kernel: &choose, effects: &AblationFactors::default() },
        )
    }

    #[test]
    fn one_dispatch_per_node_in_order() {
        let plan = plan("lenet5", &KeptOutputs::All, 1 << 20).expect("should fit");
        let kernels: Vec<&str> = plan.dispatches.iter().map(|d| d.kernel.name()).collect();
        let want = ["conv2d", "subsample", "conv2d_direct", "subsample", "conv2d", "linear", "rbf", "softmax"];
        assert_eq!(kernels, want);
        // C1: one block of four groups of four channels, 28x28 pixels.
        assert_eq!(plan.dispatches[0].workgroups, (4 * 28 * 28_usize).div_ceil(64));
    }

    #[test]
    fn weights_are_split_by_rows() {
        let graph = network("lenet5-modern").expect("should be declared");
        let keep = KeptOutputs::Nodes(vec![graph.probabilities]);
        let whole = plan("lenet5-modern", &keep, 1 << 20).expect("should fit");
        let split = plan("lenet5-modern", &keep, 16_000).expect("should fit");
        assert!(split.dispatches.len() > whole.dispatches.len());
        for tensor in &split.tensors {
            let rows: usize = tensor.parts.iter().map(ExactSizeIterator::len).sum();
            assert_eq!(rows, tensor.pack.rows(), "{}", tensor.pack.label());
        }
        // One row of the first fully connected layer has 400 values.
        assert!(matches!(plan("lenet5-modern", &keep, 1_000), Err(GpuError::TooLarge { .. })));
    }
}
