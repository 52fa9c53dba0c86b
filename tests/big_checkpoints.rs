//! Whole networks, saved by PyTorch: `tests/checkpoints/make.py --big DIR`, with DIR in `LAYERSCOPE_CHECKPOINTS`.
//!
//! A program of its own: those of `checkpoints` hold the most memory that they took against a bound.

use std::path::PathBuf;

use net::network;
use weights::{LocalFile, TensorSource, Weights};

/// The seed of `make.py`.
const SEED: u64 = 1;

#[test]
#[ignore = "needs 2.8 GB of files that PyTorch writes: make.py --big DIR, and LAYERSCOPE_CHECKPOINTS=DIR"]
fn whole_networks_hold_the_seeded_values() {
    let folder = std::env::var_os("LAYERSCOPE_CHECKPOINTS").expect("LAYERSCOPE_CHECKPOINTS should name a folder");
    let folder = PathBuf::from(folder);
    for name in ["alexnet-torchvision", "vgg11", "googlenet-torchvision", "resnet50"] {
        let graph = network(name).expect("should be declared");
        let wanted = Weights::seeded(&graph, SEED);
        for end in [".pth", "-legacy.pth", ".safetensors"] {
            let file = LocalFile::open(&folder.join(format!("{name}{end}"))).expect("should open");
            let source = pollster::block_on(TensorSource::open(&graph, Box::new(file))).expect("should fit");
            let weights = pollster::block_on(Weights::from_source(&source)).expect("should load");
            assert!(weights.iter().eq(wanted.iter()), "{name}{end}");
        }
    }
}
