//! Ablation on the device: dispatches that replace those of ablated nodes, and scaled copies of weights.

use std::collections::BTreeMap;

use super::device::Gpu;
use super::device_tensors::DeviceTensors;
use super::error::GpuError;
use super::layout::OutputLayout;
use super::pack::TensorPacking;
use super::plan::{Dispatch, DispatchPlan, PackedTensor, PlanOptions};
use super::program::{BindableBuffers, BoundDispatch, BoundDispatches, Uniforms, bind, record};
use super::schedule::FusedUnit;
use net::{AblationFactors, Graph, NodeId};

/// The dispatches of an ablation as data.
#[derive(Debug, Default)]
pub(super) struct AblationPlan {
    /// The dispatches that replace those of ablated nodes, with the tensors that they bind.
    plan: DispatchPlan,
    /// The dispatches that scale kernels in the copies of weights.
    kernel_scaling: Vec<Dispatch>,
    /// The weights whose kernels are scaled.
    scaled: Vec<PackedTensor>,
}

impl AblationPlan {
    /// Plans the ablations of `options.effects` in a network whose outputs are stored as in `layout`.
    pub(super) fn new(graph: &Graph, layout: &OutputLayout, options: &PlanOptions) -> Result<Self, GpuError> {
        let effects = options.effects;
        let mut plan = DispatchPlan::default();
        for node in effects.nodes() {
            plan.lower(graph, layout, &FusedUnit::alone(graph, node), options)?;
        }
        let (mut kernel_scaling, mut scaled) = (Vec::new(), Vec::new());
        for node in effects.nodes().filter(|&node| !effects.kernels(node).is_empty()) {
            let name = format!("{}.weight", graph.node(node).name);
            let is_its =
                |pack: &TensorPacking| matches!(pack, TensorPacking::ConvWeight { name: of, .. } if *of == name);
            if let Some(tensor) = plan.tensors.iter().position(|tensor| is_its(&tensor.pack)) {
                scaled.push(plan.tensors[tensor].clone());
                kernel_scaling.extend(plan.scale_kernels(graph, node, tensor, effects.kernels(node)));
            }
        }
        Ok(Self { plan, kernel_scaling, scaled })
    }

    /// Returns all dispatches: first those that scale kernels.
    fn dispatches(&self) -> impl Iterator<Item = &Dispatch> + Clone {
        self.kernel_scaling.iter().chain(&self.plan.dispatches)
    }

    /// Returns whether this plan and `other` differ in their uniforms at most.
    fn binds_the_same(&self, other: &Self) -> bool {
        let bound = |plan: &Self| (plan.kernel_scaling.len(), plan.plan.dispatches.len());
        let alike = |(a, b): (&Dispatch, &Dispatch)| {
            (a.kernel, &a.bindings, a.workgroups, a.node) == (b.kernel, &b.bindings, b.workgroups, b.node)
        };
        bound(self) == bound(other)
            && self.plan.tensors == other.plan.tensors
            && self.scaled == other.scaled
            && self.dispatches().zip(other.dispatches()).all(alike)
    }
}

/// The dispatches and weights that replace those of the network while parts of it are ablated.
#[derive(Debug, Default)]
pub(super) struct GpuAblation {
    pub(super) effects: AblationFactors,
    /// For each ablated node, the dispatches that run in place of its own.
    pub(super) dispatches: BTreeMap<NodeId, Vec<BoundDispatch>>,
    /// Copies of the weights whose kernels are scaled.
    pub(super) tensors: DeviceTensors,
    kernel_scaling: Vec<BoundDispatch>,
    uniforms: Option<Uniforms>,
    plan: AblationPlan,
}

impl GpuAblation {
    /// Binds the dispatches of `plan`, and copies and scales the weights whose kernels are ablated. `buffers` are those
    /// of the network.
    pub(super) fn new(
        gpu: &Gpu,
        effects: &AblationFactors,
        plan: AblationPlan,
        buffers: &BindableBuffers,
    ) -> Result<Self, GpuError> {
        let tensors = DeviceTensors::new(gpu, plan.scaled.clone())?;
        let source = buffers.tensors;
        let buffers = BindableBuffers { planned: &plan.plan.tensors, overriding_tensors: Some(&tensors), ..*buffers };
        let BoundDispatches { dispatches: mut kernel_scaling, uniforms } = bind(gpu, plan.dispatches(), &buffers)?;
        let mut dispatches: BTreeMap<NodeId, Vec<BoundDispatch>> = BTreeMap::new();
        for dispatch in kernel_scaling.split_off(plan.kernel_scaling.len()) {
            if let Some(node) = dispatch.node {
                dispatches.entry(node).or_default().push(dispatch);
            }
        }
        let effects = effects.clone();
        let ablation = Self { effects, dispatches, tensors, kernel_scaling, uniforms: Some(uniforms), plan };
        ablation.scale_weights(gpu, source)?;
        Ok(ablation)
    }

    /// Takes over `effects` and their `plan` if only uniforms change, as when a part is scaled by another factor.
    /// Returns whether it did. `source` are the tensors of the network.
    pub(super) fn update(
        &mut self,
        gpu: &Gpu,
        effects: &AblationFactors,
        plan: &AblationPlan,
        source: &DeviceTensors,
    ) -> Result<bool, GpuError> {
        let Some(uniforms) = self.uniforms.as_ref().filter(|_| self.plan.binds_the_same(plan)) else {
            return Ok(false);
        };
        uniforms.write(gpu, plan.dispatches());
        self.scale_weights(gpu, source)?;
        self.effects = effects.clone();
        Ok(true)
    }

    /// Copies the weights whose kernels are ablated, and scales the kernels in the copies.
    fn scale_weights(&self, gpu: &Gpu, source: &DeviceTensors) -> Result<(), GpuError> {
        if self.kernel_scaling.is_empty() {
            return Ok(());
        }
        gpu.record(|encoder| {
            self.tensors.copy_from(source, encoder);
            record(encoder, None, &self.kernel_scaling);
        })
    }
}
