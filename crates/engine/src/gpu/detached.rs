//! Detached passes: they run other inputs and leave the outputs of the network as they are.

use std::rc::Rc;

use super::buffers::F32_BYTES;
use super::error::GpuError;
use super::extra_program::ExtraProgram;
use super::layout::OutputLayout;
use super::network::{GpuNetwork, output_buffers};
use super::plan::DispatchPlan;
use super::program::{bind, record};
use super::readback::PendingPass;
use super::schedule::FusionSchedule;
use crate::OutputSlice;
use crate::clock::Stopwatch;
use net::{AblationFactors, NodeId};

impl GpuNetwork {
    /// Submits one pass for each of `inputs` and returns the whole outputs of `nodes`: first those for the first input,
    /// then those for the second, and so on.
    ///
    /// Each input is `[channels, height, width]`, preprocessed. The passes run with the ablations of
    /// [`GpuNetwork::ablate`] if `with_ablations` is true, and without any otherwise. The outputs and extents of the
    /// last ordinary pass stay as they are.
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
        let staging = self.staging.take(&self.gpu, bytes)?;
        let mut at = 0;
        for input in inputs {
            let label = Some("detached pass");
            let mut encoder = self.gpu.device.create_command_encoder(&wgpu::CommandEncoderDescriptor { label });
            if let Some((buffer, _)) = program.output(NodeId(0)) {
                self.gpu.queue.write_buffer(buffer, 0, bytemuck::cast_slice(input));
            }
            record(&mut encoder, None, &program.program.dispatches);
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
        let dispatches = program.program.dispatches.len() * inputs.len();
        Ok(PendingPass::new(&self.gpu, &self.staging, stopwatch, Some((staging, bytes)), lengths, dispatches))
    }

    /// Returns the program of detached passes. The most recent one is cached.
    fn detached_program(&self, nodes: &[NodeId], with_ablations: bool) -> Result<Rc<ExtraProgram>, GpuError> {
        let mut last = self.detached_program.borrow_mut();
        if let Some((_, program)) =
            last.as_ref().filter(|(with, program)| *with == with_ablations && program.nodes == nodes)
        {
            return Ok(Rc::clone(program));
        }
        // Free the old program before allocating the new one.
        *last = None;
        let (graph, nothing) = (&*self.graph, AblationFactors::default());
        let effects = if with_ablations { &self.ablation.effects } else { &nothing };
        // A node whose output is scaled must not be fused into another.
        let mut wanted = vec![false; graph.nodes.len()];
        for node in nodes.iter().copied().chain(effects.nodes()) {
            wanted[node.0] = true;
        }
        let schedule = FusionSchedule::new(graph, &wanted, &vec![false; wanted.len()], false);
        let layout = OutputLayout::new(graph, &schedule, &wanted, &OutputLayout::default());
        let mut plan = self.plan(effects, |options| DispatchPlan::of(graph, &schedule, &layout, options))?;
        if !effects.maps(NodeId(0)).is_empty() {
            // No unit computes the input, so its scaling comes before all units.
            let units = std::mem::take(&mut plan.dispatches);
            plan.scale_maps(graph, &layout, effects, NodeId(0));
            plan.dispatches.extend(units);
        }
        let buffers = output_buffers(&self.gpu, graph, &layout, Vec::new())?;
        let scaled = with_ablations.then_some(&self.ablation.tensors);
        let program = bind(&self.gpu, plan.dispatches.iter(), &self.bindable(&buffers, &plan.tensors, scaled))?;
        let program = Rc::new(ExtraProgram { nodes: nodes.to_vec(), layout, buffers, program });
        *last = Some((with_ablations, Rc::clone(&program)));
        Ok(program)
    }
}
