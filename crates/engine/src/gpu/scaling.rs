//! The dispatches that scale ablated maps and kernels.

use super::kernel::Kernel;
use super::layout::OutputLayout;
use super::pack::{BLOCK, block_of};
use super::params::{ScaleParams, uniform_size};
use super::plan::{Binding, Dispatch, DispatchPlan};
use net::{AblationFactors, Graph, KernelAblation, NodeId, Op};

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
        let location = layout.location(node);
        for (maps, factor) in effects.maps(node) {
            let first = uniform_size(location.first + maps.start * height * width);
            let params =
                ScaleParams { count: uniform_size(maps.len() * height * width), first, step: 1, factor: *factor };
            self.dispatches.push(scale(Binding::Output(location.buffer), &params, node));
        }
    }

    /// Returns the dispatches that scale the ablated kernels of a convolution in its weights, which are tensor number
    /// `tensor`.
    pub(super) fn scale_kernels(
        &self,
        graph: &Graph,
        node: NodeId,
        tensor: usize,
        ablations: &[KernelAblation],
    ) -> Vec<Dispatch> {
        let Op::Conv2d(conv) = &graph.node(node).op else { return Vec::new() };
        let (area, mut dispatches) = (conv.window.kernel * conv.window.kernel, Vec::new());
        let row = self.tensors[tensor].pack.row_values();
        for ablation in ablations {
            let (block, lane) = block_of(ablation.map, conv.channels, conv.groups);
            let Some(part) = self.tensors[tensor].parts.iter().position(|part| part.contains(&block)) else { continue };
            let start = (block - self.tensors[tensor].parts[part].start) * row;
            let first = uniform_size(start + ablation.slot * area * BLOCK + lane);
            let params =
                ScaleParams { count: uniform_size(area), first, step: uniform_size(BLOCK), factor: ablation.scale };
            dispatches.push(scale(Binding::Tensor(tensor, part), &params, node));
        }
        dispatches
    }
}
