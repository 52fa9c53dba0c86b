//! Runs passes: in one submit with at most one readback, or in several submits of one part each.
//!
//! A submit is one command buffer: a compute pass with the dispatches, the commands of the painter, and copies of the
//! requested values into one staging buffer, which is mapped once. Where the adapter has a clock, each node can be
//! timed in a compute pass of its own.

use std::future::Future;
use std::ops::Range;
use std::rc::Rc;
use std::sync::Arc;

use super::callback::{CallbackFuture, CallbackSender};
use super::clock::Stopwatch;
use super::device_health::DeviceHealth;
use super::error::GpuError;
use super::network::{ExtraProgram, GpuNetwork};
use super::pass_schedule::PassSchedule;
use super::program::{BoundDispatch, F32_BYTES};
use super::staging::StagingPool;
use super::timer::{self, SegmentTimer};
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

/// A part of a pass. The parts of a pass are submitted in order, with no part of another pass between them.
#[derive(Debug, Clone)]
pub struct PassPart<'a> {
    /// The preprocessed input, `[channels, height, width]`, for the part that begins the pass.
    pub input: Option<&'a [f32]>,
    /// The schedule of the pass: [`GpuNetwork::pass_schedule`], or a part of it if the other outputs exist from the last pass.
    pub pass_schedule: &'a PassSchedule,
    /// The segments of the schedule to run.
    pub segments: Range<usize>,
    /// Times each segment of a whole pass with the GPU's clock, if it has one. The last part reads the times.
    pub timed: bool,
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
    buffer: Option<wgpu::Buffer>,
    lengths: Vec<usize>,
    extents: usize,
    /// The schedule of the timed segments, and the nanoseconds per tick of the clock.
    timed: Option<(Rc<PassSchedule>, f32)>,
    dispatches: usize,
}

impl GpuNetwork {
    /// Submits a pass: writes `input`, runs every kernel, measures the extent of every map, and records the commands of
    /// `paint` after them in the same submit.
    ///
    /// `input` is preprocessed, `[channels, height, width]`.
    ///
    /// # Errors
    /// [`GpuError::Input`] and [`GpuError::Slice`] for sizes that do not fit, [`GpuError::Lost`] if the device is lost,
    /// and errors of earlier commands.
    pub fn submit(
        &self,
        input: &[f32],
        read: &ReadbackRequest,
        paint: Option<&mut dyn FnMut(&mut wgpu::CommandEncoder)>,
    ) -> Result<PendingPass, GpuError> {
        let (pass_schedule, segments) = (&self.pass_schedule, 0..self.pass_schedule.len());
        self.submit_part(&PassPart { input: Some(input), pass_schedule, segments, timed: false }, read, paint)
    }

    /// Submits a part of a pass: runs its segments, measures the maps of the nodes that it completes, and records the
    /// commands of `paint` after them.
    ///
    /// Outputs that the pass has not reached yet keep their former values.
    ///
    /// # Errors
    /// As [`GpuNetwork::submit`].
    pub fn submit_part(
        &self,
        part: &PassPart,
        read: &ReadbackRequest,
        paint: Option<&mut dyn FnMut(&mut wgpu::CommandEncoder)>,
    ) -> Result<PendingPass, GpuError> {
        let expected = self.graph.input.shape.elements();
        if let Some(input) = part.input.filter(|input| input.len() != expected) {
            return Err(GpuError::Input { expected, got: input.len() });
        }
        self.record_and_submit(part, read, paint)
    }

    /// Reads values of the last pass without running another. Outputs that it did not keep are computed from those that
    /// it did.
    ///
    /// # Errors
    /// As [`GpuNetwork::submit`].
    pub fn read(&self, read: &ReadbackRequest) -> Result<PendingPass, GpuError> {
        self.record_and_submit(
            &PassPart { input: None, pass_schedule: &self.pass_schedule, segments: 0..0, timed: false },
            read,
            None,
        )
    }

    /// Runs [`GpuNetwork::submit`] and [`PendingPass::finish`]. The future borrows nothing.
    pub fn pass(
        &self,
        input: &[f32],
        read: &ReadbackRequest,
        paint: Option<&mut dyn FnMut(&mut wgpu::CommandEncoder)>,
    ) -> impl Future<Output = Result<PassReadback, GpuError>> + use<> {
        let pending = self.submit(input, read, paint);
        async move { pending?.finish().await }
    }

    /// Records and submits a part of a pass, the computation of outputs that are not kept, and the copies of `read`.
    fn record_and_submit(
        &self,
        part: &PassPart,
        read: &ReadbackRequest,
        paint: Option<&mut dyn FnMut(&mut wgpu::CommandEncoder)>,
    ) -> Result<PendingPass, GpuError> {
        self.gpu.health.check()?;
        self.check(read)?;
        let extra = self.extra_program(read.slices.iter().map(|slice| slice.node))?;
        let stopwatch = Stopwatch::start();
        let device = &self.gpu.device;
        let mut encoder = device.create_command_encoder(&wgpu::CommandEncoderDescriptor { label: Some("pass") });
        if let Some((input, (buffer, _))) = part.input.zip(self.output(NodeId(0))) {
            self.gpu.queue.write_buffer(buffer, 0, bytemuck::cast_slice(input));
        }
        let timer = self.timer.as_ref().filter(|_| part.timed && *part.pass_schedule == *self.pass_schedule);
        // Ablations of the input come before all segments.
        let input_steps = part.input.and_then(|_| self.ablation.steps.get(&NodeId(0))).into_iter().flatten();
        let segments = part.pass_schedule.segments(&part.segments);
        let dispatches = segments.iter().map(|segment| self.segment(segment).len()).sum();
        let rest = self.extent_steps(part).chain(extra.iter().flat_map(|extra| &extra.steps));
        if let Some(timer) = timer {
            record(&mut encoder, None, input_steps);
            // Timestamps are written at the beginning and the end of a compute pass, so each timed segment is a compute
            // pass.
            for (segment, place) in segments.iter().zip(part.segments.clone()) {
                record(&mut encoder, Some(timer.writes(place)), self.segment(segment));
            }
            record(&mut encoder, None, rest);
        } else {
            record(
                &mut encoder,
                None,
                input_steps.chain(segments.iter().flat_map(|segment| self.segment(segment))).chain(rest),
            );
        }
        if let Some(paint) = paint {
            paint(&mut encoder);
        }
        let timer = timer.filter(|_| part.segments.end == part.pass_schedule.len());
        let buffer = self.copy(&mut encoder, read, extra.as_deref(), timer);
        self.gpu.queue.submit([encoder.finish()]);
        let lengths = read.slices.iter().map(|slice| slice.len).collect();
        Ok(PendingPass {
            extents: if read.extents { self.maps.extents() } else { 0 },
            timed: timer.map(|_| (Rc::clone(&self.pass_schedule), self.gpu.queue.get_timestamp_period())),
            ..self.pending(stopwatch, buffer, lengths, dispatches)
        })
    }

    /// Returns the future of the last submit. It will read slices of these lengths out of `buffer`.
    pub(super) fn pending(
        &self,
        stopwatch: Stopwatch,
        buffer: Option<(wgpu::Buffer, u64)>,
        lengths: Vec<usize>,
        dispatches: usize,
    ) -> PendingPass {
        let (sender, done) = CallbackSender::channel(&self.gpu.health);
        match &buffer {
            Some((buffer, bytes)) => {
                buffer.map_async(wgpu::MapMode::Read, ..*bytes, move |result| sender.send(result.is_ok()));
            }
            None => self.gpu.queue.on_submitted_work_done(move || sender.send(true)),
        }
        PendingPass {
            #[cfg(not(target_arch = "wasm32"))]
            device: self.gpu.device.clone(),
            health: Arc::clone(&self.gpu.health),
            staging: self.staging.clone(),
            stopwatch,
            done,
            buffer: buffer.map(|(buffer, _)| buffer),
            lengths,
            extents: 0,
            timed: None,
            dispatches,
        }
    }

    /// Returns the steps of a segment, or the ablated steps in their place.
    fn segment(&self, (node, steps): &(NodeId, Range<usize>)) -> &[BoundDispatch] {
        self.ablation.steps.get(node).map_or(&self.steps[steps.clone()], Vec::as_slice)
    }

    /// Returns the steps that measure the maps of the nodes that a part completes, and those that reduce the extents.
    fn extent_steps<'a>(&'a self, part: &'a PassPart) -> impl Iterator<Item = &'a BoundDispatch> {
        let place = |segments| self.measured.partition_point(|node| node.0 < part.pass_schedule.done(segments));
        let steps =
            self.pass_schedule.segments(&(0..self.pass_schedule.len())).last().map_or(0, |(_, steps)| steps.end);
        let (maps, reductions) = self.steps[steps..].split_at(self.measured.len());
        let reductions = if part.segments.is_empty() { &[] } else { reductions };
        let range = place(part.segments.start)..place(part.segments.end);
        let nodes = &self.measured[range.clone()];
        let maps = maps[range].iter().zip(nodes).filter(|(_, node)| part.pass_schedule.computes(**node));
        maps.map(|(step, _)| step).chain(reductions)
    }

    /// Checks that every slice lies within the output of its node.
    fn check(&self, read: &ReadbackRequest) -> Result<(), GpuError> {
        for slice in &read.slices {
            let has = self.values(slice.node);
            let end = slice.start.saturating_add(slice.len);
            if end > has {
                let node = self.graph.node(slice.node).name.clone();
                return Err(GpuError::Slice { node, has, start: slice.start, end });
            }
        }
        Ok(())
    }

    /// Copies the requested values into one staging buffer, slices first. Returns the buffer and the number of bytes
    /// used.
    fn copy(
        &self,
        encoder: &mut wgpu::CommandEncoder,
        read: &ReadbackRequest,
        extra: Option<&ExtraProgram>,
        timer: Option<&SegmentTimer>,
    ) -> Option<(wgpu::Buffer, u64)> {
        let values: usize = read.slices.iter().map(|slice| slice.len).sum();
        let extents = if read.extents { (self.maps.extents() * size_of::<Extent>()) as u64 } else { 0 };
        let times = timer.map_or(0, SegmentTimer::bytes);
        let bytes = values as u64 * F32_BYTES + extents + times;
        if bytes == 0 {
            return None;
        }
        let staging = self.staging.take(&self.gpu.device, bytes);
        let mut at = 0;
        for slice in read.slices.iter().filter(|slice| slice.len > 0) {
            let kept = self.output(slice.node);
            let Some((buffer, first)) = kept.or_else(|| extra.and_then(|extra| extra.output(slice.node))) else {
                continue;
            };
            let (start, length) = ((first + slice.start) as u64 * F32_BYTES, slice.len as u64 * F32_BYTES);
            encoder.copy_buffer_to_buffer(buffer, start, &staging, at, length);
            at += length;
        }
        if extents > 0 {
            encoder.copy_buffer_to_buffer(&self.extents, 0, &staging, at, extents);
        }
        if let Some(timer) = timer {
            timer.copy(encoder, &staging, at + extents);
        }
        Some((staging, bytes))
    }
}

/// Records steps as one compute pass.
pub(super) fn record<'a>(
    encoder: &mut wgpu::CommandEncoder,
    timestamp_writes: Option<wgpu::ComputePassTimestampWrites>,
    steps: impl IntoIterator<Item = &'a BoundDispatch>,
) {
    let mut steps = steps.into_iter().peekable();
    if steps.peek().is_some() {
        let mut pass =
            encoder.begin_compute_pass(&wgpu::ComputePassDescriptor { label: Some("pass"), timestamp_writes });
        steps.for_each(|step| step.record(&mut pass));
    }
}

impl PendingPass {
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
