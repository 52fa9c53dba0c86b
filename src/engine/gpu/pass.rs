//! One pass: one submit, and at most one readback.

use std::future::Future;
use std::sync::Arc;

use super::clock::Stopwatch;
use super::error::GpuError;
use super::health::{Answer, Health, Waiting};
use super::network::{Extra, GpuNetwork};
use super::program::F32_BYTES;
use super::staging::Staging;
use crate::engine::{Extent, Slice};
use crate::net::NodeId;

/// What to read back; nothing by default.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Read {
    /// Parts of nodes' outputs.
    pub slices: Vec<Slice>,
    /// Whether all extents are wanted.
    pub extents: bool,
}

/// What was read back.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Reading {
    /// The slices, in the order asked for.
    pub slices: Vec<Vec<f32>>,
    /// All extents in the order of the table of maps; empty where they were not asked for.
    pub extents: Vec<Extent>,
    /// From submitting the pass until its numbers were here (or, where none were asked for, until it was done).
    pub milliseconds: f64,
}

/// A pass on its way. It borrows nothing, so that nothing stays borrowed while it is awaited.
#[derive(Debug)]
pub struct Pending {
    #[cfg(not(target_arch = "wasm32"))]
    device: wgpu::Device,
    health: Arc<Health>,
    staging: Staging,
    stopwatch: Stopwatch,
    /// `true` when done; `false` where the mapping failed.
    done: Waiting<bool>,
    buffer: Option<wgpu::Buffer>,
    lengths: Vec<usize>,
    extents: usize,
}

impl GpuNetwork {
    /// Submits a pass: writes `input` (CHW, as the network takes it), runs every kernel, measures every map, and
    /// records `paint`'s commands after them, for the same submit.
    ///
    /// # Errors
    /// [`GpuError::Input`] and [`GpuError::Slice`] for sizes that do not fit, [`GpuError::Lost`] where the device
    /// is gone; faults of earlier commands.
    pub fn submit(
        &self,
        input: &[f32],
        read: &Read,
        paint: Option<&mut dyn FnMut(&mut wgpu::CommandEncoder)>,
    ) -> Result<Pending, GpuError> {
        let expected = self.graph.input.shape.elements();
        if input.len() != expected {
            return Err(GpuError::Input { expected, got: input.len() });
        }
        self.send(Some(input), read, paint)
    }

    /// Submits no pass, but reads numbers of the last one. What it did not keep is computed from what it did.
    ///
    /// # Errors
    /// As [`GpuNetwork::submit`].
    pub fn read(&self, read: &Read) -> Result<Pending, GpuError> {
        self.send(None, read, None)
    }

    /// [`GpuNetwork::submit`] and [`Pending::finish`] together. The future borrows nothing.
    pub fn pass(
        &self,
        input: &[f32],
        read: &Read,
        paint: Option<&mut dyn FnMut(&mut wgpu::CommandEncoder)>,
    ) -> impl Future<Output = Result<Reading, GpuError>> + use<> {
        let pending = self.submit(input, read, paint);
        async move { pending?.finish().await }
    }

    fn send(
        &self,
        input: Option<&[f32]>,
        read: &Read,
        paint: Option<&mut dyn FnMut(&mut wgpu::CommandEncoder)>,
    ) -> Result<Pending, GpuError> {
        self.gpu.health.check()?;
        self.check(read)?;
        let extra = self.extra(read.slices.iter().map(|slice| slice.node))?;
        let stopwatch = Stopwatch::start();
        let device = &self.gpu.device;
        let mut encoder = device.create_command_encoder(&wgpu::CommandEncoderDescriptor { label: Some("pass") });
        let steps = self.steps.iter().filter(|_| input.is_some());
        let steps: Vec<_> = steps.chain(extra.iter().flat_map(|extra| &extra.steps)).collect();
        if let Some((input, (buffer, _))) = input.zip(self.output(NodeId(0))) {
            self.gpu.queue.write_buffer(buffer, 0, bytemuck::cast_slice(input));
        }
        if !steps.is_empty() {
            let descriptor = wgpu::ComputePassDescriptor { label: Some("pass"), timestamp_writes: None };
            let mut pass = encoder.begin_compute_pass(&descriptor);
            steps.into_iter().for_each(|step| step.record(&mut pass));
        }
        if let Some(paint) = paint {
            paint(&mut encoder);
        }
        let buffer = self.copy(&mut encoder, read, extra.as_deref());
        self.gpu.queue.submit([encoder.finish()]);

        let (answer, done) = Answer::expect(&self.gpu.health);
        match &buffer {
            Some((buffer, bytes)) => {
                buffer.map_async(wgpu::MapMode::Read, ..*bytes, move |result| answer.give(result.is_ok()));
            }
            None => self.gpu.queue.on_submitted_work_done(move || answer.give(true)),
        }
        Ok(Pending {
            #[cfg(not(target_arch = "wasm32"))]
            device: device.clone(),
            health: Arc::clone(&self.gpu.health),
            staging: self.staging.clone(),
            stopwatch,
            done,
            buffer: buffer.map(|(buffer, _)| buffer),
            lengths: read.slices.iter().map(|slice| slice.len).collect(),
            extents: if read.extents { self.maps.extents() } else { 0 },
        })
    }

    /// Whether every slice lies in its node's output.
    fn check(&self, read: &Read) -> Result<(), GpuError> {
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

    /// Copies what is wanted into one staging buffer, slices first; gives it with the bytes used of it.
    fn copy(
        &self,
        encoder: &mut wgpu::CommandEncoder,
        read: &Read,
        extra: Option<&Extra>,
    ) -> Option<(wgpu::Buffer, u64)> {
        let values: usize = read.slices.iter().map(|slice| slice.len).sum();
        let extents = if read.extents { (self.maps.extents() * size_of::<Extent>()) as u64 } else { 0 };
        let bytes = values as u64 * F32_BYTES + extents;
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
        Some((staging, bytes))
    }
}

impl Pending {
    /// Waits for the pass and gives what was read. In a browser this yields to the page; natively it blocks.
    ///
    /// # Errors
    /// [`GpuError::Lost`] where the device goes meanwhile, [`GpuError::Readback`] where mapping fails; faults of
    /// the pass's commands.
    pub async fn finish(self) -> Result<Reading, GpuError> {
        #[cfg(not(target_arch = "wasm32"))]
        if let Err(error) = self.device.poll(wgpu::PollType::wait_indefinitely()) {
            self.health.check()?;
            return Err(GpuError::Readback { reason: error.to_string() });
        }
        let done = self.done.await;
        self.health.check()?;
        match done {
            Some(true) => {}
            // A buffer of ours is mapped once and never destroyed: its mapping fails where the device goes.
            Some(false) => return Err(GpuError::Lost { reason: "a readback was broken off".to_owned() }),
            None => return Err(GpuError::Readback { reason: "no answer came".to_owned() }),
        }
        let mut reading = Reading::default();
        if let Some(buffer) = self.buffer {
            let values: usize = self.lengths.iter().sum();
            let bytes = values as u64 * F32_BYTES + (self.extents * size_of::<Extent>()) as u64;
            {
                let view = buffer
                    .get_mapped_range(..bytes)
                    .map_err(|error| GpuError::Readback { reason: error.to_string() })?;
                let (numbers, extents) = view.split_at(values * F32_BYTES as usize);
                let mut numbers: &[u8] = numbers;
                for &length in &self.lengths {
                    let (mine, rest) = numbers.split_at(length * F32_BYTES as usize);
                    reading.slices.push(bytemuck::pod_collect_to_vec(mine));
                    numbers = rest;
                }
                reading.extents = bytemuck::pod_collect_to_vec(extents);
            }
            buffer.unmap();
            self.staging.put(buffer);
        } else {
            reading.slices = self.lengths.iter().map(|_| Vec::new()).collect();
        }
        reading.milliseconds = self.stopwatch.milliseconds();
        Ok(reading)
    }
}
