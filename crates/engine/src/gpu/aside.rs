//! Passes beside those that are kept: what a network makes of other inputs, its own outputs untouched.

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
use net::{Effects, NodeId};

impl GpuNetwork {
    /// Passes every one of `inputs` (CHW, as the network takes them) in one go, with the cuts of
    /// [`GpuNetwork::cut`] where they are to `keep_cuts`, else with none, and gives the whole outputs of `nodes` for the first
    /// input, then for the second, and so on. What the last pass left stays as it is.
    ///
    /// # Errors
    /// [`GpuError::Input`] for a size that does not fit, [`GpuError::Lost`] where the device is gone; faults of earlier
    /// commands.
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
            // One submit an input: what is written to a buffer is there before the next submit, not before the next pass.
            self.gpu.queue.submit([encoder.finish()]);
        }
        let lengths = inputs.iter().flat_map(|_| slices.iter().map(|slice| slice.len)).collect();
        Ok(self.pending(stopwatch, Some((staging, bytes)), lengths, program.steps.len() * inputs.len()))
    }

    /// The program of such passes; the last one that was asked for is kept.
    fn beside(&self, nodes: &[NodeId], keep_cuts: bool) -> Result<Rc<Extra>, GpuError> {
        let mut last = self.beside.borrow_mut();
        if let Some((_, program)) = last.as_ref().filter(|(cut, program)| *cut == keep_cuts && program.nodes == nodes) {
            return Ok(Rc::clone(program));
        }
        if let Some((_, old)) = last.take() {
            old.destroy(0);
        }
        let (graph, nothing) = (&*self.graph, Effects::default());
        let effects = if keep_cuts { &self.cutting.effects } else { &nothing };
        // What is multiplied has to be there by itself.
        let mut wanted = vec![false; graph.nodes.len()];
        for node in nodes.iter().copied().chain(effects.nodes()) {
            wanted[node.0] = true;
        }
        let schedule = Schedule::new(graph, &wanted, &vec![false; wanted.len()], false);
        let layout = Layout::new(graph, &schedule, &wanted, &Layout::default());
        let terms = Terms { most_bytes: self.gpu.most_bytes(), choose: &choose(&self.gpu, &self.tuning), effects };
        let mut plan = Plan::of(graph, &schedule, &layout, &terms)?;
        if !effects.maps(NodeId(0)).is_empty() {
            // No unit gives the input: what is done to it comes first.
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

    /// Gives the memory of that program back: it is of other cuts, or the network goes.
    pub(super) fn drop_beside(&self) {
        if let Some((_, program)) = self.beside.borrow_mut().take() {
            program.destroy(0);
        }
    }
}
