//! A network on the GPU: its buffers, and one pass through it.

use std::rc::Rc;

use wgpu::util::DeviceExt;

use super::device::Gpu;
use super::error::GpuError;
use super::plan::{Binding, Dispatch, Plan, has_kernel};
use super::staging::Staging;
use crate::engine::{Extent, MapTable};
use crate::net::{Graph, NodeId};
use crate::weights::Weights;

/// Bytes of one F32 value.
pub(super) const F32_BYTES: u64 = 4;

/// A dispatch with its buffers bound.
#[derive(Debug)]
pub(super) struct Step {
    pub(super) pipeline: wgpu::ComputePipeline,
    pub(super) bindings: wgpu::BindGroup,
    pub(super) workgroups: [u32; 2],
}

/// A network on the GPU. Its weights were uploaded once; each node's output has a buffer of its own.
#[derive(Debug)]
pub struct GpuNetwork {
    pub(super) gpu: Gpu,
    pub(super) names: Vec<String>,
    pub(super) maps: Rc<MapTable>,
    pub(super) outputs: Vec<wgpu::Buffer>,
    pub(super) extents: wgpu::Buffer,
    pub(super) steps: Vec<Step>,
    pub(super) staging: Staging,
}

impl GpuNetwork {
    /// Uploads `weights` and makes all buffers and bindings of `graph`.
    ///
    /// # Errors
    /// [`GpuError::TooLarge`] where a buffer passes the adapter's limits, [`GpuError::OutOfMemory`] where memory
    /// is full, [`GpuError::Lost`] where the device is gone.
    pub async fn new(gpu: &Gpu, graph: &Graph, weights: &Weights) -> Result<Self, GpuError> {
        gpu.health.check()?;
        if let Some(node) = graph.nodes.iter().find(|node| !has_kernel(&node.op)) {
            let reason = format!("{}: there is no kernel for {}", node.name, node.op.title());
            return Err(GpuError::Validation { reason });
        }
        let plan = Plan::of(graph);
        let device = &gpu.device;
        let memory = device.push_error_scope(wgpu::ErrorFilter::OutOfMemory);
        let validity = device.push_error_scope(wgpu::ErrorFilter::Validation);
        let made = Self::build(gpu, graph, weights, &plan);
        // Both are popped before the first is awaited: scopes are a stack.
        let (validity, memory) = (validity.pop(), memory.pop());
        let (validity, memory) = (validity.await, memory.await);
        gpu.health.check()?;
        match memory.or(validity) {
            Some(error) => Err(error.into()),
            None => made,
        }
    }

    fn build(gpu: &Gpu, graph: &Graph, weights: &Weights, plan: &Plan) -> Result<Self, GpuError> {
        let outputs = graph
            .nodes
            .iter()
            .map(|node| storage(gpu, &node.name, node.shape.elements() as u64 * F32_BYTES))
            .collect::<Result<Vec<_>, _>>()?;
        let extent_bytes = (plan.maps.extents() * size_of::<Extent>()) as u64;
        let extents = storage(gpu, "extents", extent_bytes)?;
        let tensors = plan
            .tensors
            .iter()
            .map(|pack| upload(gpu, pack.label(), bytemuck::cast_slice(&pack.values(weights))))
            .collect::<Result<Vec<_>, _>>()?;
        let folds: Vec<[u32; 4]> =
            plan.folds.iter().map(|fold| [fold.first as u32, fold.count as u32, fold.out as u32, 0]).collect();
        let folds = upload(gpu, "folds", bytemuck::cast_slice(&folds))?;

        let dispatches: Vec<&Dispatch> = plan.forward.iter().chain(&plan.extents).collect();
        let limits = gpu.device.limits();
        // The alignment alone is not enough: on some adapters it is smaller than a uniform.
        let longest = dispatches.iter().map(|dispatch| dispatch.params.len() as u64).max().unwrap_or(0);
        let stride = longest.next_multiple_of(u64::from(limits.min_uniform_buffer_offset_alignment));
        let uniforms = uniforms(gpu, &dispatches, stride);
        let buffer = |binding: &Binding| match *binding {
            Binding::Node(NodeId(node)) => &outputs[node],
            Binding::Tensor(tensor) => &tensors[tensor],
            Binding::Extents => &extents,
            Binding::Folds => &folds,
        };
        let step = |(place, dispatch): (usize, &&Dispatch)| {
            let pipeline = gpu.pipeline(dispatch.kernel).clone();
            let params = wgpu::BindingResource::Buffer(wgpu::BufferBinding {
                buffer: &uniforms,
                offset: place as u64 * stride,
                size: wgpu::BufferSize::new(dispatch.params.len() as u64),
            });
            let storage = dispatch.bindings.iter().map(|binding| buffer(binding).as_entire_binding());
            let entries: Vec<wgpu::BindGroupEntry> = std::iter::once(params)
                .chain(storage)
                .zip(0..)
                .map(|(resource, binding)| wgpu::BindGroupEntry { binding, resource })
                .collect();
            let bindings = gpu.device.create_bind_group(&wgpu::BindGroupDescriptor {
                label: Some(dispatch.kernel.name()),
                layout: &pipeline.get_bind_group_layout(0),
                entries: &entries,
            });
            let workgroups = grid(dispatch.workgroups, limits.max_compute_workgroups_per_dimension);
            Step { pipeline, bindings, workgroups }
        };
        let steps = dispatches.iter().enumerate().map(step).collect();
        let names = graph.nodes.iter().map(|node| node.name.clone()).collect();
        let (gpu, maps) = (gpu.clone(), Rc::new(plan.maps.clone()));
        Ok(Self { gpu, names, maps, outputs, extents, steps, staging: Staging::default() })
    }

    /// The GPU it lives on.
    pub fn gpu(&self) -> &Gpu {
        &self.gpu
    }

    /// Where the extents of maps, layers and network stand.
    pub fn maps(&self) -> &MapTable {
        &self.maps
    }

    /// A node's output: F32, CHW (or N) order.
    pub fn output(&self, node: NodeId) -> &wgpu::Buffer {
        &self.outputs[node.0]
    }

    /// All nodes' outputs, in the order of the graph.
    pub fn outputs(&self) -> impl Iterator<Item = &wgpu::Buffer> {
        self.outputs.iter()
    }

    /// The extents, least and greatest, in the order of [`GpuNetwork::maps`].
    pub fn extents(&self) -> &wgpu::Buffer {
        &self.extents
    }
}

/// A grid of two dimensions with room for `workgroups`.
fn grid(workgroups: usize, most: u32) -> [u32; 2] {
    let rows = workgroups.div_ceil(most as usize).max(1);
    [workgroups.div_ceil(rows) as u32, rows as u32]
}

fn fits(gpu: &Gpu, what: &str, needs: u64) -> Result<(), GpuError> {
    let limits = gpu.device.limits();
    let has = limits.max_storage_buffer_binding_size.min(limits.max_buffer_size);
    match needs <= has {
        true => Ok(()),
        false => Err(GpuError::TooLarge { what: what.to_owned(), needs, has }),
    }
}

fn storage(gpu: &Gpu, label: &str, bytes: u64) -> Result<wgpu::Buffer, GpuError> {
    fits(gpu, label, bytes)?;
    Ok(gpu.device.create_buffer(&wgpu::BufferDescriptor {
        label: Some(label),
        size: bytes,
        usage: wgpu::BufferUsages::STORAGE | wgpu::BufferUsages::COPY_SRC | wgpu::BufferUsages::COPY_DST,
        mapped_at_creation: false,
    }))
}

fn upload(gpu: &Gpu, label: &str, contents: &[u8]) -> Result<wgpu::Buffer, GpuError> {
    fits(gpu, label, contents.len() as u64)?;
    let usage = wgpu::BufferUsages::STORAGE;
    Ok(gpu.device.create_buffer_init(&wgpu::util::BufferInitDescriptor { label: Some(label), contents, usage }))
}

/// All uniforms in one buffer, each at a multiple of `stride`.
fn uniforms(gpu: &Gpu, dispatches: &[&Dispatch], stride: u64) -> wgpu::Buffer {
    let mut contents = vec![0; dispatches.len() * stride as usize];
    for (place, dispatch) in dispatches.iter().enumerate() {
        let start = place * stride as usize;
        contents[start..start + dispatch.params.len()].copy_from_slice(&dispatch.params);
    }
    gpu.device.create_buffer_init(&wgpu::util::BufferInitDescriptor {
        label: Some("uniforms"),
        contents: &contents,
        usage: wgpu::BufferUsages::UNIFORM,
    })
}

#[cfg(test)]
mod tests {
    use super::grid;

    #[test]
    fn a_grid_holds_every_workgroup() {
        for workgroups in [1, 64, 65_535, 65_536, 1_000_000] {
            let [x, y] = grid(workgroups, 65_535);
            assert!(x <= 65_535 && u64::from(x) * u64::from(y) >= workgroups as u64, "{workgroups}: {x}x{y}");
        }
    }
}
