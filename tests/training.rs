//! Training: the result does not depend on the number of threads or on interruptions, and networks learn.

use std::collections::BTreeMap;
use std::path::PathBuf;

use net::{Graph, network};
use train::{DIGIT_PIXELS, Digits, Distortion, Recipe, TrainError, Trainer};
use weights::Weights;

/// A folder that is removed at the end of the test.
struct Scratch(PathBuf);

impl Scratch {
    fn new(name: &str) -> Self {
        let path = std::env::temp_dir().join(format!("layerscope-{name}-{}", std::process::id()));
        std::fs::create_dir_all(&path).expect("should be writable");
        Self(path)
    }
}

impl Drop for Scratch {
    fn drop(&mut self) {
        let _ = std::fs::remove_dir_all(&self.0);
    }
}

/// Returns digits that are easy to tell apart: each is one bar at its own height, with some noise.
fn digits(count: usize) -> Digits {
    let labels: Vec<u8> = (0..count).map(|i| (i % 10) as u8).collect();
    let mut pixels = vec![0; count * DIGIT_PIXELS];
    for (i, image) in pixels.chunks_exact_mut(DIGIT_PIXELS).enumerate() {
        let top = 3 + 2 * (i % 10);
        image[top * 28 + 4..top * 28 + 24].fill(255);
        image[(i * 131) % DIGIT_PIXELS] = 128;
    }
    Digits { pixels, labels }
}

fn recipe(network: &str, epochs: usize) -> Recipe {
    Recipe {
        network: network.to_owned(),
        seed: 7,
        epochs,
        batch: 40,
        rate: 4e-3,
        decay: 1e-2,
        average: 0.9,
        rubbish: (network == "lenet5").then_some(40.0),
        distortion: Distortion { rotation: 2.0, scale: 0.02, shear: 0.02, shift: 0.2, elastic: 0.1 },
        calm_from: 0.5,
        calm_to: 0.5,
    }
}

fn lenet5() -> Graph {
    network("lenet5").expect("should be declared")
}

fn weights(trainer: &Trainer<'_>) -> Weights {
    trainer.weights(BTreeMap::new()).expect("should be complete")
}

#[test]
fn resumed_training_gives_the_same_weights() {
    let (graph, digits, recipe) = (lenet5(), digits(100), recipe("lenet5", 3));
    let (whole, parts) = (Scratch::new("whole"), Scratch::new("parts"));
    let mut straight = Trainer::new(&graph, recipe.clone(), &digits, &whole.0, false, 1).expect("should start");
    while straight.run_epoch(|_| ()).expect("should train").is_some() {}
    // Resume after every epoch, each time with another number of threads.
    for epoch in 0..3 {
        let mut part =
            Trainer::new(&graph, recipe.clone(), &digits, &parts.0, epoch > 0, 1 + epoch).expect("should resume");
        assert_eq!(part.epoch(), epoch);
        part.run_epoch(|_| ()).expect("should train").expect("should have an epoch left");
    }
    let mut resumed = Trainer::new(&graph, recipe.clone(), &digits, &parts.0, true, 2).expect("should resume");
    assert!(resumed.run_epoch(|_| ()).expect("should be done").is_none());
    assert_eq!(weights(&resumed), weights(&straight));
    let other = Recipe { seed: 8, ..recipe };
    let refused = Trainer::new(&graph, other, &digits, &parts.0, true, 1);
    assert!(matches!(refused.err(), Some(TrainError::UnusableCheckpoint { .. })));
}

#[test]
fn both_networks_learn() {
    let digits = digits(200);
    for name in ["lenet5", "lenet5-modern"] {
        let graph = network(name).expect("should be declared");
        let scratch = Scratch::new(name);
        let mut trainer = Trainer::new(&graph, recipe(name, 12), &digits, &scratch.0, false, 2).expect("should start");
        let mut errors = Vec::new();
        while let Some(report) = trainer.run_epoch(|_| ()).expect("should train") {
            errors.push(report.error);
        }
        assert!(errors[0] > 0.5 && errors[11] < 0.1, "{name}: {errors:?}");
    }
}

#[test]
fn weights_outside_the_table_stay_zero() {
    let (graph, digits) = (lenet5(), digits(80));
    let scratch = Scratch::new("mask");
    let mut trainer = Trainer::new(&graph, recipe("lenet5", 1), &digits, &scratch.0, false, 1).expect("should start");
    trainer.run_epoch(|_| ()).expect("should train");
    let weights = weights(&trainer);
    let kernels = &weights.get("C3.weight").expect("should be there").values;
    // Map 0 of C3 reads maps 0 to 2 of S2 (LeCun et al. 1998, table I).
    assert!(kernels[..75].iter().all(|w| *w != 0.0) && kernels[75..150].iter().all(|w| *w == 0.0));
    assert!(weights.get("output.weight").expect("should be there").values.iter().all(|w| w.abs() == 1.0));
}

#[test]
fn a_batch_larger_than_the_digits_is_refused() {
    let (graph, digits) = (lenet5(), digits(20));
    let scratch = Scratch::new("few");
    let refused = Trainer::new(&graph, recipe("lenet5", 1), &digits, &scratch.0, false, 1);
    assert!(matches!(refused.err(), Some(TrainError::TooFewDigits { digits: 20, batch: 40 })));
}
