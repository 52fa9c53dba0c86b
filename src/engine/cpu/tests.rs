//! Layers that no LeNet-5 has (groups, strides, padding), held to plain loops in f64.

use std::collections::BTreeMap;

use super::CpuNetwork;
use crate::net::{
    About, Activation, Builder, Classes, Conv2d, Family, Graph, Input, InputKind, Linear, MaxPool2d, NodeId, Op, Shape,
    Softmax, Window,
};
use crate::weights::{Array, Weights};

const CONV: Window = Window { kernel: 3, stride: 2, padding: 1 };
const POOL: Window = Window { kernel: 3, stride: 2, padding: 1 };

/// Maps of 4@9x9, a grouped convolution, an overlapping padded pooling, and an end.
fn graph() -> Graph {
    let kind = InputKind::Digit { scale: 1.0, offset: 0.0 };
    let mut net = Builder::new(Input { shape: Shape::maps(4, 9, 9), kind });
    let plain = Conv2d::plain(6, 3, Activation::Identity);
    let conv = Op::Conv2d(Conv2d { window: CONV, groups: 2, bias: false, ..plain });
    net.then("conv", conv).expect("should fit");
    net.then("pool", Op::MaxPool2d(MaxPool2d { window: POOL, ceil: false })).expect("should fit");
    net.then("wide", Op::Conv2d(Conv2d { window: Window::PIXEL, ..plain })).expect("should fit");
    net.then("end", Op::Linear(Linear { units: 5, activation: Activation::Relu })).expect("should fit");
    net.then("softmax", Op::Softmax(Softmax { scale: -0.5 })).expect("should fit");
    net.finish(About {
        name: "test",
        title: "test",
        family: Family::LeNet,
        year: 2000,
        source: "test",
        classes: Classes::Digits,
    })
    .expect("should be whole")
}

/// The pixel of maps of side `side`, `None` in the padding.
fn pixel(maps: &[f32], side: usize, (channel, window): (usize, Window), at: [usize; 4]) -> Option<f64> {
    let [y, x, down, across] = at;
    let y = (y * window.stride + down).checked_sub(window.padding).filter(|y| *y < side)?;
    let x = (x * window.stride + across).checked_sub(window.padding).filter(|x| *x < side)?;
    Some(f64::from(maps[(channel * side + y) * side + x]))
}

/// Every (row, column) of a square.
fn square(side: usize) -> impl Iterator<Item = (usize, usize)> {
    (0..side * side).map(move |i| (i / side, i % side))
}

fn close(got: &[f32], wanted: &[f64], name: &str) {
    assert_eq!(got.len(), wanted.len(), "{name}");
    for (got, wanted) in got.iter().zip(wanted) {
        let error = (f64::from(*got) - wanted).abs();
        assert!(error <= 1e-5, "{name}: {got} is not {wanted}");
    }
}

#[test]
fn groups_strides_and_padding() {
    let graph = graph();
    let weights = Weights::seeded(&graph, 3);
    let values = |name: &str| weights.get(name).map_or(&[][..], |Array { values, .. }| values);
    // Negative everywhere, so that padding of zeros would win a pooling.
    let input: Vec<f32> = (0..4 * 81).map(|i| -0.1 - (i * 29 % 83) as f32 / 83.0).collect();
    let outputs = CpuNetwork::new(&graph, &weights).and_then(|net| net.pass(&input)).expect("should run");
    let mut conv = Vec::new();
    for channel in 0..6 {
        for (y, x) in square(5) {
            let mut sum = 0.0;
            for inner in 0..2 {
                for (down, across) in square(3) {
                    let from = (channel / 3 * 2 + inner, CONV);
                    let weight = values("conv.weight")[(channel * 2 + inner) * 9 + down * 3 + across];
                    sum += f64::from(weight) * pixel(&input, 9, from, [y, x, down, across]).unwrap_or(0.0);
                }
            }
            conv.push(sum);
        }
    }
    close(&outputs[1], &conv, "conv");
    let mut pool = Vec::new();
    for channel in 0..6 {
        for (y, x) in square(3) {
            let window =
                square(3).filter_map(|(down, across)| pixel(&outputs[1], 5, (channel, POOL), [y, x, down, across]));
            pool.push(window.fold(f64::NEG_INFINITY, f64::max));
        }
    }
    close(&outputs[2], &pool, "pool");
    let wide: Vec<f64> = (0..6 * 9)
        .map(|i| {
            let sum: f64 = (0..6)
                .map(|inner| {
                    f64::from(values("wide.weight")[i / 9 * 6 + inner]) * f64::from(outputs[2][inner * 9 + i % 9])
                })
                .sum();
            sum + f64::from(values("wide.bias")[i / 9])
        })
        .collect();
    close(&outputs[3], &wide, "wide");
    let exps: Vec<f64> = outputs[4].iter().map(|x| (-0.5 * f64::from(*x)).exp()).collect();
    let total: f64 = exps.iter().sum();
    close(&outputs[5], &exps.iter().map(|e| e / total).collect::<Vec<_>>(), "softmax");
    assert_eq!(graph.logits, NodeId(4));
}

#[test]
fn missing_tensors_are_refused() {
    assert!(Weights::new(&graph(), BTreeMap::new(), BTreeMap::new()).is_err());
}
