//! Buffers that free their memory when they are dropped.

use std::ops::Deref;

use super::device::Gpu;
use super::error::GpuError;

/// The size of an F32 value in bytes.
pub(super) const F32_BYTES: u64 = 4;

/// A buffer that is destroyed when it is dropped.
///
/// A browser would free its memory at its next garbage collection, which may be late: it takes buffers for small
/// objects, although they hold hundreds of megabytes.
#[derive(Debug)]
pub(super) struct OwnedBuffer(wgpu::Buffer);

impl From<wgpu::Buffer> for OwnedBuffer {
    fn from(buffer: wgpu::Buffer) -> Self {
        Self(buffer)
    }
}

impl Deref for OwnedBuffer {
    type Target = wgpu::Buffer;

    fn deref(&self) -> &wgpu::Buffer {
        &self.0
    }
}

impl Drop for OwnedBuffer {
    fn drop(&mut self) {
        self.0.destroy();
    }
}

/// Creates a storage buffer.
///
/// # Errors
/// [`GpuError::TooLarge`] if it exceeds the adapter's limit.
pub(super) fn storage(gpu: &Gpu, label: &str, bytes: u64) -> Result<OwnedBuffer, GpuError> {
    let has = gpu.max_buffer_bytes();
    if bytes > has {
        return Err(GpuError::TooLarge { what: label.to_owned(), needs: bytes, has });
    }
    let buffer = gpu.device.create_buffer(&wgpu::BufferDescriptor {
        label: Some(label),
        size: bytes.max(16),
        usage: wgpu::BufferUsages::STORAGE | wgpu::BufferUsages::COPY_SRC | wgpu::BufferUsages::COPY_DST,
        mapped_at_creation: false,
    });
    Ok(buffer.into())
}
