//! A training that can stop after any epoch and resume.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use rand::seq::SliceRandom;
use rand::{Rng, SeedableRng};
use rand_chacha::ChaCha8Rng;

use super::optimizer::{AdamW, State, one_cycle};
use super::step::{Batch, BatchGradients, Trainable};
use super::{Digits, Recipe, TrainError, checkpoint};
use net::{Graph, digit_targets};
use weights::{Array, Weights};

/// Progress of a training after a step.
#[derive(Debug, Clone, Copy)]
pub struct StepReport {
    /// Steps taken in total.
    pub step: u64,
    /// Steps of the whole training.
    pub steps: u64,
    /// Mean cross-entropy since the start of the epoch.
    pub loss: f64,
    /// Fraction of this epoch's (distorted) digits that were misclassified.
    pub error: f64,
}

/// Progress of a training after an epoch.
#[derive(Debug, Clone, Copy)]
pub struct EpochReport {
    /// Number of epochs done.
    pub epoch: usize,
    /// Mean cross-entropy of the epoch.
    pub loss: f64,
    /// Fraction of the epoch's (distorted) digits that were misclassified.
    pub error: f64,
}

/// A training in progress.
pub struct Trainer<'a> {
    graph: &'a Graph,
    recipe: Recipe,
    digits: &'a Digits,
    threads: usize,
    directory: PathBuf,
    trainable: Trainable,
    adam: AdamW,
    fixed: BTreeMap<String, Array>,
    epoch: usize,
}

impl<'a> Trainer<'a> {
    /// Starts a training of `graph` on `digits`. With `resume`, it continues from the checkpoint in `directory`.
    ///
    /// Checkpoints are written to `directory`. `threads` changes the time, not the result.
    ///
    /// # Errors
    /// Returns [`TrainError`] if the recipe, the digits, the directory or the checkpoint cannot be used.
    pub fn new(
        graph: &'a Graph,
        recipe: Recipe,
        digits: &'a Digits,
        directory: &Path,
        resume: bool,
        threads: usize,
    ) -> Result<Self, TrainError> {
        if recipe.batch == 0 || recipe.epochs == 0 {
            return Err(TrainError::Recipe("a training takes at least one epoch and one digit a step".to_owned()));
        }
        if digits.len() < recipe.batch {
            return Err(TrainError::TooFewDigits { digits: digits.len(), batch: recipe.batch });
        }
        std::fs::create_dir_all(directory)
            .map_err(|reason| TrainError::Unwritable { path: directory.display().to_string(), reason })?;
        let start = initial_weights(graph, recipe.seed)?;
        let trainable = Trainable::new(graph, &start, recipe.rubbish)?;
        let (trained, fixed): (BTreeMap<_, _>, BTreeMap<_, _>) = start
            .iter()
            .map(|(name, array)| (name.to_owned(), array.clone()))
            .partition(|(name, _)| trainable.vars.contains_key(name));
        let states = trained.into_iter().map(|(name, array)| (name, State::new(array.dims, array.values))).collect();
        let mut adam = AdamW { states, step: 0 };
        let epoch = if resume { checkpoint::load(&directory.join(checkpoint::FILE), &recipe, &mut adam)? } else { 0 };
        trainable.set(&adam)?;
        Ok(Self { graph, recipe, digits, threads, directory: directory.to_owned(), trainable, adam, fixed, epoch })
    }

    /// Returns the number of epochs done.
    pub fn epoch(&self) -> usize {
        self.epoch
    }

    /// Returns the steps of one epoch. Digits that do not fill a batch are left out; every epoch has another order.
    fn steps_per_epoch(&self) -> u64 {
        (self.digits.len() / self.recipe.batch) as u64
    }

    /// Trains one epoch and writes the checkpoint. Returns `None` if all epochs are done. `watch` is called after every
    /// step.
    ///
    /// # Errors
    /// Returns [`TrainError`] if the loss diverges or the checkpoint cannot be written.
    pub fn run_epoch(&mut self, mut watch: impl FnMut(StepReport)) -> Result<Option<EpochReport>, TrainError> {
        if self.epoch >= self.recipe.epochs {
            return Ok(None);
        }
        let steps = self.steps_per_epoch() * self.recipe.epochs as u64;
        let mut order: Vec<usize> = (0..self.digits.len()).collect();
        order.shuffle(&mut seeded_generator(self.recipe.seed, 1 + self.epoch as u64));
        let mut so_far = BatchGradients::default();
        let mut seen = 0;
        for indices in order.chunks_exact(self.recipe.batch) {
            let batch = Batch {
                digits: self.digits,
                indices,
                distortion: self.recipe.distortion_at(self.epoch),
                seed: self.recipe.seed,
                epoch: self.epoch,
            };
            let outcome = self.trainable.batch_gradients(self.graph, &batch, self.threads)?;
            if !outcome.loss.is_finite() {
                return Err(TrainError::Diverged { step: self.adam.step });
            }
            let rate = one_cycle(self.recipe.rate, self.adam.step, steps);
            self.adam.step(&outcome.gradients, rate, self.recipe.decay, self.recipe.average);
            self.trainable.set(&self.adam)?;
            so_far.loss += outcome.loss;
            so_far.errors += outcome.errors;
            seen += indices.len();
            let (loss, error) = (so_far.loss / seen as f64, so_far.errors as f64 / seen as f64);
            watch(StepReport { step: self.adam.step, steps, loss, error });
        }
        self.epoch += 1;
        checkpoint::save(&self.directory.join(checkpoint::FILE), &self.recipe, self.epoch, &self.adam)?;
        let (loss, error) = (so_far.loss / seen as f64, so_far.errors as f64 / seen as f64);
        Ok(Some(EpochReport { epoch: self.epoch, loss, error }))
    }

    /// Returns the current averaged weights with `metadata`.
    ///
    /// # Errors
    /// Returns [`TrainError::Weights`] if the tensors do not fit the graph, which cannot happen for the trained graph.
    pub fn weights(&self, metadata: BTreeMap<String, String>) -> Result<Weights, TrainError> {
        let trained = self
            .adam
            .states
            .iter()
            .map(|(name, state)| (name.clone(), Array { dims: state.dims.clone(), values: state.average.clone() }));
        Ok(Weights::new(self.graph, trained.chain(self.fixed.clone()).collect(), metadata)?)
    }
}

/// Returns a random generator for one purpose of a training.
fn seeded_generator(seed: u64, purpose: u64) -> ChaCha8Rng {
    let mut bytes = [0; 32];
    bytes[..8].copy_from_slice(&seed.to_le_bytes());
    bytes[8..16].copy_from_slice(&purpose.to_le_bytes());
    // The keys of distortions have three words. The last word keeps these seeds apart from them.
    bytes[24..].fill(0xFF);
    ChaCha8Rng::from_seed(bytes)
}

/// Returns the initial weights.
///
/// Weights are uniform within +-sqrt(3 / fan_in), so that a unit's sum has the variance of its inputs (LeCun et al.
/// 1998, appendix A, ask for this variance). Biases are zero, subsampling starts as averaging, and the targets of the
/// distances are the bitmaps of the digits.
fn initial_weights(graph: &Graph, seed: u64) -> Result<Weights, TrainError> {
    let mut random = seeded_generator(seed, 0);
    let mut tensors = BTreeMap::new();
    for (id, node) in graph.iter() {
        let input = graph.input_shape(id);
        for (name, spec) in graph.tensors(id) {
            let count: usize = spec.dims.iter().product();
            let values = match (spec.leaf, spec.dims.len()) {
                ("weight", _) if !spec.trainable => targets(&spec.dims, &name)?,
                ("weight", 1) => vec![
                    node.op
                        .operation()
                        .and_then(|op| op.window(input))
                        .map_or(1.0, |w| 1.0 / (w.kernel * w.kernel) as f32);
                    count
                ],
                ("weight", _) => {
                    let per_channel = count / spec.dims[0];
                    (0..spec.dims[0])
                        .flat_map(|channel| {
                            // Channels that read fewer feature maps have a smaller fan-in, and so larger weights.
                            let read = node.op.operation().map_or(0, |op| op.channels_read(&[input], 0, channel).len());
                            let fan_in = (per_channel * read).div_ceil(input.chw().0).max(1);
                            let bound = (3.0 / fan_in as f32).sqrt();
                            (0..per_channel).map(|_| random.random_range(-bound..=bound)).collect::<Vec<f32>>()
                        })
                        .collect()
                }
                _ => vec![0.0; count],
            };
            tensors.insert(name, Array { dims: spec.dims, values });
        }
    }
    Ok(Weights::new(graph, tensors, BTreeMap::new())?)
}

/// Returns the fixed targets of the distances: the bitmaps of the digits.
fn targets(dims: &[usize], name: &str) -> Result<Vec<f32>, TrainError> {
    let targets = digit_targets();
    if targets.len() == dims.iter().product::<usize>() {
        Ok(targets)
    } else {
        Err(TrainError::Recipe(format!("there are no targets of {dims:?} for {name}")))
    }
}
