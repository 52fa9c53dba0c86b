//! Ablation on the device: dispatches that replace those of ablated nodes, and scaled copies of weights.

use std::collections::BTreeMap;

use super::device::Gpu;
use super::device_tensors::DeviceTensors;
use super::error::GpuError;
use super::layout::OutputLayout;
use super::pack::TensorPacking;
use super::plan::{Dispatch, DispatchPlan, PackedTensor, PlanOptions};
use super::program::{BindableBuffers, BoundDispatch, BoundDispatches, Uniforms, bind, record};
use super::schedule::FusedUnit;
use net::{Effects, Graph, NodeId};

/// The dispatches of an ablation as data.
#[derive(Debug, Default)]
/// For each ablated node, the steps that run in place of its own.
pub(super) struct GpuAblation {
    pub(super) steps: BTreeMap<NodeId, Vec<BoundDispatch>>,
    pub(super) effects: AblationFactors,
    /// Copies of the weights whose kernels are scaled.
    pub(super) tensors: DeviceTensors,
    uniforms: Option<wgpu::Buffer>,
}

impl AblationPlan {
    /// Plans the ablations of `options.effects` in a network whose outputs are stored as in `layout`.
    pub(super) fn new(graph: &Graph, layout: &OutputLayout, options: &PlanOptions) -> Result<Self, GpuError> {
        let effects = options.effects;
        let mut plan = DispatchPlan::default();
        for node in effects.nodes() {
            plan.lower(graph, layout, &FusedUnit::alone(graph, node), options)?;
        }
        let (mut kernel_scaling, mut scaled) = (Vec::new(), Vec::new());
        for node in effects.nodes().filter(|&node| !effects.kernels(node).is_empty()) {
            let name = format!("{}.weight", graph.node(node).name);
            let is_its =
                |pack: &TensorPacking| matches!(pack, TensorPacking::ConvWeight { name: of, .. } if *of == name);
            if let Some(tensor) = plan.tensors.iter().position(|tensor| is_its(&tensor.pack)) {
                scaled.push(plan.tensors[tensor].clone());
                kernel_scaling.extend(plan.scale_kernels(graph, node, tensor, effects.kernels(node)));
            }
        }
        Ok(Self { plan, kernel_scaling, scaled })
    }

    /// Returns all dispatches: first those that scale kernels.
    fn dispatches(&self) -> impl Iterator<Item = &Dispatch> + Clone {
        self.kernel_scaling.iter().chain(&self.plan.dispatches)
    }

impl DispatchPlan {
    /// Adds dispatches that scale the ablated maps of `node`. They must follow the dispatches that compute the maps.
    pub(super) fn scale_maps(&mut self, graph: &Graph, layout: &OutputLayout, effects: &AblationFactors, node: NodeId) {
        let (_, height, width) = graph.node(node).shape.chw();
        let place = layout.location(node);
        for (maps, factor) in effects.maps(node) {
            let first = uniform_size(place.first + maps.start * height * width);
            let params =
                ScaleParams { count: uniform_size(maps.len() * height * width), first, step: 1, factor: *factor };
            self.forward.push(scale(Binding::Output(place.buffer), &params, node));
        }
    }
}

    /// Returns the dispatches that scale the ablated kernels of a convolution in its weights, which are tensor number
    /// `tensor`.
    fn scale_kernels(&self, graph: &Graph, node: NodeId, tensor: usize, cuts: &[KernelAblation]) -> Vec<Dispatch> {
        let Op::Conv2d(conv) = &graph.node(node).op else { return Vec::new() };
        let (area, mut dispatches) = (conv.window.kernel * conv.window.kernel, Vec::new());
        let row = self.tensors[tensor].pack.row_values();
        for cut in cuts {
            let (block, lane) = block_of(cut.map, conv.channels, conv.groups);
            let Some(part) = self.tensors[tensor].parts.iter().position(|part| part.contains(&block)) else { continue };
            let start = (block - self.tensors[tensor].parts[part].start) * row;
            let first = uniform_size(start + cut.slot * area * BLOCK + lane);
            let params = ScaleParams { count: uniform_size(area), first, step: uniform_size(BLOCK), factor: cut.scale };
            dispatches.push(scale(Binding::Tensor(tensor, part), &params, node));
        }
        dispatches
    }
}

impl GpuNetwork {
    /// Makes all following passes run with the ablations of `effects`. An ablated node has its scaled values.
    ///
    /// # Errors
    /// [`GpuError::NotAblatable`] if the network does not keep every output, and errors from creating buffers.
    pub fn ablate(&mut self, effects: &AblationFactors) -> Result<(), GpuError> {
        let graph = std::rc::Rc::clone(&self.graph);
        let nodes: Vec<NodeId> = effects.nodes().collect();
        if !nodes.is_empty() && self.layout.kept.contains(&false) {
            return Err(GpuError::NotAblatable);
        }
        let options = PlanOptions {
            max_buffer_bytes: self.gpu.max_buffer_bytes(),
            choose_kernel: &kernel_chooser(&self.gpu, &self.tuning),
            effects,
        };
        let mut plan = DispatchPlan::of(&graph, &FusionSchedule::default(), &self.layout, &options)?;
        for &node in &nodes {
            let unit = FusedUnit::alone(&graph, node);
            plan.lower(&graph, &self.layout, &unit, &options)?;
        }
        // Copy only the weights whose kernels are scaled.
        let mut scaled = Vec::new();
        let mut own = Vec::new();
        for &node in nodes.iter().filter(|&&node| !effects.kernels(node).is_empty()) {
            let name = format!("{}.weight", graph.node(node).name);
            let is_its =
                |pack: &TensorPacking| matches!(pack, TensorPacking::ConvWeight { name: of, .. } if *of == name);
            if let Some(tensor) = plan.tensors.iter().position(|tensor| is_its(&tensor.pack)) {
                own.push(plan.tensors[tensor].clone());
                scaled.extend(plan.scale_kernels(&graph, node, tensor, effects.kernels(node)));
            }
        }
        let effects = effects.clone();
        let ablation = Self { effects, dispatches, tensors, kernel_scaling, uniforms: Some(uniforms), plan };
        ablation.scale_weights(gpu, source)?;
        Ok(ablation)
    }

    /// Takes over `effects` and their `plan` if only uniforms change, as when a part is scaled by another factor. Returns
    /// whether it did. `source` are the tensors of the network.
    pub(super) fn update(
        &mut self,
        gpu: &Gpu,
        effects: &Effects,
        plan: &AblationPlan,
        source: &DeviceTensors,
    ) -> Result<bool, GpuError> {
        let Some(uniforms) = self.uniforms.as_ref().filter(|_| self.plan.binds_the_same(plan)) else {
            return Ok(false);
        };
        uniforms.write(gpu, plan.dispatches());
        self.scale_weights(gpu, source)?;
        self.effects = effects.clone();
        Ok(true)
    }

    /// Copies the weights whose kernels are ablated, and scales the kernels in the copies.
    fn scale_weights(&self, gpu: &Gpu, source: &DeviceTensors) -> Result<(), GpuError> {
        if self.kernel_scaling.is_empty() {
            return Ok(());
        }
        gpu.record(|encoder| {
            self.tensors.copy_from(source, encoder);
            record(encoder, None, &self.kernel_scaling);
        })
    }
}
