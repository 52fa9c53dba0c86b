//! Ablation on the device: steps that replace those of ablated nodes, and scaled copies of weights.

use std::collections::BTreeMap;

use super::error::GpuError;
use super::kernel::Kernel;
use super::layout::OutputLayout;
use super::network::{GpuNetwork, kernel_chooser};
use super::pack::{BLOCK, TensorPacking, block_of};
use super::params::ScaleParams;
use super::plan::{Binding, Dispatch, DispatchPlan, PlanOptions, uniform_size};
use super::program::{BindableBuffers, BoundDispatch, BoundDispatches, DeviceTensors, bind};
use super::schedule::{FusedUnit, FusionSchedule};
use net::{AblationFactors, Graph, KernelAblation, NodeId, Op};

/// The steps and weights that replace those of the network while parts of it are ablated.
#[derive(Debug, Default)]
/// For each ablated node, the steps that run in place of its own.
pub(super) struct GpuAblation {
    pub(super) steps: BTreeMap<NodeId, Vec<BoundDispatch>>,
    pub(super) effects: AblationFactors,
    /// Copies of the weights whose kernels are scaled.
    pub(super) tensors: DeviceTensors,
    uniforms: Option<wgpu::Buffer>,
}

impl GpuAblation {
    /// Frees its buffers now, without waiting for garbage collection.
    pub(super) fn destroy(&self) {
        self.tensors.buffers().chain(&self.uniforms).for_each(wgpu::Buffer::destroy);
    }
}

/// Returns a dispatch that multiplies values of a buffer in place.
fn scale(binding: Binding, params: &ScaleParams, node: NodeId) -> Dispatch {
    Dispatch {
        kernel: Kernel::Scale,
        params: bytemuck::bytes_of(params).to_vec(),
        bindings: vec![binding],
        workgroups: (params.count as usize).div_ceil(Kernel::WORKGROUP),
        node: Some(node),
    }
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
        let tensors = self.tensors.copy(&self.gpu, own)?;
        let bound = BindableBuffers {
            outputs: &self.buffers,
            planned: &plan.tensors,
            tensors: &self.tensors,
            overriding_tensors: Some(&tensors),
            extents: &self.extents,
            reductions: &self.reductions,
        };
        let copied = scaled.len();
        let BoundDispatches { mut steps, uniforms } = bind(&self.gpu, scaled.iter().chain(&plan.forward), &bound)?;
        let forward = steps.split_off(copied);
        self.gpu.record(|encoder| super::pass::record(encoder, None, &steps))?;
        let mut ablation =
            GpuAblation { steps: BTreeMap::new(), effects: effects.clone(), tensors, uniforms: Some(uniforms) };
        for step in forward {
            if let Some(node) = step.node {
                ablation.steps.entry(node).or_default().push(step);
            }
        }
        self.drop_detached_program();
        std::mem::replace(&mut self.ablation, ablation).destroy();
        Ok(())
    }
}
