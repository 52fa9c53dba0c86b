//! Ablation on the device: steps that replace those of ablated nodes, and scaled copies of weights.

use std::collections::BTreeMap;

use super::error::GpuError;
use super::kernel::Kernel;
use super::layout::Layout;
use super::network::{GpuNetwork, choose};
use super::pack::{BLOCK, Pack, block_of};
use super::params::ScaleParams;
use super::plan::{Binding, Dispatch, Plan, Terms, size};
use super::program::{Bound, Buffers, Step, Tensors, bind};
use super::schedule::{Schedule, Unit};
use net::{AblationFactors, Graph, KernelAblation, NodeId, Op};

/// The steps and weights that replace those of the network while parts of it are ablated.
#[derive(Debug, Default)]
/// For each ablated node, the steps that run in place of its own.
pub(super) struct Cutting {
    pub(super) steps: BTreeMap<NodeId, Vec<Step>>,
    pub(super) effects: AblationFactors,
    /// Copies of the weights whose kernels are scaled.
    pub(super) tensors: Tensors,
    uniforms: Option<wgpu::Buffer>,
}

impl Cutting {
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

impl Plan {
    /// Adds dispatches that scale the ablated maps of `node`. They must follow the dispatches that compute the maps.
    pub(super) fn scale_maps(&mut self, graph: &Graph, layout: &Layout, effects: &AblationFactors, node: NodeId) {
        let (_, height, width) = graph.node(node).shape.chw();
        let place = layout.place(node);
        for (maps, factor) in effects.maps(node) {
            let first = size(place.first + maps.start * height * width);
            let params = ScaleParams { count: size(maps.len() * height * width), first, step: 1, factor: *factor };
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
            let first = size(start + cut.slot * area * BLOCK + lane);
            let params = ScaleParams { count: size(area), first, step: size(BLOCK), factor: cut.scale };
            dispatches.push(scale(Binding::Tensor(tensor, part), &params, node));
        }
        dispatches
    }
}

impl GpuNetwork {
    /// Makes all following passes run with the ablations of `effects`. An ablated node has its scaled values.
    ///
    /// # Errors
    /// [`GpuError::Cut`] if the network does not keep every output, and errors from creating buffers.
    pub fn cut(&mut self, effects: &AblationFactors) -> Result<(), GpuError> {
        let graph = std::rc::Rc::clone(&self.graph);
        let nodes: Vec<NodeId> = effects.nodes().collect();
        if !nodes.is_empty() && self.layout.kept.contains(&false) {
            return Err(GpuError::Cut);
        }
        let terms = Terms { most_bytes: self.gpu.most_bytes(), choose: &choose(&self.gpu, &self.tuning), effects };
        let mut plan = Plan::of(&graph, &Schedule::default(), &self.layout, &terms)?;
        for &node in &nodes {
            let unit = Unit::alone(&graph, node);
            plan.lower(&graph, &self.layout, &unit, &terms)?;
        }
        // Copy only the weights whose kernels are scaled.
        let mut scaled = Vec::new();
        let mut own = Vec::new();
        for &node in nodes.iter().filter(|&&node| !effects.kernels(node).is_empty()) {
            let name = format!("{}.weight", graph.node(node).name);
            let is_its = |pack: &Pack| matches!(pack, Pack::ConvWeight { name: of, .. } if *of == name);
            if let Some(tensor) = plan.tensors.iter().position(|tensor| is_its(&tensor.pack)) {
                own.push(plan.tensors[tensor].clone());
                scaled.extend(plan.scale_kernels(&graph, node, tensor, effects.kernels(node)));
            }
        }
        let tensors = self.tensors.copy(&self.gpu, own)?;
        let bound = Buffers {
            outputs: &self.buffers,
            planned: &plan.tensors,
            tensors: &self.tensors,
            over: Some(&tensors),
            extents: &self.extents,
            folds: &self.folds,
        };
        let copied = scaled.len();
        let Bound { mut steps, uniforms } = bind(&self.gpu, scaled.iter().chain(&plan.forward), &bound)?;
        let forward = steps.split_off(copied);
        self.gpu.record(|encoder| super::pass::record(encoder, None, &steps))?;
        let mut cutting =
            Cutting { steps: BTreeMap::new(), effects: effects.clone(), tensors, uniforms: Some(uniforms) };
        for step in forward {
            if let Some(node) = step.node {
                cutting.steps.entry(node).or_default().push(step);
            }
        }
        self.drop_beside();
        std::mem::replace(&mut self.cutting, cutting).destroy();
        Ok(())
    }
}
