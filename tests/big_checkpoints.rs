//! Loads whole networks saved by PyTorch: `tests/checkpoints/make.py --big DIR`, with DIR in `LAYERSCOPE_CHECKPOINTS`.
//!
//! This is a separate test program because a test in `checkpoints` checks the peak memory of its process.

use std::path::PathBuf;

use net::network;
use weights::{LocalFile, TensorSource, Weights};

/// Seed of the weights that `make.py` saves.
const SEED: u64 = 1;

#[test]
#[ignore = "needs 2.8 GB of files that PyTorch writes: make.py --big DIR, and LAYERSCOPE_CHECKPOINTS=DIR"]
fn whole_networks_hold_the_seeded_values() {
    let folder = std::env::var_os("LAYERSCOPE_CHECKPOINTS").expect("should be set: LAYERSCOPE_CHECKPOINTS");
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
