//! The gradient of one batch, computed in parts that run in parallel and are summed in a fixed order.

use std::collections::BTreeMap;

use candle_core::{D, DType, Device, Tensor, Var};
use candle_nn::VarBuilder;

use super::TrainError;
use super::distort::{Distortion, FIELD_PIXELS, write_distorted};
use super::evaluate::normalize_ink;
use super::idx::Digits;
use super::optimizer::AdamW;
use engine::cpu::BatchNetwork;
use net::{Graph, Op};
use weights::Weights;

/// Digits per part, few enough that the gathered windows of a layer stay in the cache.
///
/// The size of a part affects the result, because floating-point sums depend on their order. The number of threads does
/// not.
const DIGITS_PER_PART: usize = 32;

/// A network whose trainable tensors are candle variables.
pub(super) struct Trainable {
    pub(super) network: BatchNetwork,
    pub(super) vars: BTreeMap<String, Var>,
    /// Factor of the scores before the softmax.
    scale: f64,
    /// Distance of the additional class that stands for no digit.
    rubbish_distance: Option<f64>,
}

/// Loss, errors and gradients, summed over digits.
#[derive(Debug, Clone, Default)]
pub(super) struct BatchGradients {
    pub(super) loss: f64,
    pub(super) errors: usize,
    /// Gradients of the mean loss of the batch, by tensor name.
    pub(super) gradients: BTreeMap<String, Vec<f32>>,
}

/// The digits of a batch and how they are distorted.
pub(super) struct Batch<'a> {
    pub(super) digits: &'a Digits,
    /// Indices of the batch's digits in `digits`.
    pub(super) indices: &'a [usize],
    pub(super) distortion: Distortion,
    pub(super) seed: u64,
    pub(super) epoch: usize,
}

impl Trainable {
    /// Builds `graph` with the values of `start`. See [`super::Recipe::rubbish`] for `rubbish_distance`.
    pub(super) fn new(graph: &Graph, start: &Weights, rubbish_distance: Option<f64>) -> Result<Self, TrainError> {
        let mut vars = BTreeMap::new();
        let mut tensors = std::collections::HashMap::new();
        for (name, spec) in graph.all_tensors() {
            let values = start.get(&name).map(|array| array.values.as_slice()).unwrap_or_default();
            let tensor = Tensor::from_slice(values, spec.dims.as_slice(), &Device::Cpu)?;
            if spec.trainable {
                let var = Var::from_tensor(&tensor)?;
                tensors.insert(name.clone(), var.as_tensor().clone());
                vars.insert(name, var);
            } else {
                tensors.insert(name, tensor);
            }
        }
        let network = BatchNetwork::from_vars(graph, &VarBuilder::from_tensors(tensors, DType::F32, &Device::Cpu))?;
        let scale = match &graph.node(graph.probabilities).op {
            Op::Softmax(softmax) => f64::from(softmax.scale),
            other => {
                return Err(TrainError::Recipe(format!("a network that ends in {} cannot be trained", other.title())));
            }
        };
        Ok(Self { network, vars, scale, rubbish_distance })
    }

    /// Copies the values of the optimizer to the variables.
    pub(super) fn set(&self, adam: &AdamW) -> Result<(), TrainError> {
        for (name, var) in &self.vars {
            let state = &adam.states[name];
            var.set(&Tensor::from_slice(&state.value, state.dims.as_slice(), &Device::Cpu)?)?;
        }
        Ok(())
    }

    /// Computes the outcome of one batch. Its parts are distributed over `threads` threads.
    pub(super) fn batch_gradients(
        &self,
        graph: &Graph,
        batch: &Batch<'_>,
        threads: usize,
    ) -> Result<BatchGradients, TrainError> {
        let parts: Vec<&[usize]> = batch.indices.chunks(DIGITS_PER_PART).collect();
        let threads = threads.clamp(1, parts.len().max(1));
        let mut outcomes: Vec<Option<Result<BatchGradients, TrainError>>> = (0..parts.len()).map(|_| None).collect();
        let share = parts.len().div_ceil(threads);
        std::thread::scope(|scope| {
            let mut own = None;
            for (parts, outcomes) in parts.chunks(share).zip(outcomes.chunks_mut(share)) {
                let work = move || {
                    for (part, outcome) in parts.iter().zip(outcomes) {
                        *outcome = Some(self.part_gradients(graph, batch, part));
                    }
                };
                // This thread computes the first share itself.
                if own.is_none() {
                    own = Some(work);
                } else {
                    scope.spawn(work);
                }
            }
            if let Some(work) = own {
                work();
            }
        });
        let mut total = BatchGradients::default();
        for outcome in outcomes.into_iter().flatten() {
            let outcome = outcome?;
            total.loss += outcome.loss;
            total.errors += outcome.errors;
            for (name, gradient) in outcome.gradients {
                match total.gradients.get_mut(&name) {
                    Some(sum) => sum.iter_mut().zip(&gradient).for_each(|(sum, g)| *sum += g),
                    None => {
                        total.gradients.insert(name, gradient);
                    }
                }
            }
        }
        Ok(total)
    }

    /// Computes the outcome of the digits at `indices`, one part of the batch.
    fn part_gradients(
        &self,
        graph: &Graph,
        batch: &Batch<'_>,
        indices: &[usize],
    ) -> Result<BatchGradients, TrainError> {
        let count = indices.len();
        let mut fields = vec![0.0; count * FIELD_PIXELS];
        for (field, &index) in fields.chunks_exact_mut(FIELD_PIXELS).zip(indices) {
            let key = [batch.seed, batch.epoch as u64, index as u64];
            write_distorted(batch.digits.image(index), batch.distortion, key, field);
        }
        normalize_ink(graph, &mut fields);
        let x = Tensor::from_vec(fields, (count, FIELD_PIXELS), &Device::Cpu)?.t()?.contiguous()?;
        let labels: Vec<u32> = indices.iter().map(|&index| u32::from(batch.digits.labels[index])).collect();
        let targets = Tensor::from_slice(&labels, (count, 1), &Device::Cpu)?;
        let scores = (self.network.scores(&x)? * self.scale)?.t()?.contiguous()?;
        let best = scores.argmax(1)?.to_vec1::<u32>()?;
        let scores = match self.rubbish_distance {
            Some(distance) => {
                let further = Tensor::full((distance * self.scale) as f32, (count, 1), &Device::Cpu)?;
                Tensor::cat(&[&scores, &further], 1)?
            }
            None => scores,
        };
        let log_probabilities = candle_nn::ops::log_softmax(&scores, D::Minus1)?;
        let loss = log_probabilities.gather(&targets, 1)?.sum_all()?.neg()?;
        // Divide by the size of the batch, not of this part, so that the gradients of the parts add up to the mean.
        let grads = (&loss / batch.indices.len() as f64)?.backward()?;
        let gradients = self
            .vars
            .iter()
            .filter_map(|(name, var)| grads.get(var).map(|g| Ok((name.clone(), g.flatten_all()?.to_vec1()?))))
            .collect::<candle_core::Result<_>>()?;
        let errors = best.iter().zip(&labels).filter(|(best, label)| best != label).count();
        Ok(BatchGradients { loss: f64::from(loss.to_scalar::<f32>()?), errors, gradients })
    }
}
