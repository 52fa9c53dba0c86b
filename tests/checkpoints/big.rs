//! Whole networks, saved by PyTorch: `make.py --big DIR`, with DIR in `LAYERSCOPE_CHECKPOINTS`.

use std::path::PathBuf;

use layerscope::net::network;
use layerscope::weights::Weights;

use super::{SEED, load};

#[test]
#[ignore = "needs 2.8 GB of files that PyTorch writes: make.py --big DIR, and LAYERSCOPE_CHECKPOINTS=DIR"]
fn whole_networks_hold_the_seeded_values() {
    let folder = std::env::var_os("LAYERSCOPE_CHECKPOINTS").expect("LAYERSCOPE_CHECKPOINTS should name a folder");
    let folder = PathBuf::from(folder);
    for name in ["alexnet-torchvision", "vgg11", "googlenet-torchvision", "resnet50"] {
        let graph = network(name).expect("should be declared");
        let wanted = Weights::seeded(&graph, SEED);
        for end in [".pth", "-legacy.pth", ".safetensors"] {
            let weights = load(&graph, &folder.join(format!("{name}{end}")));
            assert!(weights.iter().eq(wanted.iter()), "{name}{end}");
        }
    }
}
