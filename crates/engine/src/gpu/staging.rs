//! A pool of buffers for readback.

use std::cell::RefCell;
use std::rc::Rc;

use super::buffers::OwnedBuffer;
use super::device::Gpu;
use super::error::GpuError;

/// The most buffers to pool. More than a few are never in use at once, and memory matters more than an allocation.
const MAX_POOLED: usize = 4;
/// The most bytes to pool. A larger readback is rare, so its buffer is freed after use.
const MAX_POOLED_BYTES: u64 = 32 << 20;
/// The size of the smallest buffer in bytes.
const MIN_BYTES: u64 = 1024;

/// The buffers that are not in use. Clones share the pool.
#[derive(Debug, Clone, Default)]
pub(super) struct StagingPool(Rc<RefCell<FreeBuffers<OwnedBuffer>>>);

/// Free buffers with their sizes, from the one that is free longest to the newest.
#[derive(Debug)]
struct FreeBuffers<B>(Vec<(u64, B)>);

impl<B> Default for FreeBuffers<B> {
    fn default() -> Self {
        Self(Vec::new())
    }
}

impl<B> FreeBuffers<B> {
    /// Takes out a buffer of exactly this size.
    fn take(&mut self, size: u64) -> Option<B> {
        let index = self.0.iter().rposition(|(free, _)| *free == size)?;
        Some(self.0.remove(index).1)
    }

    /// Adds a buffer. Drops it if it is too large to keep, or else those that are free longest until the rest is within
    /// the limits.
    fn put(&mut self, size: u64, buffer: B) {
        if size > MAX_POOLED_BYTES {
            return;
        }
        self.0.push((size, buffer));
        while self.0.len() > MAX_POOLED || self.0.iter().map(|(size, _)| size).sum::<u64>() > MAX_POOLED_BYTES {
            self.0.remove(0);
        }
    }
}

/// Returns the size of the buffer for a readback of `bytes`: a power of two, so that similar readbacks share a buffer,
/// or exactly `bytes` if the power of two exceeds `max_bytes`.
fn size_class(bytes: u64, max_bytes: u64) -> u64 {
    match bytes.max(MIN_BYTES).checked_next_power_of_two() {
        Some(size) if size <= max_bytes => size,
        _ => bytes,
    }
}

impl StagingPool {
    /// Returns a buffer of at least `bytes`.
    ///
    /// # Errors
    /// [`GpuError::TooLarge`] if the adapter has no buffers of this size.
    pub(super) fn take(&self, gpu: &Gpu, bytes: u64) -> Result<OwnedBuffer, GpuError> {
        let max_bytes = gpu.device.limits().max_buffer_size;
        if bytes > max_bytes {
            return Err(GpuError::TooLarge { what: "a readback".to_owned(), needs: bytes, has: max_bytes });
        }
        let size = size_class(bytes, max_bytes);
        if let Some(buffer) = self.0.borrow_mut().take(size) {
            return Ok(buffer);
        }
        let buffer = gpu.device.create_buffer(&wgpu::BufferDescriptor {
            label: Some("staging"),
            size,
            usage: wgpu::BufferUsages::COPY_DST | wgpu::BufferUsages::MAP_READ,
            mapped_at_creation: false,
        });
        Ok(buffer.into())
    }

    /// Returns an unmapped buffer to the pool.
    pub(super) fn put(&self, buffer: OwnedBuffer) {
        self.0.borrow_mut().put(buffer.size(), buffer);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const MIB: u64 = 1 << 20;

    fn sizes(free: &FreeBuffers<()>) -> Vec<u64> {
        free.0.iter().map(|(size, ())| *size).collect()
    }

    #[test]
    fn sizes_are_powers_of_two_within_the_limit() {
        assert_eq!(size_class(4, 256 * MIB), MIN_BYTES);
        assert_eq!(size_class(1025, 256 * MIB), 2048);
        assert_eq!(size_class(200 * MIB, 256 * MIB), 256 * MIB);
        // The next power of two would exceed the limit.
        assert_eq!(size_class(200 * MIB, 255 * MIB), 200 * MIB);
        assert_eq!(size_class(3 << 62, u64::MAX), 3 << 62);
    }

    #[test]
    fn a_small_readback_does_not_take_a_large_buffer() {
        let mut free = FreeBuffers::default();
        free.put(16 * MIB, ());
        assert_eq!(free.take(MIN_BYTES), None);
        assert_eq!(free.take(16 * MIB), Some(()));
        assert_eq!(free.take(16 * MIB), None);
    }

    #[test]
    fn the_pool_keeps_few_buffers_and_few_bytes() {
        let mut free = FreeBuffers::default();
        free.put(64 * MIB, ());
        assert!(sizes(&free).is_empty());
        for size in [MIB, 2 * MIB, 4 * MIB, 8 * MIB, 16 * MIB] {
            free.put(size, ());
        }
        assert_eq!(sizes(&free), [2, 4, 8, 16].map(|size| size * MIB));
        // The buffers that are free longest are freed first.
        free.put(16 * MIB, ());
        assert_eq!(sizes(&free), [16 * MIB, 16 * MIB]);
    }
}
