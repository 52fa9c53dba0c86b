//! Waits for submitted passes and reads their values.

use std::rc::Rc;
use std::sync::Arc;

use super::buffers::{F32_BYTES, OwnedBuffer};
use super::callback::{CallbackFuture, CallbackSender};
use super::device::Gpu;
use super::device_health::DeviceHealth;
use super::error::GpuError;
use super::pass_schedule::PassSchedule;
use super::staging::StagingPool;
use super::timer;
use crate::clock::Stopwatch;
use crate::{Extent, OutputSlice};
use net::NodeId;

/// The values to read back. Nothing by default.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct ReadbackRequest {
    /// Slices of nodes' outputs.
    pub slices: Vec<OutputSlice>,
    /// Reads all extents if true.
    pub extents: bool,
}

/// The values read back.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct PassReadback {
    /// The slices, in the order of the request.
    pub slices: Vec<Vec<f32>>,
    /// All extents, in the order of the table of maps. Empty if not requested.
    pub extents: Vec<Extent>,
    /// The milliseconds of each segment by the GPU's clock, with the node whose output it computes.
    ///
    /// Empty if not requested or if the adapter has no such clock. Browsers may round the times to 0.1 ms.
    pub times: Vec<(NodeId, f64)>,
    /// The number of kernels that ran for outputs. Kernels that measure or draw are not counted.
    pub dispatches: usize,
    /// The milliseconds from submitting the pass, or its last part, to having the values (or, if none were requested,
    /// to the end of the pass).
    pub elapsed_ms: f64,
}

/// A submitted pass. It owns all it needs, so that nothing stays borrowed while it is awaited.
#[derive(Debug)]
pub struct PendingPass {
    #[cfg(not(target_arch = "wasm32"))]
    device: wgpu::Device,
    health: Arc<DeviceHealth>,
    staging: StagingPool,
    stopwatch: Stopwatch,
    /// Resolves to `true` when the pass is done, and to `false` if the mapping failed.
    done: CallbackFuture<bool>,
    buffer: Option<OwnedBuffer>,
    lengths: Vec<usize>,
    pub(super) extents: usize,
    /// The schedule of the timed segments, and the nanoseconds per tick of the clock.
    pub(super) timed: Option<(Rc<PassSchedule>, f32)>,
    dispatches: usize,
}

impl PendingPass {
    /// Returns the future of the last submit. It will read slices of `lengths` out of the first bytes of `buffer`.
    pub(super) fn new(
        gpu: &Gpu,
        staging: &StagingPool,
        stopwatch: Stopwatch,
        buffer: Option<(OwnedBuffer, u64)>,
        lengths: Vec<usize>,
        dispatches: usize,
    ) -> Self {
        let (sender, done) = CallbackSender::channel(&gpu.health);
        match &buffer {
            Some((buffer, bytes)) => {
                buffer.map_async(wgpu::MapMode::Read, ..*bytes, move |result| sender.send(result.is_ok()));
            }
            None => gpu.queue.on_submitted_work_done(move || sender.send(true)),
        }
        Self {
            #[cfg(not(target_arch = "wasm32"))]
            device: gpu.device.clone(),
            health: Arc::clone(&gpu.health),
            staging: staging.clone(),
            stopwatch,
            done,
            buffer: buffer.map(|(buffer, _)| buffer),
            lengths,
            extents: 0,
            timed: None,
            dispatches,
        }
    }

    /// Returns the number of kernels that run for outputs. Kernels that measure or draw are not counted.
    pub fn dispatches(&self) -> usize {
        self.dispatches
    }

    /// Waits for the pass and returns the values. In a browser this yields to the page; natively it blocks.
    ///
    /// # Errors
    /// [`GpuError::Lost`] if the device is lost meanwhile, [`GpuError::Readback`] if the mapping fails, and errors of
    /// the pass's commands.
    pub async fn finish(self) -> Result<PassReadback, GpuError> {
        #[cfg(not(target_arch = "wasm32"))]
        if let Err(error) = self.device.poll(wgpu::PollType::wait_indefinitely()) {
            self.health.check()?;
            return Err(GpuError::Readback { reason: error.to_string() });
        }
        let done = self.done.await;
        self.health.check()?;
        match done {
            Some(true) => {}
            // A staging buffer is mapped once and not destroyed meanwhile, so its mapping fails only if the device is
            // lost.
            Some(false) => return Err(GpuError::Lost { reason: "a readback was broken off".to_owned() }),
            None => return Err(GpuError::Readback { reason: "no answer came".to_owned() }),
        }
        let mut reading = PassReadback { dispatches: self.dispatches, ..PassReadback::default() };
        if let Some(buffer) = self.buffer {
            let values: usize = self.lengths.iter().sum();
            let extents = self.extents * size_of::<Extent>();
            let times =
                self.timed.as_ref().map_or(0, |(pass_schedule, _)| 2 * pass_schedule.len() as u64 * timer::TICK_BYTES);
            let bytes = values as u64 * F32_BYTES + extents as u64 + times;
            {
                let view = buffer
                    .get_mapped_range(..bytes)
                    .map_err(|error| GpuError::Readback { reason: error.to_string() })?;
                let (numbers, rest) = view.split_at(values * F32_BYTES as usize);
                let (extents, times) = rest.split_at(extents);
                let mut numbers: &[u8] = numbers;
                for &length in &self.lengths {
                    let (mine, rest) = numbers.split_at(length * F32_BYTES as usize);
                    reading.slices.push(bytemuck::pod_collect_to_vec(mine));
                    numbers = rest;
                }
                reading.extents = bytemuck::pod_collect_to_vec(extents);
                if let Some((pass_schedule, period)) = &self.timed {
                    reading.times = timer::times(pass_schedule, times, *period);
                }
            }
            buffer.unmap();
            self.staging.put(buffer);
        } else {
            reading.slices = self.lengths.iter().map(|_| Vec::new()).collect();
        }
        reading.elapsed_ms = self.stopwatch.elapsed_ms();
        Ok(reading)
    }
}
