//! Times the segments of a pass with the GPU's clock, if the adapter supports it.

use super::device::Gpu;
use super::pass_schedule::PassSchedule;
use net::NodeId;

/// The greatest number of queries per set in the WebGPU specification.
const MAX_QUERIES: usize = 4096;
/// The size of a timestamp in bytes.
pub(super) const TICK_BYTES: u64 = 8;

/// Two timestamps per segment, and the buffer through which they are copied.
#[derive(Debug)]
pub(super) struct SegmentTimer {
    queries: wgpu::QuerySet,
    resolved: wgpu::Buffer,
    segments: usize,
}

impl Drop for SegmentTimer {
    fn drop(&mut self) {
        self.resolved.destroy();
        self.queries.destroy();
    }
}

impl SegmentTimer {
    /// Returns `None` if the adapter has no such clock, or if the pass has more segments than one query set can time.
    pub(super) fn new(gpu: &Gpu, pass_schedule: &PassSchedule) -> Option<Self> {
        let count = 2 * pass_schedule.len();
        if !gpu.device.features().contains(wgpu::Features::TIMESTAMP_QUERY) || !(1..=MAX_QUERIES).contains(&count) {
            return None;
        }
        let (label, ty) = (Some("times"), wgpu::QueryType::Timestamp);
        let queries = gpu.device.create_query_set(&wgpu::QuerySetDescriptor { label, ty, count: count as u32 });
        let resolved = gpu.device.create_buffer(&wgpu::BufferDescriptor {
            label,
            size: count as u64 * TICK_BYTES,
            usage: wgpu::BufferUsages::QUERY_RESOLVE | wgpu::BufferUsages::COPY_SRC,
            mapped_at_creation: false,
        });
        Some(Self { queries, resolved, segments: pass_schedule.len() })
    }

    /// Returns the descriptor that times a compute pass as segment `segment`.
    pub(super) fn writes(&self, segment: usize) -> wgpu::ComputePassTimestampWrites<'_> {
        let begin = 2 * segment as u32;
        wgpu::ComputePassTimestampWrites {
            query_set: &self.queries,
            beginning_of_pass_write_index: Some(begin),
            end_of_pass_write_index: Some(begin + 1),
        }
    }

    /// Returns the bytes of all timestamps.
    pub(super) fn bytes(&self) -> u64 {
        2 * self.segments as u64 * TICK_BYTES
    }

    /// Copies the timestamps to `staging`, from byte `at` on.
    pub(super) fn copy(&self, encoder: &mut wgpu::CommandEncoder, staging: &wgpu::Buffer, at: u64) {
        encoder.resolve_query_set(&self.queries, 0..2 * self.segments as u32, &self.resolved, 0);
        encoder.copy_buffer_to_buffer(&self.resolved, 0, staging, at, self.bytes());
    }
}

/// Returns the milliseconds of each segment from the bytes of all timestamps. `period` is the nanoseconds per tick.
pub(super) fn times(pass_schedule: &PassSchedule, bytes: &[u8], period: f32) -> Vec<(NodeId, f64)> {
    let ticks: Vec<u64> = bytemuck::pod_collect_to_vec(bytes);
    let segments = ticks.chunks_exact(2).enumerate();
    // A driver may set the clock back between two timestamps. Count such a segment as 0 ms.
    segments
        .filter_map(|(segment, of)| {
            let ticks = of[1].saturating_sub(of[0]);
            Some((pass_schedule.node(segment)?, ticks as f64 * f64::from(period) / 1e6))
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use net::network;

    #[test]
    fn ticks_become_milliseconds_of_nodes() {
        let graph = network("lenet5").expect("should be declared");
        let pass_schedule = PassSchedule::new(&graph, [1, 2].map(NodeId).into_iter());
        let ticks: [u64; 4] = [1_000, 2_001_000, 9_000, 8_000];
        let times = times(&pass_schedule, bytemuck::cast_slice(&ticks), 0.5);
        assert_eq!(times, [(NodeId(1), 1.0), (NodeId(2), 0.0)]);
    }
}
