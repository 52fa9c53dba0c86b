"""Writes tests/fixtures/NET.json for the CIFAR-10 versions: `python training/reference.py [NET ...]`.

For every named output of a network with the weights `seed:1` on tests/fixtures/cat.png, in float64: shape, mean,
standard deviation, least and greatest value, sixteen samples, and the greatest error of the same pass in float32. The
seeded values are those of `crates/weights/src/seeded.rs`.
"""

import json
import sys
from pathlib import Path

import numpy as np
import torch
import torch.nn as nn
from PIL import Image

from data import DEVIATION, MEAN
from networks import NETWORKS

FIXTURES = Path(__file__).parent.parent / "tests" / "fixtures"
EDITIONS = ("alexnet-cifar10", "vgg16-cifar10", "googlenet-cifar10", "resnet18-cifar10")
SEED, SIDE, SAMPLES = 1, 32, 16
GOLDEN, MASK = 0x9E3779B97F4A7C15, 2**64 - 1


def uniform(name, count, seed):
    """Returns integers below 2^24 by SplitMix64, started from the FNV-1a hash of a name."""
    state = 0xCBF29CE484222325
    for byte in name.encode():
        state = (state ^ byte) * 0x100000001B3 & MASK
    steps = np.arange(1, count + 1, dtype=np.uint64) * np.uint64(GOLDEN)
    z = np.uint64(state ^ seed * GOLDEN & MASK) + steps
    for shift, factor in ((30, 0xBF58476D1CE4E5B9), (27, 0x94D049BB133111EB)):
        z = (z ^ z >> np.uint64(shift)) * np.uint64(factor)
    return (z ^ z >> np.uint64(31)) >> np.uint64(40)


def seed(network):
    norms = {name for name, module in network.named_modules() if isinstance(module, nn.BatchNorm2d)}
    for name, tensor in network.state_dict().items():
        if name.endswith("num_batches_tracked"):
            continue
        u = uniform(name, tensor.numel(), SEED).astype(np.float64) / 2**24
        owner, _, leaf = name.rpartition(".")
        if owner in norms and leaf == "weight":
            values = 0.6 + 0.4 * u
        elif leaf == "running_var":
            values = 0.5 + u
        else:
            values = (2 * u - 1) * (np.sqrt(6 / tensor[0].numel()) if tensor.dim() > 1 else 0.1)
        tensor.copy_(torch.from_numpy(values.astype(np.float32)).reshape(tensor.shape))


def photo():
    """Returns the normalized photo, resampled by nearest neighbour."""
    pixels = np.asarray(Image.open(FIXTURES / "cat.png").convert("RGB"))
    at = ((np.arange(SIDE) + 0.5) * len(pixels) / SIDE).astype(int)
    values = pixels[at][:, at] / 255.0
    return torch.from_numpy(((values - MEAN) / DEVIATION).transpose(2, 0, 1).astype(np.float32))[None]


def outputs(network, picture):
    """Returns the output of each named module, and the logits. Containers and dropout are left out."""
    seen = {}
    for name, module in network.named_modules():
        if name and not isinstance(module, (nn.Sequential, nn.Dropout)):
            module.register_forward_hook(lambda _, __, out, name=name: seen.__setitem__(name, out.clone()))
    seen["logits"] = network(picture)
    return seen


@torch.no_grad()
def fixture(name):
    network = NETWORKS[name]().eval()
    seed(network)
    single = outputs(network, photo())
    double = outputs(network.double(), photo().double())
    entries = []
    for key, values in double.items():
        flat = values.flatten()
        places = np.unique(uniform(key, SAMPLES, 0).astype(np.float64) / 2**24 * flat.numel() // 1).astype(int)
        entries.append({
            "name": key, "shape": list(values.shape), "mean": flat.mean().item(),
            "std": flat.std(unbiased=False).item(), "min": flat.min().item(), "max": flat.max().item(),
            "pytorch_f32_max_abs_err": (single[key].double() - values).abs().max().item(),
            "samples": [[int(place), flat[place].item()] for place in places],
        })
    return {
        "network": name, "seed": SEED, "input": {"size": SIDE, "channels": 3, "file": "cat.png"},
        "parameters": sum(weights.numel() for weights in network.parameters()),
        "torch": torch.__version__.split("+")[0], "activations": entries,
    }


for name in sys.argv[1:] or EDITIONS:
    (FIXTURES / f"{name}.json").write_text(json.dumps(fixture(name), separators=(",", ":")) + "\n")
    print(name)
