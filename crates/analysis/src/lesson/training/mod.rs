//! The training that the lesson on ReLU shows: one small network, once with tanh and once with ReLU, by candle, in the
//! page as natively (Krizhevsky et al. 2012, section 3.1 and figure 1).

mod chance;
mod curve;
mod pictures;
mod pool;

use std::cell::Cell;
use std::collections::HashMap;

use candle_core::backprop::GradStore;
use candle_core::{D, DType, Device, Tensor, Var};
use candle_nn::VarBuilder;

use super::piece::Piece;
use chance::Chance;
pub use curve::{Curve, MOST_EPOCHS, TARGET};
use engine::cpu::{BatchNetwork, CpuError};
use net::{Activation, Conv2d, Graph, Linear, MaxPool2d, NetError, NodeId, Op, Window};
pub use pictures::TrainingPictures;
use pictures::{CLASSES, SHAPE};
use pool::PooledNeurons;

/// Pictures of one step.
pub const BATCH: usize = 20;
/// What is kept of the last step's change (Krizhevsky et al. 2012, section 5).
pub const MOMENTUM: f64 = 0.9;
/// The channels of the convolutions.
const CHANNELS: [usize; 3] = [12, 16, 24];
/// The side of their kernels.
const KERNEL: usize = 3;

/// Why there is no training.
#[derive(Debug, thiserror::Error)]
pub enum TrainingError {
    /// There is nothing to train on.
    #[error("there are no pictures to train on; reload the page")]
    Pictures,
    /// The network cannot be declared.
    #[error(transparent)]
    Net(#[from] NetError),
    /// The engine refused.
    #[error(transparent)]
    Cpu(#[from] CpuError),
    /// candle refused an operation.
    #[error("the training could not go on ({0}); begin it anew")]
    Candle(#[from] candle_core::Error),
}

/// What a neuron makes of its sum.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Neuron {
    /// The hyperbolic tangent.
    Tanh,
    /// max(0, x).
    Relu,
}

impl Neuron {
    /// All there are.
    pub const ALL: [Self; 2] = [Self::Tanh, Self::Relu];

    /// What it is called in messages and addresses.
    pub fn name(self) -> &'static str {
        match self {
            Self::Tanh => "tanh",
            Self::Relu => "relu",
        }
    }

    /// The one that is called so; `None` where none is.
    pub fn named(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|neuron| neuron.name() == name)
    }
}

/// The network that is trained: three convolutions, each with pooling, and a full connection. What its neurons make of
/// their sums stands not in it: that is what is compared.
///
/// # Errors
/// [`NetError`]; none for the sizes declared here.
pub fn small_network() -> Result<Graph, NetError> {
    Piece::graph(SHAPE, |builder| {
        for (place, channels) in CHANNELS.into_iter().enumerate() {
            let window = Window { kernel: KERNEL, stride: 1, padding: KERNEL / 2 };
            let conv = Conv2d { window, ..Conv2d::plain(channels, KERNEL, Activation::Identity) };
            builder.then(&format!("conv{}", place + 1), Op::Conv2d(conv))?;
            builder.then(&format!("pool{}", place + 1), Op::MaxPool2d(MaxPool2d::plain(2, 2)))?;
        }
        builder.then("fc", Op::Linear(Linear { units: CLASSES, activation: Activation::Identity })).map(drop)
    })
}

/// What a training is begun with.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Setting {
    /// Decides the first weights and the order of the pictures, whatever the neurons.
    pub seed: u64,
    /// The learning rate.
    pub rate: f64,
    /// The standard deviation of the first weights, in units of 1 / sqrt(fan-in).
    pub spread: f64,
}

/// One step of a training, before whose change the pictures were passed.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct TrainingStep {
    /// Epochs that are over, this step being counted.
    pub epoch: usize,
    /// Pictures passed in the epoch that this step belongs to, its own being counted.
    pub seen: usize,
    /// How many of those were taken for another class.
    pub errors: usize,
    /// The mean derivative of the neurons at the sums that they had for those: 1 where none is saturated or switched off.
    pub slope: f64,
    /// The mean cross-entropy of this step's pictures, in nats.
    pub loss: f64,
    /// The share of errors among all pictures, where this step ends an epoch.
    pub error: Option<f64>,
}

/// A network in training: stochastic gradient descent with momentum, no regularisation of any kind (as in figure 1).
pub struct Training {
    network: BatchNetwork,
    /// The poolings, each with the neurons that follow.
    pools: Vec<(NodeId, PooledNeurons)>,
    vars: Vec<Var>,
    /// The last change of each of them.
    velocities: Vec<Tensor>,
    pictures: TrainingPictures,
    rate: f64,
    order: Vec<usize>,
    chance: Chance,
    epoch: usize,
    seen: usize,
    errors: usize,
    /// The sum of the neurons' derivatives in this epoch, and how many they were.
    slopes: (f64, usize),
}

/// Streams of chance: the weights, and the order of the pictures.
const WEIGHTS: u64 = 0;
const ORDER: u64 = 1;

impl Training {
    /// A training that has not begun.
    ///
    /// # Errors
    /// [`TrainingError`].
    pub fn new(pictures: TrainingPictures, neuron: Neuron, setting: Setting) -> Result<Self, TrainingError> {
        let Setting { seed, rate, spread } = setting;
        let graph = small_network()?;
        let mut chance = Chance::new(seed, WEIGHTS);
        let (mut named, mut vars, mut velocities) = (HashMap::new(), Vec::new(), Vec::new());
        for (name, spec) in graph.all_tensors() {
            // With a spread of 1 as LeCun et al. have it (1998, Efficient BackProp, section 4.6); no bias at first.
            let fan_in: usize = spec.dims.iter().skip(1).product();
            let bound = if spec.dims.len() > 1 { spread * (3.0 / fan_in as f64).sqrt() } else { 0.0 };
            let count: usize = spec.dims.iter().product();
            let values: Vec<f32> = (0..count).map(|_| ((2.0 * chance.uniform() - 1.0) * bound) as f32).collect();
            let var = Var::from_vec(values, spec.dims.as_slice(), &Device::Cpu)?;
            velocities.push(var.zeros_like()?);
            named.insert(name, var.as_tensor().clone());
            vars.push(var);
        }
        let network = BatchNetwork::from_vars(&graph, &VarBuilder::from_tensors(named, DType::F32, &Device::Cpu))?;
        let pools = graph.iter().filter(|(_, node)| matches!(node.op, Op::MaxPool2d(_)));
        Ok(Self {
            pools: pools.map(|(id, _)| (id, PooledNeurons { maps: graph.input_shape(id).chw(), neuron })).collect(),
            order: (0..pictures.len()).collect(),
            chance: Chance::new(seed, ORDER),
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

    /// Epochs that are over.
    pub fn epoch(&self) -> usize {
        self.epoch
    }

    /// Passes the next pictures, and changes the weights by what is learnt of them.
    ///
    /// # Errors
    /// [`TrainingError::Candle`] where candle refuses.
    pub fn step(&mut self) -> Result<TrainingStep, TrainingError> {
        if self.seen == 0 {
            self.chance.shuffle(&mut self.order);
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

    /// The scores of `[values, batch]`, as `[classes, batch]`, with the sum of the neurons' derivatives and how many they
    /// are.
    fn scores(&self, x: &Tensor) -> Result<(Tensor, (f64, usize)), CpuError> {
        let slopes = Cell::new((0.0, 0));
        let scores = self.network.scores_where(x, |node, inputs| {
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

    /// v := momentum v - rate g, w := w + v (Krizhevsky et al. 2012, section 5, without its decay).
    fn descend(&mut self, gradients: &GradStore) -> Result<(), TrainingError> {
        for (var, velocity) in self.vars.iter().zip(&mut self.velocities) {
            let Some(gradient) = gradients.get(var) else { continue };
            *velocity = ((&*velocity * MOMENTUM)? - (gradient * self.rate)?)?.detach();
            var.set(&(var.as_tensor() + &*velocity)?.detach())?;
        }
        Ok(())
    }
}

/// How many pictures score another class highest than their own.
fn errors(scores: &Tensor, classes: &[u32]) -> Result<usize, TrainingError> {
    let best: Vec<u32> = scores.t()?.argmax(D::Minus1)?.to_vec1()?;
    Ok(best.iter().zip(classes).filter(|(best, class)| best != class).count())
}

#[cfg(test)]
mod tests;
