//! A network on the GPU: its buffers and its programs.

use std::cell::RefCell;
use std::rc::Rc;

use super::ablation::{AblationPlan, GpuAblation};
use super::buffers::{F32_BYTES, OwnedBuffer, storage};
use super::device::Gpu;
use super::device_tensors::DeviceTensors;
use super::error::GpuError;
use super::extent_plan::ExtentPlan;
use super::extra_program::ExtraProgram;
use super::kernel::Kernel;
use super::layout::OutputLayout;
use super::pack::TensorRows;
use super::pass_schedule::PassSchedule;
use super::plan::{DispatchPlan, PackedTensor, PlanOptions};
use super::program::{BindableBuffers, BoundDispatches, bind};
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

/// A network on the GPU, with its weights uploaded.
#[derive(Debug)]
pub struct GpuNetwork {
    pub(super) gpu: Gpu,
    pub(super) graph: Rc<Graph>,
    pub(super) extent_table: Rc<ExtentTable>,
    pub(super) layout: OutputLayout,
    buffers: Vec<Rc<OwnedBuffer>>,
    tensors: DeviceTensors,
    pub(super) extents: OwnedBuffer,
    reductions: OwnedBuffer,
    /// The dispatches of the pass, then one for each of `measured`, then those that reduce extents.
    pub(super) program: BoundDispatches,
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
            let options = PlanOptions {
                max_buffer_bytes: gpu.max_buffer_bytes(),
                choose_kernel: &tuning.kernel_chooser(gpu),
                effects: &AblationFactors::default(),
            };
            let mut plan = DispatchPlan::of(graph, &schedule, &layout, &options)?;
            plan.add_all_tensors(graph, &options)?;
            plan
        };
        let extent_table = ExtentTable::new(graph);
        let ExtentPlan { dispatches: measuring, measured, reductions } = ExtentPlan::new(&extent_table, &layout);

        let buffers = output_buffers(gpu, graph, &layout, Vec::new())?;
        let nothing = vec![Extent::EMPTY; extent_table.extents()];
        let extents = storage(gpu, "extents", size_of_val(nothing.as_slice()) as u64)?;
        gpu.queue.write_buffer(&extents, 0, bytemuck::cast_slice(&nothing));
        let rows: Vec<[u32; 4]> =
            reductions.iter().map(|one| [one.first as u32, one.count as u32, one.out as u32, 0]).collect();
        let reductions = storage(gpu, "reductions", size_of_val(rows.as_slice()) as u64)?;
        gpu.queue.write_buffer(&reductions, 0, bytemuck::cast_slice(&rows));

        let bytes = layout.sizes.iter().sum::<usize>() as u64 * F32_BYTES + DeviceTensors::bytes(&plan.tensors);
        let tensors = DeviceTensors::new(gpu, plan.tensors.clone())?;
        let bindable = BindableBuffers {
            outputs: &buffers,
            planned: &plan.tensors,
            tensors: &tensors,
            overriding_tensors: None,
            extents: &extents,
            reductions: &reductions,
        };
        let program = bind(gpu, plan.dispatches.iter().chain(&measuring), &bindable)?;
        let pass_schedule = PassSchedule::new(graph, plan.dispatches.iter().filter_map(|dispatch| dispatch.node));
        Ok(Self {
            gpu: gpu.clone(),
            graph: Rc::new(graph.clone()),
            extent_table: Rc::new(extent_table),
            layout,
            buffers,
            tensors,
            extents,
            reductions,
            program,
            timer: SegmentTimer::new(gpu, &pass_schedule),
            pass_schedule: Rc::new(pass_schedule),
            ablation: GpuAblation::default(),
            measured,
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
        *self.extra_program.borrow_mut() = None;
        let graph = &*self.graph;
        let wanted = KeptOutputs::Nodes(nodes.clone()).flags(graph);
        // Without fusion, the program needs only the tensors of single nodes, which are on the device.
        let schedule = FusionSchedule::new(graph, &wanted, &self.layout.kept, false);
        let layout = OutputLayout::new(graph, &schedule, &wanted, &self.layout.after_pass());
        let plan =
            self.plan(&AblationFactors::default(), |options| DispatchPlan::of(graph, &schedule, &layout, options))?;
        let buffers = output_buffers(&self.gpu, graph, &layout, self.buffers.clone())?;
        let program = bind(&self.gpu, plan.dispatches.iter(), &self.bindable(&buffers, &plan.tensors, None))?;
        let extra = Rc::new(ExtraProgram { nodes, layout, buffers, program });
        *self.extra_program.borrow_mut() = Some(Rc::clone(&extra));
        Ok(Some(extra))
    }

    /// Makes all following passes run with the ablations of `effects`. An ablated node has its scaled values.
    ///
    /// If only factors change, nothing is allocated or bound again.
    ///
    /// # Errors
    /// [`GpuError::NotAblatable`] if the network does not keep every output, [`GpuError::Lost`] if the device is lost,
    /// and errors from creating buffers. After an error the former ablations may still apply.
    pub fn ablate(&mut self, effects: &AblationFactors) -> Result<(), GpuError> {
        self.gpu.health.check()?;
        if self.ablation.effects == *effects {
            return Ok(());
        }
        if effects.nodes().next().is_some() && self.layout.kept.contains(&false) {
            return Err(GpuError::NotAblatable);
        }
        let plan = self.plan(effects, |options| AblationPlan::new(&self.graph, &self.layout, options))?;
        if !self.ablation.update(&self.gpu, effects, &plan, &self.tensors)? {
            let buffers = self.bindable(&self.buffers, &[], None);
            self.ablation = GpuAblation::new(&self.gpu, effects, plan, &buffers)?;
        }
        // The cached program of detached passes has the former ablations if it has any.
        self.detached_program.get_mut().take_if(|(with_ablations, _)| *with_ablations);
        Ok(())
    }

    /// Calls `plan` with the options of a plan for this network.
    pub(super) fn plan<T>(&self, effects: &AblationFactors, plan: impl FnOnce(&PlanOptions) -> T) -> T {
        let choose_kernel = &self.tuning.kernel_chooser(&self.gpu);
        plan(&PlanOptions { max_buffer_bytes: self.gpu.max_buffer_bytes(), choose_kernel, effects })
    }

    /// Returns the buffers that a program of this network may bind: its weights, `outputs`, and the `planned` tensors,
    /// each from `overriding_tensors` if they have it.
    pub(super) fn bindable<'a>(
        &'a self,
        outputs: &'a [Rc<OwnedBuffer>],
        planned: &'a [PackedTensor],
        overriding_tensors: Option<&'a DeviceTensors>,
    ) -> BindableBuffers<'a> {
        let (tensors, extents, reductions) = (&self.tensors, &self.extents, &self.reductions);
        BindableBuffers { outputs, planned, tensors, overriding_tensors, extents, reductions }
    }

    /// Returns the GPU that the network is on.
    pub fn gpu(&self) -> &Gpu {
        &self.gpu
    }

    /// Returns the graph that the network was built from.
    pub fn graph(&self) -> &Graph {
        &self.graph
    }

    /// Returns the table of extents. The extents of nodes that are not kept stay empty.
    pub fn maps(&self) -> &Rc<ExtentTable> {
        &self.extent_table
    }

    /// Returns the bytes of all buffers that hold weights and outputs.
    pub fn bytes(&self) -> u64 {
        self.bytes
    }

    /// Returns the buffer that holds a node's output after a pass, and the index of its first value there.
    ///
    /// Values are F32 in `[channels, height, width]` (or `[values]`) order. Returns `None` if the output is not kept.
    pub fn output(&self, node: NodeId) -> Option<(&wgpu::Buffer, usize)> {
        let location = self.layout.locations[node.0].filter(|_| self.layout.kept[node.0])?;
        Some((&self.buffers[location.buffer], location.first))
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
        self.program.dispatches.iter().filter_map(|dispatch| Some((dispatch.node?, dispatch.kernel)))
    }
}

/// Returns the buffers of a layout. The first ones exist already, in `existing`.
pub(super) fn output_buffers(
    gpu: &Gpu,
    graph: &Graph,
    layout: &OutputLayout,
    mut existing: Vec<Rc<OwnedBuffer>>,
) -> Result<Vec<Rc<OwnedBuffer>>, GpuError> {
    for (size, name) in layout.sizes.iter().zip(&layout.names).skip(existing.len()) {
        existing.push(Rc::new(storage(gpu, &graph.node(*name).name, *size as u64 * F32_BYTES)?));
    }
    Ok(existing)
}
