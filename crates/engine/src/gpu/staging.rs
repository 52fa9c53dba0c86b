//! Buffers for reading back, used again instead of made anew.

use std::cell::RefCell;
use std::rc::Rc;

/// Buffers that nobody reads at the moment. Clones share them.
#[derive(Debug, Clone, Default)]
pub(super) struct Staging(Rc<Free>);

#[derive(Debug, Default)]
struct Free(RefCell<Vec<wgpu::Buffer>>);

impl Drop for Free {
    /// A browser would free them with its garbage, at some time.
    fn drop(&mut self) {
        self.0.get_mut().iter().for_each(wgpu::Buffer::destroy);
    }
}

/// More than a few are never in flight; beyond that, memory is worth more than an allocation.
const KEPT: usize = 4;

impl Staging {
    /// A buffer of at least `bytes`.
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

    /// Gives an unmapped buffer back.
    pub(super) fn put(&self, buffer: wgpu::Buffer) {
        let mut free = self.0.0.borrow_mut();
        if free.len() < KEPT {
            free.push(buffer);
        } else {
            buffer.destroy();
        }
    }
}
