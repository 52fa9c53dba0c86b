//! The weights of a network on the device.

use super::buffers::{F32_BYTES, OwnedBuffer, storage};
use super::device::Gpu;
use super::error::GpuError;
use super::pack::{TensorPacking, TensorRows};
use super::plan::PackedTensor;

/// The most bytes to write to the GPU at once.
const UPLOAD_CHUNK_BYTES: usize = 4 << 20;
/// The most bytes to write before waiting for them: until then the queue keeps a copy.
const MAX_IN_FLIGHT_BYTES: usize = 16 << 20;

/// Tensors on the device, each in one or more buffers.
#[derive(Debug, Default)]
pub(super) struct DeviceTensors {
    tensors: Vec<PackedTensor>,
    buffers: Vec<Vec<OwnedBuffer>>,
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

    /// Records the copying of all these tensors from `source`, which has them too.
    pub(super) fn copy_from(&self, source: &Self, encoder: &mut wgpu::CommandEncoder) {
        for (tensor, buffers) in self.tensors.iter().zip(&self.buffers) {
            for (part, to) in buffers.iter().enumerate() {
                if let Some(from) = source.buffer(&tensor.pack, part) {
                    encoder.copy_buffer_to_buffer(from, 0, to, 0, to.size());
                }
            }
        }
    }

    /// Returns the buffer of a part of a packed tensor, if it is on the device.
    pub(super) fn buffer(&self, pack: &TensorPacking, part: usize) -> Option<&wgpu::Buffer> {
        let index = self.tensors.iter().position(|tensor| tensor.pack == *pack)?;
        self.buffers[index].get(part).map(|buffer| &**buffer)
    }

    /// Returns the bytes of all packed tensors.
    pub(super) fn bytes(tensors: &[PackedTensor]) -> u64 {
        tensors.iter().map(|tensor| (tensor.pack.rows() * tensor.pack.row_values()) as u64 * F32_BYTES).sum()
    }
}
