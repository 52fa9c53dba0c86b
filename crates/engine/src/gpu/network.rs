//! A network on the GPU: its buffers, and the programs that fill them.

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
use net::{Effects, Graph, NodeId};

/// How a network is built.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct NetworkOptions {
    /// The outputs that are there after a pass.
    pub keep: Keep,
    /// What was measured on this adapter; where it knows nothing of a layer, a sensible kernel serves.
    pub tuning: Tuning,
}

/// Outputs that a pass does not keep, computed from those that it does.
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

    /// Gives its memory back at once; its first buffers are not its own.
    pub(super) fn destroy(&self, others: usize) {
        self.buffers[others..].iter().chain([&self.uniforms]).for_each(wgpu::Buffer::destroy);
    }
}

/// A network on the GPU. Its weights were uploaded once.
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
    /// Those of the course, then one for each of `measured`, then those that fold extents.
    pub(super) steps: Vec<Step>,
    pub(super) course: Rc<Course>,
    pub(super) cutting: Cutting,
    pub(super) measured: Vec<NodeId>,
    pub(super) timer: Option<Timer>,
    pub(super) staging: Staging,
    pub(super) tuning: Tuning,
    bytes: u64,
    /// The last one that was asked for: a page asks for the same again and again.
    extra: RefCell<Option<Rc<Extra>>>,
    /// The program of the last passes beside those that are kept, and whether it has the cuts.
    pub(super) beside: RefCell<Option<(bool, Rc<Extra>)>>,
}

/// The kernel of a convolution: the one that was measured to be the fastest, or a sensible one.
pub(super) fn choose<'a>(gpu: &'a Gpu, tuning: &'a Tuning) -> impl Fn(&ConvShape) -> Kernel + 'a {
    let software = gpu.is_software();
    move |shape| tuning.kernel(gpu.name(), shape).unwrap_or_else(|| shape.default_kernel(software))
}

impl Drop for GpuNetwork {
    /// A browser frees a buffer that nobody has any more when it next collects garbage, which for all it knows is little:
    /// hundreds of megabytes would wait for it.
    fn drop(&mut self) {
        let own = self.buffers.iter().chain(self.tensors.buffers());
        own.chain([&self.extents, &self.folds, &self.uniforms]).for_each(wgpu::Buffer::destroy);
        self.cutting.destroy();
        self.drop_beside();
        self.drop_extra();
    }
}

impl GpuNetwork {
    /// Uploads `weights` and makes all buffers and bindings of `graph`. Every node's output is kept.
    ///
    /// # Errors
    /// As [`GpuNetwork::build`].
    pub async fn new(gpu: &Gpu, graph: &Graph, weights: &impl TensorRows) -> Result<Self, GpuError> {
        Self::build(gpu, graph, weights, NetworkOptions::default()).await
    }

    /// Uploads `weights`, some megabytes at a time, and makes all buffers and bindings of `graph`.
    ///
    /// # Errors
    /// [`GpuError::TooLarge`] where a buffer passes the adapter's limits, [`GpuError::OutOfMemory`] where memory
    /// is full, [`GpuError::Lost`] where the device is gone; what `weights` says.
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
        // Both are popped before the first is awaited: scopes are a stack.
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
        // What lacks room is told here by some drivers, not where the buffers are made.
        gpu.queue.submit([]);
        gpu.idle().await.map_err(|error| error.needing(needs))?;
        Ok(network)
    }

    fn make(gpu: &Gpu, graph: &Graph, options: NetworkOptions) -> Result<Self, GpuError> {
        let NetworkOptions { keep, tuning } = options;
        let flags = keep.flags(graph);
        let schedule = Schedule::new(graph, &flags, &vec![false; flags.len()], true);
        let layout = Layout::new(graph, &schedule, &flags, &Layout::default());
        let plan = {
            let effects = &Effects::default();
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

    /// The program that computes those of `nodes` that a pass does not keep; none where it keeps all.
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
        // The former one's memory goes before the new one's comes.
        drop(last);
        self.drop_extra();
        let graph = &*self.graph;
        let wanted = Keep::Nodes(nodes.clone()).flags(graph);
        // Nothing is fused, so that no tensors are needed but those of the nodes themselves.
        let schedule = Schedule::new(graph, &wanted, &self.layout.kept, false);
        let layout = Layout::new(graph, &schedule, &wanted, &self.layout.remains());
        let effects = &Effects::default();
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

    /// Gives the memory of the last extra outputs back.
    fn drop_extra(&self) {
        if let Some(extra) = self.extra.borrow_mut().take() {
            extra.destroy(self.buffers.len());
        }
    }

    /// The GPU it lives on.
    pub fn gpu(&self) -> &Gpu {
        &self.gpu
    }

    /// Where the extents of maps, layers and network stand. Those of nodes that are not kept stay empty.
    pub fn maps(&self) -> &MapTable {
        &self.maps
    }

    /// Bytes of all buffers that hold weights and outputs.
    pub fn bytes(&self) -> u64 {
        self.bytes
    }

    /// A node's output after a pass: its buffer, and its first value there (F32, CHW or N order). `None` where it is
    /// not kept.
    pub fn output(&self, node: NodeId) -> Option<(&wgpu::Buffer, usize)> {
        let place = self.layout.places[node.0].filter(|_| self.layout.kept[node.0])?;
        Some((&self.buffers[place.buffer], place.first))
    }

    /// How many values a node's output has.
    pub fn values(&self, node: NodeId) -> usize {
        self.graph.node(node).shape.elements()
    }

    /// How many nodes there are.
    pub fn nodes(&self) -> usize {
        self.graph.nodes.len()
    }

    /// The extents, least and greatest, in the order of [`GpuNetwork::maps`].
    pub fn extents(&self) -> &wgpu::Buffer {
        &self.extents
    }

    /// What a pass runs, and how it may be divided.
    pub fn course(&self) -> &Rc<Course> {
        &self.course
    }

    /// The kernel that gives each output of a pass, in the order they run.
    pub fn kernels(&self) -> impl Iterator<Item = (NodeId, Kernel)> {
        self.steps.iter().filter_map(|step| Some((step.node?, step.kernel)))
    }
}

/// The buffers of a layout, the first of which are there already.
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
