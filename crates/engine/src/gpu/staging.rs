//! A pool of buffers for readback.

use std::cell::RefCell;
use std::rc::Rc;

/// The buffers that are not in use. Clones share the pool.
#[derive(Debug, Clone, Default)]
pub(super) struct StagingPool(Rc<FreeBuffers>);

/// The pooled buffers, freed with the last clone.
#[derive(Debug, Default)]
struct FreeBuffers(RefCell<Vec<wgpu::Buffer>>);

impl Drop for FreeBuffers {
    /// Frees the buffers now. A browser would wait for its garbage collection.
    fn drop(&mut self) {
        self.0.get_mut().iter().for_each(wgpu::Buffer::destroy);
    }
}

/// The most buffers to pool. More than a few are never in use at once, and memory matters more than an allocation.
const MAX_POOLED: usize = 4;

impl StagingPool {
    /// Returns a buffer of at least `bytes`.
    pub(super) fn take(&self, device: &wgpu::Device, bytes: u64) -> wgpu::Buffer {
        let mut free = self.0.0.borrow_mut();
        if let Some(i) = free.iter().position(|buffer| buffer.size() >= bytes) {
            return free.swap_remove(i);
        }
        device.create_buffer(&wgpu::BufferDescriptor {
            label: Some("staging"),
            size: bytes.next_power_of_two().max(1024),
            usage: wgpu::BufferUsages::COPY_DST | wgpu::BufferUsages::MAP_READ,
            mapped_at_creation: false,
        })
    }

    /// Returns an unmapped buffer to the pool.
    pub(super) fn put(&self, buffer: wgpu::Buffer) {
        let mut free = self.0.0.borrow_mut();
        if free.len() < MAX_POOLED {
            free.push(buffer);
        } else {
            buffer.destroy();
        }
    }
}
