//! A network on the GPU: its buffers and its programs.

use std::cell::RefCell;
use std::rc::Rc;

use super::ablation::GpuAblation;
use super::conv::ConvShape;
use super::device::Gpu;
use super::error::GpuError;
use super::kernel::Kernel;
use super::layout::OutputLayout;
use super::pack::TensorRows;
use super::pass_schedule::PassSchedule;
use super::plan::{DispatchPlan, PlanOptions};
use super::program::{BindableBuffers, BoundDispatch, BoundDispatches, DeviceTensors, F32_BYTES, bind, storage};
use super::schedule::FusionSchedule;
use super::staging::StagingPool;
use super::timer::SegmentTimer;
use super::tuning::Tuning;
use crate::{Extent, ExtentTable, KeptOutputs};
use net::{AblationFactors, Graph, NodeId};

/// Options for building a network.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct NetworkOptions {
    /// The outputs to keep after a pass.
    pub keep: KeptOutputs,
    /// The fastest kernels measured on this adapter. Layers it does not list use the default kernel.
    pub tuning: Tuning,
}

/// A program with buffers of its own. It computes outputs that an ordinary pass does not keep, or runs detached passes.
#[derive(Debug)]
pub(super) struct ExtraProgram {
    pub(super) nodes: Vec<NodeId>,
    pub(super) layout: OutputLayout,
    pub(super) buffers: Vec<wgpu::Buffer>,
    pub(super) steps: Vec<BoundDispatch>,
    pub(super) uniforms: wgpu::Buffer,
}

impl ExtraProgram {
    /// As [`GpuNetwork::output`].
    pub(super) fn output(&self, node: NodeId) -> Option<(&wgpu::Buffer, usize)> {
        let place = self.layout.locations[node.0]?;
        Some((&self.buffers[place.buffer], place.first))
    }

    /// Frees its memory now. Its first `others` buffers belong to the network and stay.
    pub(super) fn destroy(&self, others: usize) {
        self.buffers[others..].iter().chain([&self.uniforms]).for_each(wgpu::Buffer::destroy);
    }
}

/// A network on the GPU, with its weights uploaded.
#[derive(Debug)]
pub struct GpuNetwork {
    pub(super) gpu: Gpu,
    pub(super) graph: Rc<Graph>,
    pub(super) maps: Rc<ExtentTable>,
    pub(super) layout: OutputLayout,
    pub(super) buffers: Vec<wgpu::Buffer>,
    pub(super) tensors: DeviceTensors,
    pub(super) extents: wgpu::Buffer,
    pub(super) reductions: wgpu::Buffer,
    uniforms: wgpu::Buffer,
    /// The steps of the pass, then one step for each of `measured`, then those that reduce extents.
    pub(super) steps: Vec<BoundDispatch>,
    pub(super) pass_schedule: Rc<PassSchedule>,
    pub(super) ablation: GpuAblation,
    pub(super) measured: Vec<NodeId>,
    pub(super) timer: Option<SegmentTimer>,
    pub(super) staging: StagingPool,
    pub(super) tuning: Tuning,
    bytes: u64,
    /// The most recent program for outputs that are not kept. A page requests the same ones again and again.
    extra_program: RefCell<Option<Rc<ExtraProgram>>>,
    /// The most recent program for detached passes, and whether it includes the ablations.
    pub(super) detached_program: RefCell<Option<(bool, Rc<ExtraProgram>)>>,
}

/// Returns a function that chooses the kernel of a convolution: the fastest one measured, or else the default.
pub(super) fn kernel_chooser<'a>(gpu: &'a Gpu, tuning: &'a Tuning) -> impl Fn(&ConvShape) -> Kernel + 'a {
    let software = gpu.is_software();
    move |shape| tuning.kernel(gpu.name(), shape).unwrap_or_else(|| shape.default_kernel(software))
}

impl Drop for GpuNetwork {
    /// Frees the buffers now. A browser would free them at its next garbage collection, which may be late: it takes
    /// them for small objects, although they hold hundreds of megabytes.
    fn drop(&mut self) {
        let own = self.buffers.iter().chain(self.tensors.buffers());
        own.chain([&self.extents, &self.reductions, &self.uniforms]).for_each(wgpu::Buffer::destroy);
        self.ablation.destroy();
        self.drop_detached_program();
        self.drop_extra_program();
    }
}

impl GpuNetwork {
    /// Builds `graph` with `weights`. Every node's output is kept.
    ///
    /// # Errors
    /// As [`GpuNetwork::build`].
    pub async fn new(gpu: &Gpu, graph: &Graph, weights: &impl TensorRows) -> Result<Self, GpuError> {
        Self::build(gpu, graph, weights, NetworkOptions::default()).await
    }

    /// Creates all buffers and bindings of `graph` and uploads `weights`, a few megabytes at a time.
    ///
    /// # Errors
    /// [`GpuError::TooLarge`] if a buffer exceeds the adapter's limits, [`GpuError::OutOfMemory`] if the memory is
    /// full, [`GpuError::Lost`] if the device is lost, and errors of `weights`.
    pub async fn build(
        gpu: &Gpu,
        graph: &Graph,
        weights: &impl TensorRows,
        options: NetworkOptions,
    ) -> Result<Self, GpuError> {
        gpu.health.check()?;
        let device = &gpu.device;
        let memory = device.push_error_scope(wgpu::ErrorFilter::OutOfMemory);
        let validity = device.push_error_scope(wgpu::ErrorFilter::Validation);
        let made = Self::make(gpu, graph, options);
        // Pop both before awaiting the first: error scopes form a stack.
        let (validity, memory) = (validity.pop(), memory.pop());
        let (validity, memory) = (validity.await, memory.await);
        gpu.health.check()?;
        let needs = made.as_ref().map_or(0, |network| network.bytes);
        if memory.is_some() {
            return Err(GpuError::OutOfMemory { needs });
        }
        if let Some(error) = validity {
            return Err(error.into());
        }
        let network = made?;
        network.tensors.upload(gpu, weights).await?;
        // Some drivers report a lack of memory here, not when the buffers are created.
        gpu.queue.submit([]);
        gpu.idle().await.map_err(|error| error.needing(needs))?;
        Ok(network)
    }

    /// Creates the network with weights that are not uploaded yet.
    fn make(gpu: &Gpu, graph: &Graph, options: NetworkOptions) -> Result<Self, GpuError> {
        let NetworkOptions { keep, tuning } = options;
        let flags = keep.flags(graph);
        let schedule = FusionSchedule::new(graph, &flags, &vec![false; flags.len()], true);
        let layout = OutputLayout::new(graph, &schedule, &flags, &OutputLayout::default());
        let plan = {
            let effects = &AblationFactors::default();
            let options = PlanOptions {
                max_buffer_bytes: gpu.max_buffer_bytes(),
                choose_kernel: &kernel_chooser(gpu, &tuning),
                effects,
            };
            let mut plan = DispatchPlan::of(graph, &schedule, &layout, &options)?;
            plan.add_all_tensors(graph, &options)?;
            plan.add_extent_dispatches(&layout);
            plan
        };

        let buffers = outputs(gpu, graph, &layout, Vec::new())?;
        let nothing = vec![Extent::EMPTY; plan.maps.extents()];
        let extents = storage(gpu, "extents", size_of_val(nothing.as_slice()) as u64)?;
        gpu.queue.write_buffer(&extents, 0, bytemuck::cast_slice(&nothing));
        let rows: Vec<[u32; 4]> =
            plan.reductions.iter().map(|fold| [fold.first as u32, fold.count as u32, fold.out as u32, 0]).collect();
        let reductions = storage(gpu, "reductions", size_of_val(rows.as_slice()) as u64)?;
        gpu.queue.write_buffer(&reductions, 0, bytemuck::cast_slice(&rows));

        let bytes = layout.sizes.iter().sum::<usize>() as u64 * F32_BYTES + DeviceTensors::bytes(&plan.tensors);
        let tensors = DeviceTensors::new(gpu, plan.tensors.clone())?;
        let bound = BindableBuffers {
            outputs: &buffers,
            planned: &plan.tensors,
            tensors: &tensors,
            overriding_tensors: None,
            extents: &extents,
            reductions: &reductions,
        };
        let BoundDispatches { steps, uniforms } = bind(gpu, plan.forward.iter().chain(&plan.extents), &bound)?;
        let pass_schedule = PassSchedule::new(graph, plan.forward.iter().filter_map(|dispatch| dispatch.node));
        Ok(Self {
            gpu: gpu.clone(),
            graph: Rc::new(graph.clone()),
            maps: Rc::new(plan.maps),
            layout,
            buffers,
            tensors,
            extents,
            reductions,
            uniforms,
            steps,
            timer: SegmentTimer::new(gpu, &pass_schedule),
            pass_schedule: Rc::new(pass_schedule),
            ablation: GpuAblation::default(),
            measured: plan.measured,
            staging: StagingPool::default(),
            tuning,
            bytes,
            extra_program: RefCell::default(),
            detached_program: RefCell::default(),
        })
    }

    /// Returns the program that computes those of `nodes` that a pass does not keep, or `None` if it keeps all.
    pub(super) fn extra_program(
        &self,
        nodes: impl Iterator<Item = NodeId>,
    ) -> Result<Option<Rc<ExtraProgram>>, GpuError> {
        let mut nodes: Vec<NodeId> = nodes.filter(|node| !self.layout.kept[node.0]).collect();
        nodes.sort_unstable();
        nodes.dedup();
        if nodes.is_empty() {
            return Ok(None);
        }
        let last = self.extra_program.borrow();
        if let Some(extra) = last.as_ref().filter(|extra| extra.nodes == nodes) {
            return Ok(Some(Rc::clone(extra)));
        }
        // Free the old program before allocating the new one.
        drop(last);
        self.drop_extra_program();
        let graph = &*self.graph;
        let wanted = KeptOutputs::Nodes(nodes.clone()).flags(graph);
        // Without fusion, the program needs only the tensors of single nodes, which are on the device.
        let schedule = FusionSchedule::new(graph, &wanted, &self.layout.kept, false);
        let layout = OutputLayout::new(graph, &schedule, &wanted, &self.layout.after_pass());
        let effects = &AblationFactors::default();
        let options = PlanOptions {
            max_buffer_bytes: self.gpu.max_buffer_bytes(),
            choose_kernel: &kernel_chooser(&self.gpu, &self.tuning),
            effects,
        };
        let plan = DispatchPlan::of(graph, &schedule, &layout, &options)?;
        let buffers = outputs(&self.gpu, graph, &layout, self.buffers.clone())?;
        let bound = BindableBuffers {
            outputs: &buffers,
            planned: &plan.tensors,
            tensors: &self.tensors,
            overriding_tensors: None,
            extents: &self.extents,
            reductions: &self.reductions,
        };
        let BoundDispatches { steps, uniforms } = bind(&self.gpu, plan.forward.iter(), &bound)?;
        let extra = Rc::new(ExtraProgram { nodes, layout, buffers, steps, uniforms });
        *self.extra_program.borrow_mut() = Some(Rc::clone(&extra));
        Ok(Some(extra))
    }

    /// Frees the cached program for outputs that are not kept.
    fn drop_extra_program(&self) {
        if let Some(extra) = self.extra_program.borrow_mut().take() {
            extra.destroy(self.buffers.len());
        }
    }

    /// Returns the GPU that the network is on.
    pub fn gpu(&self) -> &Gpu {
        &self.gpu
    }

    /// Returns the table of extents. The extents of nodes that are not kept stay empty.
    pub fn maps(&self) -> &ExtentTable {
        &self.maps
    }

    /// Returns the bytes of all buffers that hold weights and outputs.
    pub fn bytes(&self) -> u64 {
        self.bytes
    }

    /// Returns the buffer that holds a node's output after a pass, and the index of its first value there.
    ///
    /// Values are F32 in `[channels, height, width]` (or `[values]`) order. Returns `None` if the output is not kept.
    pub fn output(&self, node: NodeId) -> Option<(&wgpu::Buffer, usize)> {
        let place = self.layout.locations[node.0].filter(|_| self.layout.kept[node.0])?;
        Some((&self.buffers[place.buffer], place.first))
    }

    /// Returns the number of values of a node's output.
    pub fn values(&self, node: NodeId) -> usize {
        self.graph.node(node).shape.elements()
    }

    /// Returns the number of nodes.
    pub fn nodes(&self) -> usize {
        self.graph.nodes.len()
    }

    /// Returns the buffer of extents, each as least and greatest value, in the order of [`GpuNetwork::maps`].
    pub fn extents(&self) -> &wgpu::Buffer {
        &self.extents
    }

    /// Returns the schedule of a pass, by which it can be divided.
    pub fn pass_schedule(&self) -> &Rc<PassSchedule> {
        &self.pass_schedule
    }

    /// Returns the kernels of a pass in running order, each with the node whose output it computes.
    pub fn kernels(&self) -> impl Iterator<Item = (NodeId, Kernel)> {
        self.steps.iter().filter_map(|step| Some((step.node?, step.kernel)))
    }
}

/// Returns the buffers of a layout. The first ones exist already, in `existing`.
pub(super) fn outputs(
    gpu: &Gpu,
    graph: &Graph,
    layout: &OutputLayout,
    mut existing: Vec<wgpu::Buffer>,
) -> Result<Vec<wgpu::Buffer>, GpuError> {
    for (size, name) in layout.sizes.iter().zip(&layout.names).skip(existing.len()) {
        existing.push(storage(gpu, &graph.node(*name).name, *size as u64 * F32_BYTES)?);
    }
    Ok(existing)
}
