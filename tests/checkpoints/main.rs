//! Checkpoints: files of PyTorch are read as they were saved, and hostile files are refused.
//!
//! `make.py` writes `files/` with PyTorch, from the values of `seed:1`.

mod fit;
mod hostile;
mod kept;
mod pickles;
mod source;
mod table;
mod values;
mod zips;

use std::path::{Path, PathBuf};

use net::{
    About, Activation, Builder, Classes, Conv2d, Family, Graph, Input, InputKind, Linear, Op, Shape, Softmax, network,
};
use weights::{Checkpoint, CheckpointError, LocalFile, TensorSource, Weights};

/// Seed of the weights that `make.py` saves.
const SEED: u64 = 1;

/// The magic number, the protocol version and the system information at the start of a legacy file.
const LEGACY: &[u8] = b"\x80\x02\x8a\x0a\x6c\xfc\x9c\x46\xf9\x20\x6a\xa8\x50\x19.\x80\x02M\xe9\x03.\x80\x02}.";

fn path(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/checkpoints/files").join(name)
}

fn bytes(name: &str) -> Vec<u8> {
    std::fs::read(path(name)).expect("should be readable")
}

fn modern() -> Graph {
    network("lenet5-modern").expect("should be declared")
}

/// A convolution and a fully connected layer: `Small` of `make.py`.
fn small() -> Graph {
    let kind = InputKind::Digit { scale: 1.0, offset: 0.0 };
    let mut net = Builder::new(Input { shape: Shape::maps(1, 8, 8), kind });
    net.then("conv", Op::Conv2d(Conv2d::plain(3, 3, Activation::Identity))).expect("should fit");
    net.then("fc", Op::Linear(Linear { units: 10, activation: Activation::Identity })).expect("should fit");
    net.then("softmax", Op::Softmax(Softmax { scale: 1.0 })).expect("should fit");
    net.finish(About {
        name: "small",
        title: "Small",
        family: Family::LeNet,
        year: 2024,
        source: "a test",
        classes: Classes::Digits,
    })
    .expect("should be a graph")
}

fn open(bytes: Vec<u8>) -> Result<Checkpoint, CheckpointError> {
    pollster::block_on(Checkpoint::open(Box::new(bytes)))
}

fn load(graph: &Graph, file: &Path) -> Weights {
    let file = LocalFile::open(file).expect("should open");
    let source = pollster::block_on(TensorSource::open(graph, Box::new(file))).expect("should fit");
    pollster::block_on(Weights::from_source(&source)).expect("should load")
}
