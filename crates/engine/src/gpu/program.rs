//! A plan on the device: buffers, uniforms and bindings, ready to be recorded.

use wgpu::util::DeviceExt;

use super::device::Gpu;
use super::error::GpuError;
use super::kernel::Kernel;
use super::pack::{TensorPacking, TensorRows};
use super::plan::{Binding, Dispatch, PackedTensor};
use net::NodeId;

/// The size of an F32 value in bytes.
pub(super) const F32_BYTES: u64 = 4;
/// The most bytes to write to the GPU at once.
const UPLOAD_CHUNK_BYTES: usize = 4 << 20;
/// The most bytes to write before waiting for them: until then the queue keeps a copy.
const MAX_IN_FLIGHT_BYTES: usize = 16 << 20;

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

/// Tensors on the device, each in one or more buffers.
#[derive(Debug, Default)]
pub(super) struct DeviceTensors {
    tensors: Vec<PackedTensor>,
    buffers: Vec<Vec<wgpu::Buffer>>,
}

impl DeviceTensors {
    /// Creates empty buffers for `tensors`.
    pub(super) fn new(gpu: &Gpu, tensors: Vec<PackedTensor>) -> Result<Self, GpuError> {
        let part = |tensor: &PackedTensor, rows: usize| {
            let bytes = (rows * tensor.pack.row_values()) as u64 * F32_BYTES;
            storage(gpu, tensor.pack.label(), bytes)
        };
        let all = |tensor: &PackedTensor| tensor.parts.iter().map(|rows| part(tensor, rows.len())).collect();
        let buffers = tensors.iter().map(all).collect::<Result<_, _>>()?;
        Ok(Self { tensors, buffers })
    }

    /// Uploads the tensors, a few megabytes at a time.
    pub(super) async fn upload(&self, gpu: &Gpu, source: &impl TensorRows) -> Result<(), GpuError> {
        let mut in_flight = 0;
        for (tensor, buffers) in self.tensors.iter().zip(&self.buffers) {
            let row_bytes = tensor.pack.row_values() * F32_BYTES as usize;
            let most = (UPLOAD_CHUNK_BYTES / row_bytes.max(1)).max(1);
            for (part, buffer) in tensor.parts.iter().zip(buffers) {
                for start in part.clone().step_by(most) {
                    let rows = start..part.end.min(start + most);
                    let values = tensor.pack.values(source, rows).await?;
                    let at = ((start - part.start) * row_bytes) as u64;
                    gpu.health.check()?;
                    gpu.queue.write_buffer(buffer, at, bytemuck::cast_slice(&values));
                    in_flight += values.len() * F32_BYTES as usize;
                    if in_flight > MAX_IN_FLIGHT_BYTES {
                        gpu.queue.submit([]);
                        gpu.idle().await?;
                        in_flight = 0;
                    }
                }
            }
        }
        Ok(())
    }

    /// Copies `tensors`, some of those on the device, into new buffers.
    pub(super) fn copy(&self, gpu: &Gpu, tensors: Vec<PackedTensor>) -> Result<Self, GpuError> {
        let copy = Self::new(gpu, tensors)?;
        let mut encoder = gpu.device.create_command_encoder(&wgpu::CommandEncoderDescriptor { label: Some("copy") });
        for (tensor, buffers) in copy.tensors.iter().zip(&copy.buffers) {
            for (part, to) in buffers.iter().enumerate() {
                if let Some(from) = self.buffer(&tensor.pack, part) {
                    encoder.copy_buffer_to_buffer(from, 0, to, 0, to.size());
                }
            }
        }
        gpu.queue.submit([encoder.finish()]);
        Ok(copy)
    }

    /// Returns the buffer of a part of a packed tensor, if it is on the device.
    fn buffer(&self, pack: &TensorPacking, part: usize) -> Option<&wgpu::Buffer> {
        let place = self.tensors.iter().position(|tensor| tensor.pack == *pack)?;
        self.buffers[place].get(part)
    }

    /// Returns all buffers.
    pub(super) fn buffers(&self) -> impl Iterator<Item = &wgpu::Buffer> {
        self.buffers.iter().flatten()
    }

    /// Returns the bytes of all packed tensors.
    pub(super) fn bytes(tensors: &[PackedTensor]) -> u64 {
        tensors.iter().map(|tensor| (tensor.pack.rows() * tensor.pack.row_values()) as u64 * F32_BYTES).sum()
    }
}

/// The buffers that dispatches may bind.
pub(super) struct BindableBuffers<'a> {
    pub(super) outputs: &'a [wgpu::Buffer],
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
            Binding::Output(place) => Ok(&self.outputs[place]),
            Binding::Tensor(place, part) => {
                let pack = &self.planned[place].pack;
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

/// Bound dispatches, and the buffer that holds their uniforms.
#[derive(Debug)]
pub(super) struct BoundDispatches {
    pub(super) steps: Vec<BoundDispatch>,
    pub(super) uniforms: wgpu::Buffer,
}

/// Binds `dispatches` and stores their uniforms in one buffer.
pub(super) fn bind<'a>(
    gpu: &Gpu,
    dispatches: impl Iterator<Item = &'a Dispatch> + Clone,
    buffers: &BindableBuffers,
) -> Result<BoundDispatches, GpuError> {
    let limits = gpu.device.limits();
    // The alignment of offsets alone is not enough as the stride: on some adapters it is smaller than a uniform.
    let longest = dispatches.clone().map(|dispatch| dispatch.params.len() as u64).max().unwrap_or(0);
    let stride = longest.next_multiple_of(u64::from(limits.min_uniform_buffer_offset_alignment)).max(16);
    let uniforms = uniforms(gpu, dispatches.clone(), stride);
    let step = |(place, dispatch): (usize, &Dispatch)| {
        let pipeline = gpu.pipeline(dispatch.kernel).clone();
        let params = wgpu::BindingResource::Buffer(wgpu::BufferBinding {
            buffer: &uniforms,
            offset: place as u64 * stride,
            size: wgpu::BufferSize::new(dispatch.params.len() as u64),
        });
        let mut entries = vec![wgpu::BindGroupEntry { binding: 0, resource: params }];
        for (binding, place) in (1..).zip(&dispatch.bindings) {
            let resource = buffers.get(*place)?.as_entire_binding();
            entries.push(wgpu::BindGroupEntry { binding, resource });
        }
        let bindings = gpu.device.create_bind_group(&wgpu::BindGroupDescriptor {
            label: Some(dispatch.kernel.name()),
            layout: &pipeline.get_bind_group_layout(0),
            entries: &entries,
        });
        let workgroups = grid(dispatch.workgroups, limits.max_compute_workgroups_per_dimension);
        Ok(BoundDispatch { kernel: dispatch.kernel, node: dispatch.node, pipeline, bindings, workgroups })
    };
    let steps = dispatches.enumerate().map(step).collect::<Result<Vec<_>, GpuError>>()?;
    Ok(BoundDispatches { steps, uniforms })
}

/// Returns a grid of two dimensions with room for `workgroups`.
fn grid(workgroups: usize, most: u32) -> [u32; 2] {
    let rows = workgroups.div_ceil(most as usize).max(1);
    [workgroups.div_ceil(rows) as u32, rows as u32]
}

/// Creates a storage buffer.
pub(super) fn storage(gpu: &Gpu, label: &str, bytes: u64) -> Result<wgpu::Buffer, GpuError> {
    let has = gpu.max_buffer_bytes();
    if bytes > has {
        return Err(GpuError::TooLarge { what: label.to_owned(), needs: bytes, has });
    }
    Ok(gpu.device.create_buffer(&wgpu::BufferDescriptor {
        label: Some(label),
        size: bytes.max(16),
        usage: wgpu::BufferUsages::STORAGE | wgpu::BufferUsages::COPY_SRC | wgpu::BufferUsages::COPY_DST,
        mapped_at_creation: false,
    }))
}

/// Creates the buffer of uniforms, each at a multiple of `stride`.
fn uniforms<'a>(gpu: &Gpu, dispatches: impl Iterator<Item = &'a Dispatch>, stride: u64) -> wgpu::Buffer {
    let mut contents = Vec::new();
    for (place, dispatch) in dispatches.enumerate() {
        contents.resize(place * stride as usize, 0);
        contents.extend(&dispatch.params);
    }
    contents.resize(contents.len().next_multiple_of(stride as usize).max(16), 0);
    let usage = wgpu::BufferUsages::UNIFORM;
    gpu.device.create_buffer_init(&wgpu::util::BufferInitDescriptor {
        label: Some("uniforms"),
        contents: &contents,
        usage,
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
