"""Writes networks as ONNX models for bench/compare.mjs: python bench/export.py FOLDER [NET...]

Beside each model it writes a .json with PyTorch's scores for the input of the comparison, as the reference of all
contenders. Needs torch, torchvision, onnx, onnxscript and numpy. The networks are torchvision's own classes (LeNet-5 is
defined here) with the weights of `seed:1`, so that every contender computes with the same numbers. Existing models are
not written again.
"""

import argparse
import json
import pathlib

import numpy as np
import torch
import torch.nn as nn
import torch.nn.functional as F
import torchvision

M64 = (1 << 64) - 1
GOLDEN = 0x9E3779B97F4A7C15
SEED = 1


class LeNet5Modern(nn.Module):
    """LeNet-5 in its modern form: ReLU, max pooling, and every map of C3 reads every map of S2."""

    def __init__(self):
        super().__init__()
        self.conv1, self.conv2 = nn.Conv2d(1, 6, 5), nn.Conv2d(6, 16, 5)
        self.fc1, self.fc2, self.fc3 = nn.Linear(400, 120), nn.Linear(120, 84), nn.Linear(84, 10)

    def forward(self, x):
        x = F.max_pool2d(F.relu(self.conv1(x)), 2)
        x = F.max_pool2d(F.relu(self.conv2(x)), 2).flatten(1)
        return self.fc3(F.relu(self.fc2(F.relu(self.fc1(x)))))


def googlenet():
    # The weights include the auxiliary classifiers, but torchvision's class runs them only in training.
    return torchvision.models.googlenet(weights=None, aux_logits=True, transform_input=False, init_weights=False)


# The class and the input shape of each network, by its name in `layerscope summary`.
NETWORKS = {
    "lenet5-modern": (LeNet5Modern, (1, 1, 32, 32)),
    "alexnet-torchvision": (torchvision.models.alexnet, (1, 3, 224, 224)),
    "googlenet-torchvision": (googlenet, (1, 3, 224, 224)),
    "resnet18": (torchvision.models.resnet18, (1, 3, 224, 224)),
    "resnet50": (torchvision.models.resnet50, (1, 3, 224, 224)),
    "vgg16": (torchvision.models.vgg16, (1, 3, 224, 224)),
}


def uniform(name, count):
    """Returns `count` float64 values in [0, 1): SplitMix64, started from a FNV-1a hash (`weights::seeded`)."""
    state = 0xCBF29CE484222325
    for byte in name.encode():
        state = ((state ^ byte) * 0x100000001B3) & M64
    state ^= SEED * GOLDEN & M64
    with np.errstate(over="ignore"):
        z = np.uint64(state) + (np.arange(count, dtype=np.uint64) + np.uint64(1)) * np.uint64(GOLDEN)
        z = (z ^ (z >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
        z = (z ^ (z >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
        z ^= z >> np.uint64(31)
    return (z >> np.uint64(40)).astype(np.float64) / float(1 << 24)


def seeded(module, leaf, name, tensor):
    """Returns the values of `seed:1` for one tensor, float64."""
    u = uniform(name, tensor.numel())
    if isinstance(module, nn.BatchNorm2d) and leaf == "weight":
        return 0.6 + 0.4 * u
    if leaf == "running_var":
        return 0.5 + u
    scale = np.sqrt(6.0 / tensor[0].numel()) if tensor.dim() >= 2 else 0.1
    return (2 * u - 1) * scale


def fill(model):
    """Sets every parameter and every running statistic of `model`."""
    modules = dict(model.named_modules())
    for name, tensor in [*model.named_parameters(), *model.named_buffers()]:
        owner, leaf = name.rpartition(".")[::2]
        if leaf != "num_batches_tracked":
            values = seeded(modules[owner], leaf, name, tensor).astype(np.float32)
            tensor.data.copy_(torch.from_numpy(values).reshape(tensor.shape))


def picture(dims):
    """Returns the input of every contender: values in [0, 1)."""
    return torch.from_numpy(uniform("input", int(np.prod(dims))).astype(np.float32)).reshape(dims)


def export(name, path):
    """Writes one network and its scores. The model gets its name only when it is complete."""
    build, dims = NETWORKS[name]
    model = build().eval()
    fill(model)
    with torch.no_grad():
        scores = model(picture(dims))[0].tolist()
    reference = {"network": name, "seed": SEED, "torch": torch.__version__, "scores": scores}
    path.with_suffix(".json").write_text(json.dumps(reference) + "\n")
    part = path.with_suffix(".part")
    names = {"input_names": ["input"], "output_names": ["logits"]}
    torch.onnx.export(model, (torch.zeros(dims),), str(part), dynamo=True, external_data=False, verbose=False, **names)
    part.rename(path)


def main():
    parser = argparse.ArgumentParser(description="Writes networks as ONNX models for bench/compare.mjs.")
    parser.add_argument("folder", type=pathlib.Path, help="folder for the models")
    parser.add_argument("networks", nargs="*", metavar="NET", help="the networks; all if none is named")
    arguments = parser.parse_args()
    unknown = [name for name in arguments.networks if name not in NETWORKS]
    if unknown:
        parser.error(f"no such network: {', '.join(unknown)}; the names are: {', '.join(NETWORKS)}")
    arguments.folder.mkdir(parents=True, exist_ok=True)
    for name in arguments.networks or NETWORKS:
        path = arguments.folder / f"{name}.onnx"
        if not path.exists():
            export(name, path)
        print(f"{path}: {path.stat().st_size / 2**20:.1f} MiB", flush=True)


if __name__ == "__main__":
    main()
