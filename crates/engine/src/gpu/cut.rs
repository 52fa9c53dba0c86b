//! Cuts on the device: what nodes run in place of their own steps, and copies of the weights whose kernels are scaled.

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
use net::{Effects, Graph, KernelCut, NodeId, Op};

/// What runs under cuts in place of the steps of some nodes.
#[derive(Debug, Default)]
pub(super) struct Cutting {
    pub(super) steps: BTreeMap<NodeId, Vec<Step>>,
    pub(super) effects: Effects,
    /// Weights whose kernels are scaled.
    pub(super) tensors: Tensors,
    uniforms: Option<wgpu::Buffer>,
}

impl Cutting {
    /// Gives its memory back at once.
    pub(super) fn destroy(&self) {
        self.tensors.buffers().chain(&self.uniforms).for_each(wgpu::Buffer::destroy);
    }
}

/// A dispatch that multiplies values of a buffer in place.
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
    /// Adds the dispatches that multiply maps of `node`, after those that give them.
    pub(super) fn scale_maps(&mut self, graph: &Graph, layout: &Layout, effects: &Effects, node: NodeId) {
        let (_, height, width) = graph.node(node).shape.chw();
        let place = layout.place(node);
        for (maps, factor) in effects.maps(node) {
            let first = size(place.first + maps.start * height * width);
            let params = ScaleParams { count: size(maps.len() * height * width), first, step: 1, factor: *factor };
            self.forward.push(scale(Binding::Output(place.buffer), &params, node));
        }
    }

    /// The dispatches that multiply kernels in the weights of a convolution, which is tensor number `tensor`.
    fn scale_kernels(&self, graph: &Graph, node: NodeId, tensor: usize, cuts: &[KernelCut]) -> Vec<Dispatch> {
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
    /// Has all passes from now on run with `effects`. Nodes at which something is multiplied have the values that come of
    /// it.
    ///
    /// # Errors
    /// [`GpuError::Cut`] where the network does not keep every output; what making buffers says.
    pub fn cut(&mut self, effects: &Effects) -> Result<(), GpuError> {
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
        // Only the weights whose kernels are scaled are copied.
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
