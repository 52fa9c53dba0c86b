//! The training in the lesson on ReLU: the same small network with tanh and with ReLU, trained by candle natively or in
//! the browser (Krizhevsky et al. 2012, section 3.1 and figure 1).

mod activation;
mod curve;
mod error;
mod pictures;
mod pool;
mod seeded_numbers;

use std::cell::Cell;
use std::collections::HashMap;

use candle_core::backprop::GradStore;
use candle_core::{D, DType, Device, Tensor, Var};
use candle_nn::VarBuilder;

use super::mini_network::MiniNetwork;
pub use activation::TrainingActivation;
pub use curve::{MAX_EPOCHS, TARGET, TrainingCurve};
use engine::cpu::{BatchNetwork, CpuError};
pub use error::TrainingError;
use net::{Activation, Conv2d, Graph, Linear, MaxPool2d, NetError, NodeId, Op, Window};
pub use pictures::TrainingPictures;
use pictures::{CLASSES, SHAPE};
use pool::PooledActivations;
use seeded_numbers::SeededNumbers;

/// Images per training step.
pub const BATCH: usize = 20;
/// The momentum (Krizhevsky et al. 2012, section 5).
pub const MOMENTUM: f64 = 0.9;
/// Output channels of the convolutions.
const CHANNELS: [usize; 3] = [12, 16, 24];
/// Side of the kernels.
const KERNEL: usize = 3;

/// Declares the network to train: three convolutions, each with max pooling, and a fully connected layer. It has no
/// activation functions, because those are compared.
///
/// # Errors
/// Returns [`NetError`] if the network cannot be declared, which does not happen for these sizes.
pub fn small_network() -> Result<Graph, NetError> {
    MiniNetwork::graph(SHAPE, |builder| {
        for (place, channels) in CHANNELS.into_iter().enumerate() {
            let window = Window { kernel: KERNEL, stride: 1, padding: KERNEL / 2 };
            let conv = Conv2d { window, ..Conv2d::plain(channels, KERNEL, Activation::Identity) };
            builder.then(&format!("conv{}", place + 1), Op::Conv2d(conv))?;
            builder.then(&format!("pool{}", place + 1), Op::MaxPool2d(MaxPool2d::plain(2, 2)))?;
        }
        builder.then("fc", Op::Linear(Linear { units: CLASSES, activation: Activation::Identity })).map(drop)
    })
}

/// The settings of a training.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct TrainingSettings {
    /// Determines the initial weights and the order of the images, for every activation function alike.
    pub seed: u64,
    /// The learning rate.
    pub rate: f64,
    /// The standard deviation of the initial weights, in units of 1 / sqrt(fan-in).
    pub spread: f64,
}

/// The result of one training step. All measurements are made before the weights change.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct TrainingStep {
    /// Completed epochs, including one that this step completes.
    pub epoch: usize,
    /// Images used in the current epoch, including those of this step.
    pub seen: usize,
    /// How many of these were misclassified.
    pub errors: usize,
    /// The mean derivative of the activation functions at the sums for these images. It is 1 if no neuron is saturated
    /// or switched off.
    pub slope: f64,
    /// The mean cross-entropy of the images of this step, in nats.
    pub loss: f64,
    /// The error over all images as a fraction, if this step completes an epoch.
    pub error: Option<f64>,
}

/// A network in training by stochastic gradient descent with momentum, without any regularization (as in figure 1).
pub struct Training {
    network: BatchNetwork,
    /// The pooling nodes, each with the activation functions that follow it.
    pools: Vec<(NodeId, PooledActivations)>,
    vars: Vec<Var>,
    /// The last change of each variable.
    velocities: Vec<Tensor>,
    pictures: TrainingPictures,
    rate: f64,
    order: Vec<usize>,
    numbers: SeededNumbers,
    epoch: usize,
    seen: usize,
    errors: usize,
    /// The sum of the activation functions' derivatives in this epoch, and their number.
    slopes: (f64, usize),
}

/// Streams of random numbers: one for the weights and one for the order of the images.
const WEIGHTS: u64 = 0;
const ORDER: u64 = 1;

impl Training {
    /// Prepares a training.
    ///
    /// # Errors
    /// Returns [`TrainingError`] if the network cannot be built.
    pub fn new(
        pictures: TrainingPictures,
        activation: TrainingActivation,
        settings: TrainingSettings,
    ) -> Result<Self, TrainingError> {
        let TrainingSettings { seed, rate, spread } = settings;
        let graph = small_network()?;
        let mut numbers = SeededNumbers::new(seed, WEIGHTS);
        let (mut named, mut vars, mut velocities) = (HashMap::new(), Vec::new(), Vec::new());
        for (name, spec) in graph.all_tensors() {
            // With a spread of 1 this is the initialisation of LeCun et al. 1998, Efficient BackProp, section 4.6.
            // Biases start at zero.
            let fan_in: usize = spec.dims.iter().skip(1).product();
            let bound = if spec.dims.len() > 1 { spread * (3.0 / fan_in as f64).sqrt() } else { 0.0 };
            let count: usize = spec.dims.iter().product();
            let values: Vec<f32> = (0..count).map(|_| ((2.0 * numbers.uniform() - 1.0) * bound) as f32).collect();
            let var = Var::from_vec(values, spec.dims.as_slice(), &Device::Cpu)?;
            velocities.push(var.zeros_like()?);
            named.insert(name, var.as_tensor().clone());
            vars.push(var);
        }
        let network = BatchNetwork::from_vars(&graph, &VarBuilder::from_tensors(named, DType::F32, &Device::Cpu))?;
        let pools = graph.iter().filter(|(_, node)| matches!(node.op, Op::MaxPool2d(_)));
        Ok(Self {
            pools: pools
                .map(|(id, _)| (id, PooledActivations { maps: graph.input_shape(id).chw(), activation }))
                .collect(),
            order: (0..pictures.len()).collect(),
            numbers: SeededNumbers::new(seed, ORDER),
            network,
            vars,
            velocities,
            pictures,
            rate,
            epoch: 0,
            seen: 0,
            errors: 0,
            slopes: (0.0, 0),
        })
    }

    /// Returns the number of completed epochs.
    pub fn epoch(&self) -> usize {
        self.epoch
    }

    /// Runs the network on the next images and updates the weights.
    ///
    /// # Errors
    /// Returns [`TrainingError::Cpu`] or [`TrainingError::Candle`] if an operation fails.
    pub fn step(&mut self) -> Result<TrainingStep, TrainingError> {
        if self.seen == 0 {
            self.numbers.shuffle(&mut self.order);
            self.errors = 0;
            self.slopes = (0.0, 0);
        }
        let end = (self.seen + BATCH).min(self.order.len());
        let (values, classes) = self.pictures.batch(&self.order[self.seen..end]);
        let x = Tensor::from_vec(values, (SHAPE.elements(), classes.len()), &Device::Cpu)?;
        let (scores, (sum, count)) = self.scores(&x)?;
        self.slopes = (self.slopes.0 + sum, self.slopes.1 + count);
        self.errors += errors(&scores, &classes)?;
        let classes = Tensor::new(classes, &Device::Cpu)?;
        let loss = candle_nn::loss::cross_entropy(&scores.t()?.contiguous()?, &classes)?;
        self.descend(&loss.backward()?)?;
        let loss = f64::from(loss.to_scalar::<f32>()?);
        let (seen, over) = (end, end == self.order.len());
        self.seen = if over { 0 } else { end };
        self.epoch += usize::from(over);
        let error = over.then(|| self.errors as f64 / seen as f64);
        Ok(TrainingStep {
            epoch: self.epoch,
            seen,
            errors: self.errors,
            slope: self.slopes.0 / self.slopes.1 as f64,
            loss,
            error,
        })
    }

    /// Computes the scores `[classes, batch]` of the inputs `[values, batch]`, the sum of the activation functions'
    /// derivatives, and their number.
    fn scores(&self, x: &Tensor) -> Result<(Tensor, (f64, usize)), CpuError> {
        let slopes = Cell::new((0.0, 0));
        let scores = self.network.scores_with_overrides(x, |node, inputs| {
            match (self.pools.iter().find(|(pool, _)| *pool == node), inputs) {
                (Some((_, pooled)), [x]) => {
                    let y = x.apply_op1(*pooled)?;
                    let (sum, count) = slopes.get();
                    slopes.set((sum + pooled.slopes(&y.detach())?, count + y.elem_count()));
                    Ok(Some(y))
                }
                _ => Ok(None),
            }
        })?;
        Ok((scores, slopes.get()))
    }

    /// Updates the weights: v := momentum v - rate g, w := w + v (Krizhevsky et al. 2012, section 5, without weight
    /// decay).
    fn descend(&mut self, gradients: &GradStore) -> Result<(), TrainingError> {
        for (var, velocity) in self.vars.iter().zip(&mut self.velocities) {
            let Some(gradient) = gradients.get(var) else { continue };
            *velocity = ((&*velocity * MOMENTUM)? - (gradient * self.rate)?)?.detach();
            var.set(&(var.as_tensor() + &*velocity)?.detach())?;
        }
        Ok(())
    }
}

/// Counts the images whose greatest score belongs to a wrong class.
fn errors(scores: &Tensor, classes: &[u32]) -> Result<usize, TrainingError> {
    let best: Vec<u32> = scores.t()?.argmax(D::Minus1)?.to_vec1()?;
    Ok(best.iter().zip(classes).filter(|(best, class)| best != class).count())
}

#[cfg(test)]
mod tests;
