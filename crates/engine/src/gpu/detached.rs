//! Detached passes: they run other inputs and leave the outputs of the network as they are.

use std::rc::Rc;

use super::clock::Stopwatch;
use super::error::GpuError;
use super::layout::Layout;
use super::network::{Extra, GpuNetwork, choose, outputs};
use super::pass::{Pending, record};
use super::plan::{Plan, Terms};
use super::program::{Bound, Buffers, F32_BYTES, bind};
use super::schedule::Schedule;
use crate::Slice;
use net::{AblationFactors, NodeId};

impl GpuNetwork {
    /// Submits one pass for each of `inputs` and returns the whole outputs of `nodes`: first those for the first input,
    /// then those for the second, and so on.
    ///
    /// Each input is `[channels, height, width]`, preprocessed. The passes run with the ablations of
    /// [`GpuNetwork::cut`] if `keep_cuts` is true, and without any otherwise. The outputs and extents of the last
    /// ordinary pass stay as they are.
    ///
    /// # Errors
    /// [`GpuError::Input`] if an input does not have the network's size, [`GpuError::Lost`] if the device is lost, and
    /// errors of earlier commands.
    pub fn aside(&self, inputs: &[&[f32]], nodes: &[NodeId], keep_cuts: bool) -> Result<Pending, GpuError> {
        self.gpu.health.check()?;
        let expected = self.graph.input.shape.elements();
        if let Some(input) = inputs.iter().find(|input| input.len() != expected) {
            return Err(GpuError::Input { expected, got: input.len() });
        }
        let program = self.beside(nodes, keep_cuts)?;
        let stopwatch = Stopwatch::start();
        let whole = |node: &NodeId| Slice { node: *node, start: 0, len: self.values(*node) };
        let slices: Vec<Slice> = nodes.iter().map(whole).collect();
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
    fn beside(&self, nodes: &[NodeId], keep_cuts: bool) -> Result<Rc<Extra>, GpuError> {
        let mut last = self.beside.borrow_mut();
        if let Some((_, program)) = last.as_ref().filter(|(cut, program)| *cut == keep_cuts && program.nodes == nodes) {
            return Ok(Rc::clone(program));
        }
        if let Some((_, old)) = last.take() {
            old.destroy(0);
        }
        let (graph, nothing) = (&*self.graph, AblationFactors::default());
        let effects = if keep_cuts { &self.cutting.effects } else { &nothing };
        // A node whose output is scaled must not be fused into another.
        let mut wanted = vec![false; graph.nodes.len()];
        for node in nodes.iter().copied().chain(effects.nodes()) {
            wanted[node.0] = true;
        }
        let schedule = Schedule::new(graph, &wanted, &vec![false; wanted.len()], false);
        let layout = Layout::new(graph, &schedule, &wanted, &Layout::default());
        let terms = Terms { most_bytes: self.gpu.most_bytes(), choose: &choose(&self.gpu, &self.tuning), effects };
        let mut plan = Plan::of(graph, &schedule, &layout, &terms)?;
        if !effects.maps(NodeId(0)).is_empty() {
            // No unit computes the input, so its scaling comes before all units.
            let units = std::mem::take(&mut plan.forward);
            plan.scale_maps(graph, &layout, effects, NodeId(0));
            plan.forward.extend(units);
        }
        let buffers = outputs(&self.gpu, graph, &layout, Vec::new())?;
        let bound = Buffers {
            outputs: &buffers,
            planned: &plan.tensors,
            tensors: &self.tensors,
            over: keep_cuts.then_some(&self.cutting.tensors),
            extents: &self.extents,
            folds: &self.folds,
        };
        let Bound { steps, uniforms } = bind(&self.gpu, plan.forward.iter(), &bound)?;
        let program = Rc::new(Extra { nodes: nodes.to_vec(), layout, buffers, steps, uniforms });
        *last = Some((keep_cuts, Rc::clone(&program)));
        Ok(program)
    }

    /// Frees the cached program, because its ablations are outdated or the network is dropped.
    pub(super) fn drop_beside(&self) {
        if let Some((_, program)) = self.beside.borrow_mut().take() {
            program.destroy(0);
        }
    }
}
