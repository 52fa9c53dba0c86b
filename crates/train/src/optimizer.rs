//! AdamW (Loshchilov and Hutter 2019) with a one-cycle learning rate (Smith and Topin 2018) and averaged weights.
//!
//! candle-nn has an AdamW too, but its moments cannot be read, and a checkpoint needs them.

use std::collections::BTreeMap;

/// Decay of the first moment.
const BETA1: f64 = 0.9;
/// Decay of the second moment.
const BETA2: f64 = 0.999;
/// Keeps the divisor above zero.
const EPSILON: f64 = 1e-8;
/// Fraction of the training in which the rate rises.
const WARM_UP_FRACTION: f64 = 0.15;
/// Rate at the start and at the end, as a fraction of the peak.
const START_FACTOR: f64 = 0.04;
const END_FACTOR: f64 = 1e-4;

/// Returns the one-cycle rate at `step` of `steps`. It rises along half a cosine, then falls along another.
pub(super) fn one_cycle(peak: f64, step: u64, steps: u64) -> f64 {
    let at = step as f64 / steps.max(1) as f64;
    let cosine = |from: f64, to: f64, part: f64| to + (from - to) * (1.0 + (std::f64::consts::PI * part).cos()) / 2.0;
    let factor = if at < WARM_UP_FRACTION {
        cosine(START_FACTOR, 1.0, at / WARM_UP_FRACTION)
    } else {
        cosine(1.0, END_FACTOR, ((at - WARM_UP_FRACTION) / (1.0 - WARM_UP_FRACTION)).min(1.0))
    };
    peak * factor
}

/// One trained tensor with its optimizer state. All vectors are row-major and have the length of the tensor.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct State {
    pub(super) dims: Vec<usize>,
    pub(super) value: Vec<f32>,
    /// Running mean of the gradient (first moment).
    pub(super) first: Vec<f32>,
    /// Running mean of the squared gradient (second moment).
    pub(super) second: Vec<f32>,
    /// Running mean of the value. These are the weights that training returns.
    pub(super) average: Vec<f32>,
}

impl State {
    /// Returns the state of a tensor before the first step.
    pub(super) fn new(dims: Vec<usize>, value: Vec<f32>) -> Self {
        let none = vec![0.0; value.len()];
        Self { dims, average: value.clone(), value, first: none.clone(), second: none }
    }
}

/// The optimizer: the states of all trained tensors, by name.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct AdamW {
    pub(super) states: BTreeMap<String, State>,
    /// Number of steps taken.
    pub(super) step: u64,
}

impl AdamW {
    /// Takes one step along `gradients`, keyed by tensor name. Matrices and kernels decay; vectors do not.
    pub(super) fn step(&mut self, gradients: &BTreeMap<String, Vec<f32>>, rate: f64, decay: f64, average: f64) {
        self.step += 1;
        let step = self.step as f64;
        let (scale1, scale2) = (1.0 / (1.0 - BETA1.powf(step)), 1.0 / (1.0 - BETA2.powf(step)));
        // Average over fewer steps at the start: the average would retain the random initial weights otherwise.
        let average = average.min((1.0 + step) / (10.0 + step)) as f32;
        for (name, state) in &mut self.states {
            let Some(gradient) = gradients.get(name) else { continue };
            let keep = if state.dims.len() > 1 { (1.0 - rate * decay) as f32 } else { 1.0 };
            for (i, &g) in gradient.iter().enumerate() {
                let m = BETA1 as f32 * state.first[i] + (1.0 - BETA1) as f32 * g;
                let v = BETA2 as f32 * state.second[i] + (1.0 - BETA2) as f32 * g * g;
                let step = rate * f64::from(m) * scale1 / ((f64::from(v) * scale2).sqrt() + EPSILON);
                state.value[i] = state.value[i] * keep - step as f32;
                state.average[i] = average * state.average[i] + (1.0 - average) * state.value[i];
                (state.first[i], state.second[i]) = (m, v);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_rate_rises_and_falls() {
        assert!((one_cycle(1.0, 0, 1000) - START_FACTOR).abs() < 1e-9);
        assert!((one_cycle(1.0, 150, 1000) - 1.0).abs() < 1e-9);
        assert!((one_cycle(1.0, 1000, 1000) - END_FACTOR).abs() < 1e-9);
    }

    #[test]
    fn steps_approach_the_minimum_of_a_parabola() {
        let mut adam =
            AdamW { states: BTreeMap::from([("x".to_owned(), State::new(vec![2], vec![3.0, -2.0]))]), step: 0 };
        for _ in 0..500 {
            let gradient = adam.states["x"].value.iter().map(|x| 2.0 * x).collect();
            adam.step(&BTreeMap::from([("x".to_owned(), gradient)]), 0.05, 0.0, 0.9);
        }
        assert!(adam.states["x"].value.iter().chain(&adam.states["x"].average).all(|x| x.abs() < 0.01));
    }
}
