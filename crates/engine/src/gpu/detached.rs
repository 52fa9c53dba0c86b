//! Detached passes: they run other inputs and leave the outputs of the network as they are.

use std::rc::Rc;

use super::clock::Stopwatch;
use super::error::GpuError;
use super::layout::OutputLayout;
use super::network::{ExtraProgram, GpuNetwork, kernel_chooser, outputs};
use super::pass::{PendingPass, record};
use super::plan::{DispatchPlan, PlanOptions};
use super::program::{BindableBuffers, BoundDispatches, F32_BYTES, bind};
use super::schedule::FusionSchedule;
use crate::OutputSlice;
use net::{AblationFactors, NodeId};

impl GpuNetwork {
    /// Submits one pass for each of `inputs` and returns the whole outputs of `nodes`: first those for the first input,
    /// then those for the second, and so on.
    ///
    /// Each input is `[channels, height, width]`, preprocessed. The passes run with the ablations of
    /// [`GpuNetwork::cut`] if `with_ablations` is true, and without any otherwise. The outputs and extents of the last
    /// ordinary pass stay as they are.
    ///
    /// # Errors
    /// [`GpuError::Input`] if an input does not have the network's size, [`GpuError::Lost`] if the device is lost, and
    /// errors of earlier commands.
    pub fn submit_detached(
        &self,
        inputs: &[&[f32]],
        nodes: &[NodeId],
        with_ablations: bool,
    ) -> Result<PendingPass, GpuError> {
        self.gpu.health.check()?;
        let expected = self.graph.input.shape.elements();
        if let Some(input) = inputs.iter().find(|input| input.len() != expected) {
            return Err(GpuError::Input { expected, got: input.len() });
        }
        let program = self.detached_program(nodes, with_ablations)?;
        let stopwatch = Stopwatch::start();
        let slices: Vec<OutputSlice> = nodes.iter().map(|&node| OutputSlice::whole(&self.graph, node)).collect();
        let values: usize = slices.iter().map(|slice| slice.len).sum();
        let bytes = (values * inputs.len()) as u64 * F32_BYTES;
        let staging = self.staging.take(&self.gpu.device, bytes);
        let mut at = 0;
        for input in inputs {
            let label = Some("aside");
            let mut encoder = self.gpu.device.create_command_encoder(&wgpu::CommandEncoderDescriptor { label });
            if let Some((buffer, _)) = program.output(NodeId(0)) {
                self.gpu.queue.write_buffer(buffer, 0, bytemuck::cast_slice(input));
            }
            record(&mut encoder, None, &program.steps);
            for slice in &slices {
                let length = slice.len as u64 * F32_BYTES;
                if let Some((buffer, first)) = program.output(slice.node) {
                    encoder.copy_buffer_to_buffer(buffer, first as u64 * F32_BYTES, &staging, at, length);
                }
                at += length;
            }
            // Each input needs its own submit: a buffer write takes effect before the next submit, not before the next
            // pass.
            self.gpu.queue.submit([encoder.finish()]);
        }
        let lengths = inputs.iter().flat_map(|_| slices.iter().map(|slice| slice.len)).collect();
        Ok(self.pending(stopwatch, Some((staging, bytes)), lengths, program.steps.len() * inputs.len()))
    }

    /// Returns the program of detached passes. The most recent one is cached.
    fn detached_program(&self, nodes: &[NodeId], with_ablations: bool) -> Result<Rc<ExtraProgram>, GpuError> {
        let mut last = self.detached_program.borrow_mut();
        if let Some((_, program)) =
            last.as_ref().filter(|(cut, program)| *cut == with_ablations && program.nodes == nodes)
        {
            return Ok(Rc::clone(program));
        }
        if let Some((_, old)) = last.take() {
            old.destroy(0);
        }
        let (graph, nothing) = (&*self.graph, AblationFactors::default());
        let effects = if with_ablations { &self.ablation.effects } else { &nothing };
        // A node whose output is scaled must not be fused into another.
        let mut wanted = vec![false; graph.nodes.len()];
        for node in nodes.iter().copied().chain(effects.nodes()) {
            wanted[node.0] = true;
        }
        let schedule = FusionSchedule::new(graph, &wanted, &vec![false; wanted.len()], false);
        let layout = OutputLayout::new(graph, &schedule, &wanted, &OutputLayout::default());
        let options = PlanOptions {
            max_buffer_bytes: self.gpu.max_buffer_bytes(),
            choose_kernel: &kernel_chooser(&self.gpu, &self.tuning),
            effects,
        };
        let mut plan = DispatchPlan::of(graph, &schedule, &layout, &options)?;
        if !effects.maps(NodeId(0)).is_empty() {
            // No unit computes the input, so its scaling comes before all units.
            let units = std::mem::take(&mut plan.forward);
            plan.scale_maps(graph, &layout, effects, NodeId(0));
            plan.forward.extend(units);
        }
        let buffers = outputs(&self.gpu, graph, &layout, Vec::new())?;
        let bound = BindableBuffers {
            outputs: &buffers,
            planned: &plan.tensors,
            tensors: &self.tensors,
            overriding_tensors: with_ablations.then_some(&self.ablation.tensors),
            extents: &self.extents,
            reductions: &self.reductions,
        };
        let BoundDispatches { steps, uniforms } = bind(&self.gpu, plan.forward.iter(), &bound)?;
        let program = Rc::new(ExtraProgram { nodes: nodes.to_vec(), layout, buffers, steps, uniforms });
        *last = Some((with_ablations, Rc::clone(&program)));
        Ok(program)
    }

    /// Frees the cached program, because its ablations are outdated or the network is dropped.
    pub(super) fn drop_detached_program(&self) {
        if let Some((_, program)) = self.detached_program.borrow_mut().take() {
            program.destroy(0);
        }
    }
}
