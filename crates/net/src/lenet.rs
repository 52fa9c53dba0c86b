//! LeNet-5 in two forms: as published, and as it is usually taught.

use super::activation::Activation;
use super::builder::Builder;
use super::classes::Classes;
use super::error::NetError;
use super::graph::{About, Family, Graph, Input, InputKind, Remark};
use super::ops::{Conv2d, Linear, Op, Rbf, Softmax, Subsample};
use super::shape::Shape;
use super::shared::{linear, max_pool, relu, softmax};

/// The S2 maps that each C3 map reads (LeCun et al. 1998, Table I).
pub const C3_INPUTS: &[&[usize]] = &[
    &[0, 1, 2],
    &[1, 2, 3],
    &[2, 3, 4],
    &[3, 4, 5],
    &[0, 4, 5],
    &[0, 1, 5],
    &[0, 1, 2, 3],
    &[1, 2, 3, 4],
    &[2, 3, 4, 5],
    &[0, 3, 4, 5],
    &[0, 1, 4, 5],
    &[0, 1, 2, 5],
    &[0, 1, 3, 4],
    &[1, 2, 4, 5],
    &[0, 2, 3, 5],
    &[0, 1, 2, 3, 4, 5],
];

/// Digits of 28x28 in a field of 32x32, so that the ends of strokes can lie in the centre of a receptive field (LeCun
/// et al. 1998, section II.B).
const FIELD: Shape = Shape::maps(1, 32, 32);

/// Factor of the distances in the softmax: probabilities are proportional to exp(-d/10). The bundled weights are
/// trained with the cross-entropy of these probabilities.
const DISTANCE_SCALE: f32 = -0.1;

/// LeNet-5 (LeCun, Bottou, Bengio and Haffner 1998, section II.B and figure 2): 60,000 trainable parameters.
pub(super) fn lenet5() -> Result<Graph, NetError> {
    let squash = Activation::ScaledTanh;
    // In the paper, white is -0.1 and black is 1.175, so that the mean is about 0 and the variance about 1.
    let kind = InputKind::Digit { scale: 1.275, offset: -0.1 };
    let mut net = Builder::new(Input { shape: FIELD, kind });
    net.remark(Remark::NormalizedDigit);
    net.then("C1", Op::Conv2d(Conv2d::plain(6, 5, squash)))?;
    net.then("S2", Op::Subsample(Subsample { kernel: 2, activation: squash }))?;
    net.then("C3", Op::Conv2d(Conv2d { connections: Some(C3_INPUTS), ..Conv2d::plain(16, 5, squash) }))?;
    net.remark(Remark::Table);
    net.then("S4", Op::Subsample(Subsample { kernel: 2, activation: squash }))?;
    net.then("C5", Op::Conv2d(Conv2d::plain(120, 5, squash)))?;
    net.then("F6", Op::Linear(Linear { units: 84, activation: squash }))?;
    net.remark(Remark::DigitBitmaps);
    net.then("output", Op::Rbf(Rbf { units: 10 }))?;
    net.remark(Remark::NearestBitmap);
    net.then("softmax", Op::Softmax(Softmax { scale: DISTANCE_SCALE }))?;
    net.finish(about(
        "lenet5",
        "LeNet-5",
        "LeCun, Bottou, Bengio, Haffner: Gradient-Based Learning Applied to Document Recognition, 1998",
    ))
}

/// LeNet-5 with a complete C3, ReLU, max pooling and softmax: 61,706 parameters.
pub(super) fn lenet5_modern() -> Result<Graph, NetError> {
    let plain = Activation::Identity;
    let pool = || max_pool(2, 2);
    let mut net = Builder::new(Input { shape: FIELD, kind: InputKind::Digit { scale: 1.0, offset: 0.0 } });
    net.remark(Remark::Plain);
    net.then("conv1", Op::Conv2d(Conv2d::plain(6, 5, plain)))?;
    net.then("relu1", relu())?;
    net.then("pool1", pool())?;
    net.then("conv2", Op::Conv2d(Conv2d::plain(16, 5, plain)))?;
    net.then("relu2", relu())?;
    net.then("pool2", pool())?;
    net.then("fc1", linear(120))?;
    net.then("relu3", relu())?;
    net.then("fc2", linear(84))?;
    net.then("relu4", relu())?;
    net.then("fc3", linear(10))?;
    net.remark(Remark::GreatestScore);
    net.then("softmax", softmax())?;
    net.finish(about(
        "lenet5-modern",
        "LeNet-5, modern",
        "LeCun et al. 1998, in the form in which it is usually taught",
    ))
}

fn about(name: &'static str, title: &'static str, source: &'static str) -> About {
    About { name, title, family: Family::LeNet, year: 1998, source, classes: Classes::Digits }
}

#[cfg(test)]
mod tests {
    use crate::{NodeId, ReceptiveField, Shape, Summary, network};

    #[test]
    fn counts_of_the_paper() {
        let net = network("lenet5").expect("should be declared");
        let rows = [
            ("C1", Shape::maps(6, 28, 28), "(5*5+1)*6", 156, 117_600),
            ("S2", Shape::maps(6, 14, 14), "2*6", 12, 1_176),
            ("C3", Shape::maps(16, 10, 10), "6*(3*25+1) + 6*(4*25+1) + 3*(4*25+1) + 1*(6*25+1)", 1_516, 150_000),
            ("S4", Shape::maps(16, 5, 5), "2*16", 32, 400),
            ("C5", Shape::maps(120, 1, 1), "120*(16*25+1)", 48_120, 48_000),
            ("F6", Shape::Vector(84), "84*(120+1)", 10_164, 10_080),
            ("output", Shape::Vector(10), "0", 0, 840),
        ];
        for (name, shape, arithmetic, parameters, macs) in rows {
            let id = net.find(name).expect("should be a node");
            assert_eq!(net.node(id).shape, shape, "{name}");
            assert_eq!(net.parameters(id).to_string(), arithmetic, "{name}");
            assert_eq!((net.parameters(id).value(), net.macs(id).value()), (parameters, macs), "{name}");
        }
        assert_eq!(net.total_parameters(), 60_000);
        assert_eq!(Summary::of(&net).totals.parameters, 60_000);
    }

    #[test]
    fn parameters_of_the_modern_form() {
        let net = network("lenet5-modern").expect("should be declared");
        assert_eq!(net.total_parameters(), 61_706);
    }

    #[test]
    fn receptive_fields() {
        let net = network("lenet5").expect("should be declared");
        let field = |name: &str| net.node(net.find(name).expect("should be a node")).receptive;
        assert_eq!(field("C1"), ReceptiveField { size: 5, stride: 1, start: 0 });
        assert_eq!(field("S2"), ReceptiveField { size: 6, stride: 2, start: 0 });
        assert_eq!(field("C3"), ReceptiveField { size: 14, stride: 2, start: 0 });
        assert_eq!(field("S4"), ReceptiveField { size: 16, stride: 4, start: 0 });
        assert_eq!(field("C5").size, 32);
        assert_eq!(field("output").size, 32);
    }

    #[test]
    fn steps_leave_out_the_probabilities() {
        let net = network("lenet5").expect("should be declared");
        let names: Vec<&str> = net.steps().iter().map(|&id| net.node(id).name.as_str()).collect();
        assert_eq!(names, ["input", "C1", "S2", "C3", "S4", "C5", "F6", "output"]);
        assert_eq!(net.logits, NodeId(7));
        assert!(net.lowest_wins);
    }
}
