//! Times the legs of a pass with the GPU's own clock, where the adapter lets us.

use super::course::Course;
use super::device::Gpu;
use net::NodeId;

/// The most queries that a set may have, by the specification of WebGPU.
const MOST_QUERIES: usize = 4096;
/// Bytes of one reading of the clock.
pub(super) const TICK_BYTES: u64 = 8;

/// Two readings of the clock for every leg, and what they are copied through.
#[derive(Debug)]
pub(super) struct Timer {
    queries: wgpu::QuerySet,
    resolved: wgpu::Buffer,
    legs: usize,
}

impl Drop for Timer {
    fn drop(&mut self) {
        self.resolved.destroy();
        self.queries.destroy();
    }
}

impl Timer {
    /// None where the adapter has no such clock, or the course more legs than can be timed at once.
    pub(super) fn new(gpu: &Gpu, course: &Course) -> Option<Self> {
        let count = 2 * course.len();
        if !gpu.device.features().contains(wgpu::Features::TIMESTAMP_QUERY) || !(1..=MOST_QUERIES).contains(&count) {
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
        Some(Self { queries, resolved, legs: course.len() })
    }

    /// What has a compute pass timed as a leg.
    pub(super) fn writes(&self, leg: usize) -> wgpu::ComputePassTimestampWrites<'_> {
        let begin = 2 * leg as u32;
        wgpu::ComputePassTimestampWrites {
            query_set: &self.queries,
            beginning_of_pass_write_index: Some(begin),
            end_of_pass_write_index: Some(begin + 1),
        }
    }

    /// Bytes of all readings.
    pub(super) fn bytes(&self) -> u64 {
        2 * self.legs as u64 * TICK_BYTES
    }

    /// Has the readings copied to `staging`, from byte `at` on.
    pub(super) fn copy(&self, encoder: &mut wgpu::CommandEncoder, staging: &wgpu::Buffer, at: u64) {
        encoder.resolve_query_set(&self.queries, 0..2 * self.legs as u32, &self.resolved, 0);
        encoder.copy_buffer_to_buffer(&self.resolved, 0, staging, at, self.bytes());
    }
}

/// The milliseconds of each leg, out of all readings; `period` are the nanoseconds of a tick.
pub(super) fn times(course: &Course, bytes: &[u8], period: f32) -> Vec<(NodeId, f64)> {
    let ticks: Vec<u64> = bytemuck::pod_collect_to_vec(bytes);
    let legs = ticks.chunks_exact(2).enumerate();
    // Drivers may set the clock back between two readings: that is no time.
    legs.filter_map(|(leg, of)| {
        let ticks = of[1].saturating_sub(of[0]);
        Some((course.node(leg)?, ticks as f64 * f64::from(period) / 1e6))
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
        let course = Course::new(&graph, [1, 2].map(NodeId).into_iter());
        let ticks: [u64; 4] = [1_000, 2_001_000, 9_000, 8_000];
        let times = times(&course, bytemuck::cast_slice(&ticks), 0.5);
        assert_eq!(times, [(NodeId(1), 1.0), (NodeId(2), 0.0)]);
    }
}
