//! The engine of the stage, and what the stage asks of it beyond passes.

use engine::gpu::PassReadback;
use engine::{AnyEngine, Engine as _, PassRequest};
use net::{AblationFactors, Graph};

use super::fault::{Arriving, Fault, PassListener};
use super::gpu::{GpuSide, MapDisplay};
use crate::app::maps::Drawing;
use crate::app::runner::job::Job;
use crate::app::worker::CpuWorker;

/// The engine of the stage with its network. Its CPU engine runs in a worker.
pub(in crate::app) struct StageEngine(pub(in crate::app) AnyEngine<CpuWorker, Box<GpuSide>>);

impl StageEngine {
    /// Returns whether the GPU draws the maps from its own buffers. Otherwise a pass reports the outputs that the page
    /// keeps.
    pub(in crate::app) fn is_direct(&self) -> bool {
        self.direct().is_some()
    }

    /// Returns the network on the GPU, if the GPU draws the maps from its own buffers.
    pub(in crate::app) fn direct(&self) -> Option<&GpuSide> {
        match &self.0 {
            AnyEngine::Gpu(side) if matches!(side.display, MapDisplay::Direct(_)) => Some(side),
            _ => None,
        }
    }

    /// Returns the same as [`StageEngine::direct`], for changes.
    pub(in crate::app) fn direct_mut(&mut self) -> Option<&mut GpuSide> {
        match &mut self.0 {
            AnyEngine::Gpu(side) if matches!(side.display, MapDisplay::Direct(_)) => Some(side),
            _ => None,
        }
    }

    /// Draws the maps of the last pass, if the GPU draws them. Otherwise returns the drawing.
    pub(in crate::app) fn paint(&mut self, drawing: Drawing) -> Result<Option<Drawing>, Fault> {
        let AnyEngine::Gpu(side) = &mut self.0 else { return Ok(Some(drawing)) };
        let GpuSide { gpu, network, display: MapDisplay::Direct(direct), .. } = &mut **side else {
            return Ok(Some(drawing));
        };
        direct.paint(drawing, gpu, network)?;
        Ok(None)
    }

    /// Begins a pass, or its first part; [`StageEngine::go_on`] begins the next one.
    ///
    /// If the GPU draws the maps, `drawing` is asked for the picture after so many finished nodes, and the pass returns
    /// the numbers of the job's readback. Otherwise the outputs of the job's nodes are reported to `listener`, one by
    /// one.
    pub(in crate::app) fn begin(
        &mut self,
        job: &Job,
        drawing: impl FnOnce(usize) -> Drawing,
        listener: &PassListener,
    ) -> Result<Arriving, Fault> {
        match &mut self.0 {
            AnyEngine::Cpu(worker) => {
                let pending =
                    worker.streaming_pass(&job.input, job.nodes.clone(), &job.effects, job.stale.as_deref())?;
                let listener = PassListener::clone(listener);
                Ok(Box::pin(async move {
                    let outcome = pending.listen(None, &*listener).await?;
                    Ok(PassReadback { elapsed_ms: outcome.milliseconds, ..PassReadback::default() })
                }))
            }
            AnyEngine::Gpu(side) => Ok(side.part(job, true, drawing, listener)?),
        }
    }

    /// Begins the next part of a pass, as [`StageEngine::begin`] does; `None` if there is none.
    pub(in crate::app) fn go_on(
        &mut self,
        job: &Job,
        drawing: impl FnOnce(usize) -> Drawing,
        listener: &PassListener,
    ) -> Option<Result<Arriving, Fault>> {
        match &mut self.0 {
            AnyEngine::Gpu(side) if side.has_more_parts() => {
                Some(side.part(job, false, drawing, listener).map_err(Fault::from))
            }
            _ => None,
        }
    }

    /// The part that was begun last has ended. Returns whether another part follows.
    pub(in crate::app) fn finish_part(&mut self) -> bool {
        match &mut self.0 {
            AnyEngine::Gpu(side) => {
                side.finish_part();
                side.has_more_parts()
            }
            AnyEngine::Cpu(_) => false,
        }
    }

    /// Begins passes of `inputs` beside what the page shows, with those ablations or with none. The result holds the
    /// scores and the probabilities of the first input, then of the second, and so on.
    pub(in crate::app) fn submit_detached(
        &mut self,
        graph: &Graph,
        inputs: &[&[f32]],
        effects: Option<&AblationFactors>,
    ) -> Result<Arriving, Fault> {
        let nodes = vec![graph.logits, graph.probabilities];
        match &mut self.0 {
            AnyEngine::Gpu(side) => {
                let pending = side.network.submit_detached(inputs, &nodes, effects.is_some())?;
                Ok(Box::pin(async move { Ok(pending.finish().await?) }))
            }
            AnyEngine::Cpu(worker) => {
                let effects = effects.unwrap_or(AblationFactors::NONE);
                let mut begin = |&input| worker.begin(&PassRequest { input, nodes: &nodes, effects, timed: false });
                let begun = inputs.iter().map(&mut begin).collect::<Result<Vec<_>, _>>()?;
                Ok(Box::pin(async move {
                    let mut reading = PassReadback::default();
                    for pending in begun {
                        let result = pending.await?;
                        reading.elapsed_ms += result.elapsed_ms;
                        reading.slices.extend(result.outputs);
                    }
                    Ok(reading)
                }))
            }
        }
    }

    /// Returns how many nodes, from the first, are finished when the last submitted part is done; `None` if the engine
    /// reports outputs one by one.
    pub(in crate::app) fn submitted(&self) -> Option<usize> {
        self.direct().map(GpuSide::submitted)
    }
}
