//! Tests of the training: the same seed gives the same results, and the error falls.

use super::*;
use input::ImagePack;

/// Returns the first of the images that are bundled with the page.
fn pictures(count: usize) -> TrainingPictures {
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/../../static/pictures/cifar10-test-300.bin");
    let bytes = std::fs::read(path).expect("should be there");
    let pack = ImagePack::read(&bytes).expect("should be a pack");
    TrainingPictures::first(&pack, count).expect("should hold pictures")
}

fn training(activation: TrainingActivation, seed: u64, count: usize) -> Training {
    Training::new(pictures(count), activation, TrainingSettings { seed, rate: 0.01, spread: 1.0 })
        .expect("should be built")
}

fn weights(training: &Training) -> Vec<Vec<f32>> {
    let values = |var: &Var| var.flatten_all()?.to_vec1();
    training.vars.iter().map(|var| values(var).expect("should be read")).collect()
}

#[test]
fn a_seed_determines_the_losses() {
    let losses = |activation, seed| {
        let mut training = training(activation, seed, 40);
        std::array::from_fn::<f64, 3, _>(|_| training.step().expect("should go on").loss)
    };
    for activation in TrainingActivation::ALL {
        assert_eq!(losses(activation, 1), losses(activation, 1));
        assert_ne!(losses(activation, 1), losses(activation, 2));
    }
    assert_ne!(losses(TrainingActivation::Tanh, 1), losses(TrainingActivation::Relu, 1));
}

#[test]
fn both_functions_start_with_the_same_weights_and_images() {
    let (mut tanh, mut relu) = (training(TrainingActivation::Tanh, 5, 40), training(TrainingActivation::Relu, 5, 40));
    assert_eq!(weights(&tanh), weights(&relu));
    for _ in 0..3 {
        tanh.step().expect("should go on");
        relu.step().expect("should go on");
        assert_eq!(tanh.order, relu.order);
    }
    assert_ne!(weights(&tanh), weights(&relu));
}

#[test]
fn epochs_are_counted() {
    let mut training = training(TrainingActivation::Relu, 1, 50);
    let steps: Vec<_> = (0..4).map(|_| training.step().expect("should go on")).collect();
    assert_eq!(
        steps.iter().map(|step| (step.epoch, step.seen)).collect::<Vec<_>>(),
        [(0, 20), (0, 40), (1, 50), (1, 20)]
    );
    let share = steps[2].errors as f64 / 50.0;
    assert_eq!(steps.iter().map(|step| step.error).collect::<Vec<_>>(), [None, None, Some(share), None]);
    assert!(steps[3].errors <= 20);
}

#[test]
fn the_error_falls() {
    for activation in TrainingActivation::ALL {
        let mut training = training(activation, 1, 40);
        let mut curve = TrainingCurve::default();
        while training.epoch() < 20 {
            curve.errors.extend(training.step().expect("should go on").error);
        }
        let (first, last) = (curve.errors[0], curve.errors[19]);
        assert!(last < first - 0.3, "{activation:?}: {:?}", curve.errors);
    }
}

#[test]
fn large_weights_saturate_tanh_but_not_relu() {
    let slope = |activation, spread| {
        let settings = TrainingSettings { seed: 1, rate: 0.01, spread };
        let mut training = Training::new(pictures(20), activation, settings).expect("should be built");
        training.step().expect("should go on").slope
    };
    let tanh = [0.1, 1.0, 4.0].map(|spread| slope(TrainingActivation::Tanh, spread));
    assert!(tanh[0] > 0.95 && tanh[0] > tanh[1] && tanh[1] > tanh[2] && tanh[2] < 0.4, "{tanh:?}");
    // A ReLU is either active or inactive, independently of the size of its sum.
    let relu = [0.1, 4.0].map(|spread| slope(TrainingActivation::Relu, spread));
    assert!((relu[0] - relu[1]).abs() < 0.02 && (0.3..1.0).contains(&relu[0]), "{relu:?}");
}

#[test]
fn the_network_has_four_layers_with_weights() {
    let graph = small_network().expect("should be declared");
    assert_eq!(graph.all_tensors().iter().filter(|(name, _)| name.ends_with("weight")).count(), 4);
    let trained: usize = weights(&training(TrainingActivation::Tanh, 1, 20)).iter().map(Vec::len).sum();
    assert_eq!(trained as u64, graph.total_parameters());
}
