//! A plan on the device: buffers, uniforms and bindings, ready to be recorded.

use std::rc::Rc;

use wgpu::util::DeviceExt;

use super::buffers::OwnedBuffer;
use super::device::Gpu;
use super::device_tensors::DeviceTensors;
use super::error::GpuError;
use super::kernel::Kernel;
use super::plan::{Binding, Dispatch, PackedTensor};
use net::NodeId;

/// A dispatch with its pipeline and buffers bound.
#[derive(Debug)]
pub(super) struct BoundDispatch {
    pub(super) kernel: Kernel,
    pub(super) node: Option<NodeId>,
    pub(super) pipeline: wgpu::ComputePipeline,
    pub(super) bindings: wgpu::BindGroup,
    pub(super) workgroups: [u32; 2],
}

impl BoundDispatch {
    /// Records the dispatch.
    pub(super) fn record(&self, pass: &mut wgpu::ComputePass) {
        pass.set_pipeline(&self.pipeline);
        pass.set_bind_group(0, &self.bindings, &[]);
        pass.dispatch_workgroups(self.workgroups[0], self.workgroups[1], 1);
    }
}

/// Records dispatches as one compute pass.
pub(super) fn record<'a>(
    encoder: &mut wgpu::CommandEncoder,
    timestamp_writes: Option<wgpu::ComputePassTimestampWrites>,
    dispatches: impl IntoIterator<Item = &'a BoundDispatch>,
) {
    let mut dispatches = dispatches.into_iter().peekable();
    if dispatches.peek().is_some() {
        let mut pass =
            encoder.begin_compute_pass(&wgpu::ComputePassDescriptor { label: Some("pass"), timestamp_writes });
        dispatches.for_each(|dispatch| dispatch.record(&mut pass));
    }
}

/// The buffers that dispatches may bind.
#[derive(Clone, Copy)]
pub(super) struct BindableBuffers<'a> {
    pub(super) outputs: &'a [Rc<OwnedBuffer>],
    /// The tensors of the plan. Its dispatches refer to them by index.
    pub(super) planned: &'a [PackedTensor],
    pub(super) tensors: &'a DeviceTensors,
    /// Tensors that take precedence over `tensors`.
    pub(super) overriding_tensors: Option<&'a DeviceTensors>,
    pub(super) extents: &'a wgpu::Buffer,
    pub(super) reductions: &'a wgpu::Buffer,
}

impl BindableBuffers<'_> {
    /// Returns the buffer of a binding.
    ///
    /// # Errors
    /// [`GpuError::Tensor`] if the tensor is not on the device.
    fn get(&self, binding: Binding) -> Result<&wgpu::Buffer, GpuError> {
        match binding {
            Binding::Output(index) => Ok(&self.outputs[index]),
            Binding::Tensor(index, part) => {
                let pack = &self.planned[index].pack;
                let missing = || GpuError::Tensor {
                    name: pack.label().to_owned(),
                    reason: "it was not uploaded with the network".to_owned(),
                };
                let over = self.overriding_tensors.and_then(|over| over.buffer(pack, part));
                over.or_else(|| self.tensors.buffer(pack, part)).ok_or_else(missing)
            }
            Binding::Extents => Ok(self.extents),
            Binding::Reductions => Ok(self.reductions),
        }
    }
}

/// The uniforms of dispatches, one after the other in one buffer.
#[derive(Debug)]
pub(super) struct Uniforms {
    buffer: OwnedBuffer,
    /// The distance from one uniform to the next, in bytes.
    stride: u64,
}

impl Uniforms {
    /// Stores the uniforms of `dispatches`.
    fn new<'a>(gpu: &Gpu, dispatches: impl Iterator<Item = &'a Dispatch> + Clone) -> Self {
        // The alignment of offsets alone is not enough as the stride: on some adapters it is smaller than a uniform.
        let longest = dispatches.clone().map(|dispatch| dispatch.params.len() as u64).max().unwrap_or(0);
        let alignment = gpu.device.limits().min_uniform_buffer_offset_alignment;
        let stride = longest.next_multiple_of(u64::from(alignment)).max(16);
        let buffer = gpu.device.create_buffer_init(&wgpu::util::BufferInitDescriptor {
            label: Some("uniforms"),
            contents: &uniform_bytes(dispatches, stride),
            usage: wgpu::BufferUsages::UNIFORM | wgpu::BufferUsages::COPY_DST,
        });
        Self { buffer: buffer.into(), stride }
    }

    /// Replaces the uniforms by those of `dispatches`, which have the same kernels as those before.
    pub(super) fn write<'a>(&self, gpu: &Gpu, dispatches: impl Iterator<Item = &'a Dispatch>) {
        gpu.queue.write_buffer(&self.buffer, 0, &uniform_bytes(dispatches, self.stride));
    }
}

/// Returns the uniforms of `dispatches`, each at a multiple of `stride`.
fn uniform_bytes<'a>(dispatches: impl Iterator<Item = &'a Dispatch>, stride: u64) -> Vec<u8> {
    let mut bytes = Vec::new();
    for (index, dispatch) in dispatches.enumerate() {
        bytes.resize(index * stride as usize, 0);
        bytes.extend(&dispatch.params);
    }
    bytes.resize(bytes.len().next_multiple_of(stride as usize).max(16), 0);
    bytes
}

/// Bound dispatches, and their uniforms.
#[derive(Debug)]
pub(super) struct BoundDispatches {
    pub(super) dispatches: Vec<BoundDispatch>,
    pub(super) uniforms: Uniforms,
}

/// Binds `dispatches` and stores their uniforms in one buffer.
pub(super) fn bind<'a>(
    gpu: &Gpu,
    dispatches: impl Iterator<Item = &'a Dispatch> + Clone,
    buffers: &BindableBuffers,
) -> Result<BoundDispatches, GpuError> {
    let max_workgroups = gpu.device.limits().max_compute_workgroups_per_dimension;
    let uniforms = Uniforms::new(gpu, dispatches.clone());
    let bound = |(index, dispatch): (usize, &Dispatch)| {
        let pipeline = gpu.pipeline(dispatch.kernel).clone();
        let params = wgpu::BindingResource::Buffer(wgpu::BufferBinding {
            buffer: &uniforms.buffer,
            offset: index as u64 * uniforms.stride,
            size: wgpu::BufferSize::new(dispatch.params.len() as u64),
        });
        let mut entries = vec![wgpu::BindGroupEntry { binding: 0, resource: params }];
        for (binding, bound) in (1..).zip(&dispatch.bindings) {
            let resource = buffers.get(*bound)?.as_entire_binding();
            entries.push(wgpu::BindGroupEntry { binding, resource });
        }
        let bindings = gpu.device.create_bind_group(&wgpu::BindGroupDescriptor {
            label: Some(dispatch.kernel.name()),
            layout: &pipeline.get_bind_group_layout(0),
            entries: &entries,
        });
        let workgroups = grid(dispatch.workgroups, max_workgroups);
        Ok(BoundDispatch { kernel: dispatch.kernel, node: dispatch.node, pipeline, bindings, workgroups })
    };
    let dispatches = dispatches.enumerate().map(bound).collect::<Result<Vec<_>, GpuError>>()?;
    Ok(BoundDispatches { dispatches, uniforms })
}

/// Returns a grid of two dimensions with room for `workgroups`.
fn grid(workgroups: usize, most: u32) -> [u32; 2] {
    let rows = workgroups.div_ceil(most as usize).max(1);
    [workgroups.div_ceil(rows) as u32, rows as u32]
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
