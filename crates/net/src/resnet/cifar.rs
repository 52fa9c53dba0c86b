//! The networks for CIFAR-10 of section 4.2 (He et al. 2015), residual and plain.

use super::{BlockSizes, branch, end, unbiased};
use crate::builder::Builder;
use crate::classes::Classes;
use crate::error::NetError;
use crate::graph::{About, BlockKind, Family, Graph, Input};
use crate::ops::{Add, Op, PadShortcut};
use crate::shape::Shape;
use crate::shared::{IMAGENET, batch_norm, relu};

/// A network of section 4.2 with 6n + 2 layers for images of 32x32. Shortcuts have no parameters (option A); a plain
/// network has no shortcuts.
struct Cifar {
    name: &'static str,
    title: &'static str,
    n: usize,
    residual: bool,
}

/// ResNet-20: section 4.2 with n = 3, residual.
pub(crate) fn resnet20_cifar() -> Result<Graph, NetError> {
    build_cifar(&Cifar { name: "resnet20-cifar", title: "ResNet-20 for CIFAR-10", n: 3, residual: true })
}

/// ResNet-56: section 4.2 with n = 9, residual.
pub(crate) fn resnet56_cifar() -> Result<Graph, NetError> {
    build_cifar(&Cifar { name: "resnet56-cifar", title: "ResNet-56 for CIFAR-10", n: 9, residual: true })
}

/// The plain network of 20 layers: section 4.2 with n = 3.
pub(crate) fn plain20_cifar() -> Result<Graph, NetError> {
    build_cifar(&Cifar { name: "plain20-cifar", title: "Plain-20 for CIFAR-10", n: 3, residual: false })
}

/// The plain network of 56 layers: section 4.2 with n = 9.
pub(crate) fn plain56_cifar() -> Result<Graph, NetError> {
    build_cifar(&Cifar { name: "plain56-cifar", title: "Plain-56 for CIFAR-10", n: 9, residual: false })
}

/// Adds a block of section 4.2: two 3x3 convolutions and, in a residual network, the shortcut.
fn cifar_block(net: &mut Builder, name: &str, step: BlockSizes, residual: bool) -> Result<(), NetError> {
    net.open(name, BlockKind::Residual);
    let from = net.last();
    let BlockSizes { width, out, stride } = step;
    let found = branch(net, name, from, &[unbiased(width, 3, stride), unbiased(width, 3, 1)])?;
    if residual {
        let shortcut = if stride == 1 && net.shape(from).chw().0 == out {
            from
        } else {
            net.add(&format!("{name}.shortcut"), Op::PadShortcut(PadShortcut { channels: out, stride }), &[from])?
        };
        net.add(&format!("{name}.add"), Op::Add(Add), &[found, shortcut])?;
    }
    net.then(name, relu())?;
    net.close();
    Ok(())
}

fn build_cifar(row: &Cifar) -> Result<Graph, NetError> {
    let mut net = Builder::new(Input { shape: Shape::maps(3, 32, 32), kind: IMAGENET });
    net.open("stem", BlockKind::Stage);
    net.then("conv1", unbiased(16, 3, 1))?;
    net.then("bn1", batch_norm())?;
    net.then("relu", relu())?;
    net.close();
    for (width, i) in [16, 32, 64].into_iter().zip(1..) {
        net.open(&format!("layer{i}"), BlockKind::Stage);
        for j in 0..row.n {
            let stride = if i > 1 && j == 0 { 2 } else { 1 };
            let step = BlockSizes { width, out: width, stride };
            cifar_block(&mut net, &format!("layer{i}.{j}"), step, row.residual)?;
        }
        net.close();
    }
    end(&mut net, 10)?;
    let source = if row.residual {
        "He et al. 2015, section 4.2"
    } else {
        "He et al. 2015, section 4.2: the plain networks that residual ones are held against"
    };
    let &Cifar { name, title, .. } = row;
    net.finish(About { name, title, family: Family::ResNet, year: 2015, source, classes: Classes::Cifar10 })
}

#[cfg(test)]
mod tests {
    use crate::{Op, network};

    #[test]
    fn six_n_plus_two_layers() {
        for (name, layers) in [("resnet20-cifar", 20), ("plain56-cifar", 56)] {
            let net = network(name).expect("should be declared");
            let weighted = net.nodes.iter().filter(|node| matches!(node.op, Op::Conv2d(_) | Op::Linear(_))).count();
            assert_eq!(weighted, layers, "{name}");
        }
    }

    #[test]
    fn plain_and_residual_have_the_same_parameters() {
        let count = |name| network(name).expect("should be declared").total_parameters();
        assert_eq!(count("resnet20-cifar"), 269_722);
        assert_eq!(count("plain20-cifar"), 269_722);
        assert_eq!(count("resnet56-cifar"), count("plain56-cifar"));
    }
}
