//! Measures on the adapter at hand which kernels serve a layer fastest.

use std::rc::Rc;

use super::buffers::{F32_BYTES, storage};
use super::conv::ConvShape;
use super::device::Gpu;
use super::device_tensors::DeviceTensors;
use super::error::GpuError;
use super::kernel::Kernel;
use super::network::GpuNetwork;
use super::pack::BLOCK;
use super::params::{Conv2dParams, uniform_size};
use super::plan::{Binding, Dispatch};
use super::program::{BindableBuffers, BoundDispatch, bind};
use super::tuning::Tuning;
use crate::clock::Stopwatch;
use net::{Graph, NodeId, Op};

/// The work on which a software adapter is measured, in multiply-accumulates: it takes some milliseconds.
const SOFTWARE_MACS: usize = 8_000_000;
/// The target time of a measurement, in milliseconds: long compared with a submit, short for a person who waits.
const MEASURED_MS: f64 = 8.0;
/// The greatest number of runs in one measurement.
const MAX_RUNS: usize = 64;
/// A kernel whose first run is slower than the best by this factor is not measured further.
const GIVE_UP_FACTOR: f64 = 2.5;

/// Measures every kernel that can serve a convolution of `graph` and stores the fastest in `tuning`. Returns the number
/// of shapes measured.
///
/// Shapes that `tuning` knows on this adapter are skipped. The shapes with the most work come first, until `budget_ms`
/// milliseconds are spent. A software adapter is measured on some of a layer's output channels only.
///
/// # Errors
/// As [`GpuNetwork::build`].
pub async fn tune(gpu: &Gpu, graph: &Graph, tuning: &mut Tuning, budget_ms: f64) -> Result<usize, GpuError> {
    let mut shapes: Vec<(ConvShape, usize)> = Vec::new();
    for (id, node) in graph.iter() {
        let Op::Conv2d(conv) = &node.op else { continue };
        let shape = ConvShape::of(graph, id, conv).flattened();
        if tuning.kernel(gpu.name(), &shape).is_some() {
            continue;
        }
        let macs = shape.macs_per_block() * shape.blocks();
        match shapes.iter_mut().find(|(other, _)| *other == shape) {
            Some((_, sum)) => *sum += macs,
            None => shapes.push((shape, macs)),
        }
    }
    net::order::sort_by_key(&mut shapes, |(_, macs)| std::cmp::Reverse(*macs));
    let since = Stopwatch::start();
    let mut measured = 0;
    for (shape, _) in &shapes {
        if since.elapsed_ms() > budget_ms {
            break;
        }
        if let Some(kernel) = fastest(gpu, shape).await? {
            tuning.set(gpu.name(), shape, kernel);
            measured += 1;
        }
    }
    Ok(measured)
}

/// Returns the fastest kernel for a shape, or `None` if its buffers are too large for this adapter.
async fn fastest(gpu: &Gpu, shape: &ConvShape) -> Result<Option<Kernel>, GpuError> {
    let ((c, h, w), (o, y, x)) = (shape.input, shape.output);
    let of_block = c / shape.groups * shape.window.kernel * shape.window.kernel * BLOCK;
    let block_bytes = of_block as u64 * F32_BYTES;
    let fit = usize::try_from(gpu.max_buffer_bytes() / block_bytes).unwrap_or(usize::MAX);
    let part = SOFTWARE_MACS / shape.macs_per_block().max(1);
    let blocks = if gpu.is_software() { part.max(1) } else { usize::MAX }.min(fit).min(shape.blocks());
    let sizes = [c * h * w, blocks * of_block, shape.blocks() * 2 * BLOCK, o * y * x];
    let bytes = sizes.map(|size| size.next_multiple_of(4) as u64 * F32_BYTES);
    if blocks == 0 || bytes.iter().any(|bytes| *bytes > gpu.max_buffer_bytes()) {
        return Ok(None);
    }
    let mut outputs = Vec::new();
    for bytes in bytes {
        outputs.push(Rc::new(storage(gpu, "tune", bytes)?));
    }
    let buffers = BindableBuffers {
        outputs: &outputs,
        planned: &[],
        tensors: &DeviceTensors::default(),
        overriding_tensors: None,
        extents: &outputs[0],
        reductions: &outputs[0],
    };

    let default = shape.default_kernel(gpu.is_software());
    let others = shape.candidates().into_iter().filter(|kernel| *kernel != default);
    let mut best: Option<(Kernel, f64)> = None;
    for kernel in std::iter::once(default).chain(others) {
        let params = Conv2dParams { blocks: uniform_size(blocks), ..shape.params() };
        let dispatch = Dispatch {
            kernel,
            params: bytemuck::bytes_of(&params).to_vec(),
            // Input, weight, affine, the input again in place of a residual, output.
            bindings: [0, 1, 2, 0, 3].map(Binding::Output).to_vec(),
            workgroups: shape.workgroups(kernel, blocks),
            node: None,
        };
        let program = bind(gpu, std::iter::once(&dispatch), &buffers)?;
        let dispatches = &program.dispatches;
        // The first run may include compiling the kernel.
        run(gpu, dispatches, 1).await?;
        let once = run(gpu, dispatches, 1).await?;
        if best.is_some_and(|(_, time)| once > GIVE_UP_FACTOR * time + 1.0) {
            continue;
        }
        let runs = ((MEASURED_MS / once.max(0.01)) as usize).clamp(1, MAX_RUNS);
        let time = if runs > 1 { run(gpu, dispatches, runs).await? / runs as f64 } else { once };
        if best.is_none_or(|(_, least)| time < least) {
            best = Some((kernel, time));
        }
    }
    Ok(best.map(|(kernel, _)| kernel))
}

/// Returns the milliseconds of `runs` runs of `dispatches`, including the submit and the wait.
async fn run(gpu: &Gpu, dispatches: &[BoundDispatch], runs: usize) -> Result<f64, GpuError> {
    let stopwatch = Stopwatch::start();
    gpu.record(|encoder| {
        let descriptor = wgpu::ComputePassDescriptor { label: Some("measure"), timestamp_writes: None };
        let mut pass = encoder.begin_compute_pass(&descriptor);
        for _ in 0..runs {
            dispatches.iter().for_each(|dispatch| dispatch.record(&mut pass));
        }
    })?;
    gpu.idle().await?;
    Ok(stopwatch.elapsed_ms())
}

impl GpuNetwork {
    /// Returns the milliseconds of each dispatch of a pass by itself, with the node whose output it computes (`None` if
    /// it measures extents).
    ///
    /// Each dispatch is submitted and awaited separately, so their sum exceeds the time of a pass.
    ///
    /// # Errors
    /// As [`GpuNetwork::submit`].
    pub async fn profile(&self) -> Result<Vec<(Option<NodeId>, Kernel, f64)>, GpuError> {
        let mut times = Vec::new();
        for dispatch in &self.program.dispatches {
            let one = std::slice::from_ref(dispatch);
            run(&self.gpu, one, 1).await?;
            times.push((dispatch.node, dispatch.kernel, run(&self.gpu, one, 1).await?));
        }
        Ok(times)
    }
}
