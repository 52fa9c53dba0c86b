//! Runs passes: in one submit with at most one readback, or in several submits of one part each.
//!
//! A submit is one command buffer: a compute pass with the dispatches, the commands of the painter, and copies of the
//! requested values into one staging buffer, which is mapped once. Where the adapter has a clock, each node can be
//! timed in a compute pass of its own.

use std::future::Future;
use std::ops::Range;
use std::rc::Rc;

use super::buffers::{F32_BYTES, OwnedBuffer};
use super::error::GpuError;
use super::extra_program::ExtraProgram;
use super::network::GpuNetwork;
use super::pass_schedule::PassSchedule;
use super::program::{BoundDispatch, record};
use super::readback::{PassReadback, PendingPass, ReadbackRequest};
use super::timer::SegmentTimer;
use crate::Extent;
use crate::clock::Stopwatch;
use net::NodeId;

/// A part of a pass. The parts of a pass are submitted in order, with no part of another pass between them.
#[derive(Debug, Clone)]
pub struct PassPart<'a> {
    /// The preprocessed input, `[channels, height, width]`, for the part that begins the pass.
    pub input: Option<&'a [f32]>,
    /// The schedule of the pass: [`GpuNetwork::pass_schedule`], or a part of it if the other outputs exist from the
    /// last pass.
    pub pass_schedule: &'a PassSchedule,
    /// The segments of the schedule to run.
    pub segments: Range<usize>,
    /// Times each segment of a whole pass with the GPU's clock, if it has one. The last part reads the times.
    pub timed: bool,
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
        let timer = self.timer.as_ref().filter(|_| part.timed && *part.pass_schedule == *self.pass_schedule);
        let read_timer = timer.filter(|_| part.segments.end == part.pass_schedule.len());
        let staging = self.staging_buffer(read, read_timer)?;
        let stopwatch = Stopwatch::start();
        let device = &self.gpu.device;
        let mut encoder = device.create_command_encoder(&wgpu::CommandEncoderDescriptor { label: Some("pass") });
        if let Some((input, (buffer, _))) = part.input.zip(self.output(NodeId(0))) {
            self.gpu.queue.write_buffer(buffer, 0, bytemuck::cast_slice(input));
        }
        // Ablations of the input come before all segments.
        let on_input = part.input.and_then(|_| self.ablation.dispatches.get(&NodeId(0))).into_iter().flatten();
        let segments = part.pass_schedule.segments(&part.segments);
        let dispatches = segments.iter().map(|segment| self.segment(segment).len()).sum();
        let rest = self.extent_dispatches(part).chain(extra.iter().flat_map(|extra| &extra.program.dispatches));
        if let Some(timer) = timer {
            record(&mut encoder, None, on_input);
            // Timestamps are written at the beginning and the end of a compute pass, so each timed segment is a compute
            // pass.
            for (segment, index) in segments.iter().zip(part.segments.clone()) {
                record(&mut encoder, Some(timer.writes(index)), self.segment(segment));
            }
            record(&mut encoder, None, rest);
        } else {
            record(
                &mut encoder,
                None,
                on_input.chain(segments.iter().flat_map(|segment| self.segment(segment))).chain(rest),
            );
        }
        if let Some(paint) = paint {
            paint(&mut encoder);
        }
        if let Some((staging, _)) = &staging {
            self.copy(&mut encoder, staging, read, extra.as_deref(), read_timer);
        }
        self.gpu.queue.submit([encoder.finish()]);
        let lengths = read.slices.iter().map(|slice| slice.len).collect();
        let mut pending = PendingPass::new(&self.gpu, &self.staging, stopwatch, staging, lengths, dispatches);
        pending.extents = if read.extents { self.extent_table.extents() } else { 0 };
        pending.timed = read_timer.map(|_| (Rc::clone(&self.pass_schedule), self.gpu.queue.get_timestamp_period()));
        Ok(pending)
    }

    /// Returns the dispatches of a segment, or those of its node's ablation in their place.
    fn segment(&self, (node, dispatches): &(NodeId, Range<usize>)) -> &[BoundDispatch] {
        self.ablation.dispatches.get(node).map_or(&self.program.dispatches[dispatches.clone()], Vec::as_slice)
    }

    /// Returns the dispatches that measure the maps of the nodes that a part completes, and those that reduce the
    /// extents.
    fn extent_dispatches<'a>(&'a self, part: &'a PassPart) -> impl Iterator<Item = &'a BoundDispatch> {
        let done = |segments| self.measured.partition_point(|node| node.0 < part.pass_schedule.done(segments));
        let all = self.pass_schedule.segments(&(0..self.pass_schedule.len()));
        let first = all.last().map_or(0, |(_, dispatches)| dispatches.end);
        let (maps, reductions) = self.program.dispatches[first..].split_at(self.measured.len());
        let reductions = if part.segments.is_empty() { &[] } else { reductions };
        let range = done(part.segments.start)..done(part.segments.end);
        let nodes = &self.measured[range.clone()];
        let maps = maps[range].iter().zip(nodes).filter(|(_, node)| part.pass_schedule.computes(**node));
        maps.map(|(dispatch, _)| dispatch).chain(reductions)
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

    /// Returns a staging buffer for the requested values, with the number of bytes to use, or `None` if there are none.
    fn staging_buffer(
        &self,
        read: &ReadbackRequest,
        timer: Option<&SegmentTimer>,
    ) -> Result<Option<(OwnedBuffer, u64)>, GpuError> {
        let values: usize = read.slices.iter().map(|slice| slice.len).sum();
        let times = timer.map_or(0, SegmentTimer::bytes);
        match values as u64 * F32_BYTES + self.extent_bytes(read) + times {
            0 => Ok(None),
            bytes => Ok(Some((self.staging.take(&self.gpu, bytes)?, bytes))),
        }
    }

    /// Returns the number of bytes of the requested extents.
    fn extent_bytes(&self, read: &ReadbackRequest) -> u64 {
        if read.extents { (self.extent_table.extents() * size_of::<Extent>()) as u64 } else { 0 }
    }

    /// Records the copies of the requested values into `staging`: slices, then extents, then times.
    fn copy(
        &self,
        encoder: &mut wgpu::CommandEncoder,
        staging: &wgpu::Buffer,
        read: &ReadbackRequest,
        extra: Option<&ExtraProgram>,
        timer: Option<&SegmentTimer>,
    ) {
        let mut at = 0;
        for slice in read.slices.iter().filter(|slice| slice.len > 0) {
            let kept = self.output(slice.node);
            let Some((buffer, first)) = kept.or_else(|| extra.and_then(|extra| extra.output(slice.node))) else {
                continue;
            };
            let (start, length) = ((first + slice.start) as u64 * F32_BYTES, slice.len as u64 * F32_BYTES);
            encoder.copy_buffer_to_buffer(buffer, start, staging, at, length);
            at += length;
        }
        let extents = self.extent_bytes(read);
        if extents > 0 {
            encoder.copy_buffer_to_buffer(&self.extents, 0, staging, at, extents);
        }
        if let Some(timer) = timer {
            timer.copy(encoder, staging, at + extents);
        }
    }
}
