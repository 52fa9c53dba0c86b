//! A network on the GPU: its buffers and its programs.

use std::cell::RefCell;
use std::rc::Rc;

use super::conv::ConvShape;
use super::course::Course;
use super::cut::Cutting;
use super::device::Gpu;
use super::error::GpuError;
use super::kernel::Kernel;
use super::layout::Layout;
use super::pack::TensorRows;
use super::plan::{Plan, Terms};
use super::program::{Bound, Buffers, F32_BYTES, Step, Tensors, bind, storage};
use super::schedule::{Keep, Schedule};
use super::staging::Staging;
use super::timer::Timer;
use super::tuning::Tuning;
use crate::{Extent, MapTable};
use net::{AblationFactors, Graph, NodeId};

/// Options for building a network.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct NetworkOptions {
    /// The outputs to keep after a pass.
    pub keep: Keep,
    /// The fastest kernels measured on this adapter. Layers it does not list use the default kernel.
    pub tuning: Tuning,
}

/// A program with buffers of its own. It computes outputs that an ordinary pass does not keep, or runs detached passes.
#[derive(Debug)]
pub(super) struct Extra {
    pub(super) nodes: Vec<NodeId>,
    pub(super) layout: Layout,
    pub(super) buffers: Vec<wgpu::Buffer>,
    pub(super) steps: Vec<Step>,
    pub(super) uniforms: wgpu::Buffer,
}

impl Extra {
    /// As [`GpuNetwork::output`].
    pub(super) fn output(&self, node: NodeId) -> Option<(&wgpu::Buffer, usize)> {
        let place = self.layout.places[node.0]?;
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
    pub(super) maps: Rc<MapTable>,
    pub(super) layout: Layout,
    pub(super) buffers: Vec<wgpu::Buffer>,
    pub(super) tensors: Tensors,
    pub(super) extents: wgpu::Buffer,
    pub(super) folds: wgpu::Buffer,
    uniforms: wgpu::Buffer,
    /// The steps of the pass, then one step for each of `measured`, then those that reduce extents.
    pub(super) steps: Vec<Step>,
    pub(super) course: Rc<Course>,
    pub(super) cutting: Cutting,
    pub(super) measured: Vec<NodeId>,
    pub(super) timer: Option<Timer>,
    pub(super) staging: Staging,
    pub(super) tuning: Tuning,
    bytes: u64,
    /// The most recent program for outputs that are not kept. A page requests the same ones again and again.
    extra: RefCell<Option<Rc<Extra>>>,
    /// The most recent program for detached passes, and whether it includes the ablations.
    pub(super) beside: RefCell<Option<(bool, Rc<Extra>)>>,
}

/// Returns a function that chooses the kernel of a convolution: the fastest one measured, or else the default.
pub(super) fn choose<'a>(gpu: &'a Gpu, tuning: &'a Tuning) -> impl Fn(&ConvShape) -> Kernel + 'a {
    let software = gpu.is_software();
    move |shape| tuning.kernel(gpu.name(), shape).unwrap_or_else(|| shape.default_kernel(software))
}

impl Drop for GpuNetwork {
    /// Frees the buffers now. A browser would free them at its next garbage collection, which may be late: it takes
    /// them for small objects, although they hold hundreds of megabytes.
    fn drop(&mut self) {
        let own = self.buffers.iter().chain(self.tensors.buffers());
        own.chain([&self.extents, &self.folds, &self.uniforms]).for_each(wgpu::Buffer::destroy);
        self.cutting.destroy();
        self.drop_beside();
        self.drop_extra();
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
        let schedule = Schedule::new(graph, &flags, &vec![false; flags.len()], true);
        let layout = Layout::new(graph, &schedule, &flags, &Layout::default());
        let plan = {
            let effects = &AblationFactors::default();
            let terms = Terms { most_bytes: gpu.most_bytes(), choose: &choose(gpu, &tuning), effects };
            let mut plan = Plan::of(graph, &schedule, &layout, &terms)?;
            plan.hold_all(graph, &terms)?;
            plan.measure(&layout);
            plan
        };

        let buffers = outputs(gpu, graph, &layout, Vec::new())?;
        let nothing = vec![Extent::EMPTY; plan.maps.extents()];
        let extents = storage(gpu, "extents", size_of_val(nothing.as_slice()) as u64)?;
        gpu.queue.write_buffer(&extents, 0, bytemuck::cast_slice(&nothing));
        let rows: Vec<[u32; 4]> =
            plan.folds.iter().map(|fold| [fold.first as u32, fold.count as u32, fold.out as u32, 0]).collect();
        let folds = storage(gpu, "folds", size_of_val(rows.as_slice()) as u64)?;
        gpu.queue.write_buffer(&folds, 0, bytemuck::cast_slice(&rows));

        let bytes = layout.sizes.iter().sum::<usize>() as u64 * F32_BYTES + Tensors::bytes(&plan.tensors);
        let tensors = Tensors::new(gpu, plan.tensors.clone())?;
        let bound = Buffers {
            outputs: &buffers,
            planned: &plan.tensors,
            tensors: &tensors,
            over: None,
            extents: &extents,
            folds: &folds,
        };
        let Bound { steps, uniforms } = bind(gpu, plan.forward.iter().chain(&plan.extents), &bound)?;
        let course = Course::new(graph, plan.forward.iter().filter_map(|dispatch| dispatch.node));
        Ok(Self {
            gpu: gpu.clone(),
            graph: Rc::new(graph.clone()),
            maps: Rc::new(plan.maps),
            layout,
            buffers,
            tensors,
            extents,
            folds,
            uniforms,
            steps,
            timer: Timer::new(gpu, &course),
            course: Rc::new(course),
            cutting: Cutting::default(),
            measured: plan.measured,
            staging: Staging::default(),
            tuning,
            bytes,
            extra: RefCell::default(),
            beside: RefCell::default(),
        })
    }

    /// Returns the program that computes those of `nodes` that a pass does not keep, or `None` if it keeps all.
    pub(super) fn extra(&self, nodes: impl Iterator<Item = NodeId>) -> Result<Option<Rc<Extra>>, GpuError> {
        let mut nodes: Vec<NodeId> = nodes.filter(|node| !self.layout.kept[node.0]).collect();
        nodes.sort_unstable();
        nodes.dedup();
        if nodes.is_empty() {
            return Ok(None);
        }
        let last = self.extra.borrow();
        if let Some(extra) = last.as_ref().filter(|extra| extra.nodes == nodes) {
            return Ok(Some(Rc::clone(extra)));
        }
        // Free the old program before allocating the new one.
        drop(last);
        self.drop_extra();
        let graph = &*self.graph;
        let wanted = Keep::Nodes(nodes.clone()).flags(graph);
        // Without fusion, the program needs only the tensors of single nodes, which are on the device.
        let schedule = Schedule::new(graph, &wanted, &self.layout.kept, false);
        let layout = Layout::new(graph, &schedule, &wanted, &self.layout.remains());
        let effects = &AblationFactors::default();
        let terms = Terms { most_bytes: self.gpu.most_bytes(), choose: &choose(&self.gpu, &self.tuning), effects };
        let plan = Plan::of(graph, &schedule, &layout, &terms)?;
        let buffers = outputs(&self.gpu, graph, &layout, self.buffers.clone())?;
        let bound = Buffers {
            outputs: &buffers,
            planned: &plan.tensors,
            tensors: &self.tensors,
            over: None,
            extents: &self.extents,
            folds: &self.folds,
        };
        let Bound { steps, uniforms } = bind(&self.gpu, plan.forward.iter(), &bound)?;
        let extra = Rc::new(Extra { nodes, layout, buffers, steps, uniforms });
        *self.extra.borrow_mut() = Some(Rc::clone(&extra));
        Ok(Some(extra))
    }

    /// Frees the cached program for outputs that are not kept.
    fn drop_extra(&self) {
        if let Some(extra) = self.extra.borrow_mut().take() {
            extra.destroy(self.buffers.len());
        }
    }

    /// Returns the GPU that the network is on.
    pub fn gpu(&self) -> &Gpu {
        &self.gpu
    }

    /// Returns the table of extents. The extents of nodes that are not kept stay empty.
    pub fn maps(&self) -> &MapTable {
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
        let place = self.layout.places[node.0].filter(|_| self.layout.kept[node.0])?;
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
    pub fn course(&self) -> &Rc<Course> {
        &self.course
    }

    /// Returns the kernels of a pass in running order, each with the node whose output it computes.
    pub fn kernels(&self) -> impl Iterator<Item = (NodeId, Kernel)> {
        self.steps.iter().filter_map(|step| Some((step.node?, step.kernel)))
    }
}

/// Returns the buffers of a layout. The first ones exist already, in `there`.
pub(super) fn outputs(
    gpu: &Gpu,
    graph: &Graph,
    layout: &Layout,
    mut there: Vec<wgpu::Buffer>,
) -> Result<Vec<wgpu::Buffer>, GpuError> {
    for (size, name) in layout.sizes.iter().zip(&layout.names).skip(there.len()) {
        there.push(storage(gpu, &graph.node(*name).name, *size as u64 * F32_BYTES)?);
    }
    Ok(there)
}
