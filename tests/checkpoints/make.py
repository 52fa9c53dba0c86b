"""Writes the checkpoints that the tests read, with PyTorch.

    pip install torch torchvision safetensors
    python tests/checkpoints/make.py                 # small ones into files/, the fuzzers' into fuzz/seeds/
    python tests/checkpoints/make.py --big DIR       # torchvision's networks into DIR (2.8 GB)

All values are those of seed:1 (crates/weights/src/seeded.rs has the formula), so that a test needs no second file.
"""

import argparse
import collections
import copy
import datetime
import pathlib
import pickle
import zipfile
from collections import OrderedDict

import numpy as np
import safetensors.torch
import torch
import torch.nn as nn

HERE = pathlib.Path(__file__).resolve().parent
M64 = (1 << 64) - 1
GOLDEN = 0x9E3779B97F4A7C15
SEED = 1


def uniform(name, count):
    """Returns count values in [0, 1), multiples of 2^-24: SplitMix64, started from a hash of name and SEED."""
    h = 0xCBF29CE484222325
    for byte in name.encode():
        h = ((h ^ byte) * 0x100000001B3) & M64
    start = (h ^ (SEED * GOLDEN & M64)) & M64
    with np.errstate(over="ignore"):
        z = np.uint64(start) + (np.arange(count, dtype=np.uint64) + np.uint64(1)) * np.uint64(GOLDEN)
        z = (z ^ (z >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
        z = (z ^ (z >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
        z ^= z >> np.uint64(31)
    return (z >> np.uint64(40)).astype(np.float64) / float(1 << 24)


def seeded(model):
    """Returns model with every parameter and buffer set by the formula."""
    norms = {name for name, module in model.named_modules() if isinstance(module, nn.BatchNorm2d)}
    for name, tensor in list(model.named_parameters()) + list(model.named_buffers()):
        if name.endswith("num_batches_tracked"):
            continue
        owner, leaf = name.rpartition(".")[::2]
        u = uniform(name, tensor.numel())
        if owner in norms and leaf == "weight":
            values = 0.6 + 0.4 * u
        elif leaf == "running_var":
            values = 0.5 + u
        elif tensor.dim() >= 2:
            values = (2 * u - 1) * np.sqrt(6.0 / tensor[0].numel())
        else:
            values = (2 * u - 1) * 0.1
        tensor.data = torch.from_numpy(values.astype(np.float32)).reshape(tensor.shape)
    return model


class LeNet5Modern(nn.Module):
    def __init__(self):
        super().__init__()
        self.conv1, self.conv2 = nn.Conv2d(1, 6, 5), nn.Conv2d(6, 16, 5)
        self.fc1, self.fc2, self.fc3 = nn.Linear(400, 120), nn.Linear(120, 84), nn.Linear(84, 10)


class Small(nn.Module):
    """The network of the graph `small` of tests/checkpoints/main.rs."""

    def __init__(self):
        super().__init__()
        self.conv, self.fc = nn.Conv2d(1, 3, 3), nn.Linear(108, 10)

    def forward(self, x):
        return self.fc(self.conv(x).flatten(1))


def cast(state, dtype):
    return OrderedDict((name, tensor.to(dtype)) for name, tensor in state.items())


def transposed(state):
    """Returns the same values, with each tensor in a memory layout other than row-major."""
    def turn(tensor):
        if tensor.dim() == 4:
            return tensor.contiguous(memory_format=torch.channels_last).permute(0, 1, 2, 3)
        return tensor.t().contiguous().t() if tensor.dim() == 2 else tensor
    turned = OrderedDict((name, turn(tensor)) for name, tensor in state.items())
    turned["conv.weight"] = state["conv.weight"].permute(2, 3, 1, 0).contiguous().permute(3, 2, 0, 1)
    assert not any(turned[name].is_contiguous() for name in ("conv.weight", "fc.weight"))
    return turned


def shared(state):
    """Returns all tensors as views of one storage, the last first, with gaps between them."""
    whole = torch.zeros(sum(t.numel() for t in state.values()) + 7 * len(state))
    views, at = OrderedDict(), 0
    for name, tensor in reversed(list(state.items())):
        view = whole[at:at + tensor.numel()].view(tensor.shape)
        view.copy_(tensor)
        views[name] = view
        at += tensor.numel() + 7
    return OrderedDict((name, views[name]) for name in state)


def training(model):
    """Returns a checkpoint of a training: the state_dict of a DataParallel among other values."""
    model = nn.DataParallel(model)
    optimizer = torch.optim.SGD(model.parameters(), lr=0.1, momentum=0.9)
    for parameter in model.parameters():
        parameter.grad = torch.ones_like(parameter)
    optimizer.step()
    seeded(model.module)
    return {
        "epoch": 90,
        "arch": "small",
        "state_dict": model.state_dict(),
        "best_acc1": torch.tensor(71.5),
        "optimizer": optimizer.state_dict(),
    }


def small_ones(out):
    state = seeded(LeNet5Modern()).state_dict()
    torch.save(state, out / "lenet5-modern.pth")
    torch.save(cast(state, torch.float32), out / "lenet5-modern-legacy.pth", _use_new_zipfile_serialization=False)
    torch.save(cast(state, torch.float16), out / "lenet5-modern-f16.pth")
    torch.save(cast(state, torch.bfloat16), out / "lenet5-modern-bf16-legacy.pth", _use_new_zipfile_serialization=False)
    safetensors.torch.save_file(state, out / "lenet5-modern.safetensors")
    safetensors.torch.save_file(cast(state, torch.float16), out / "lenet5-modern-f16.safetensors")
    safetensors.torch.save_file(cast(state, torch.bfloat16), out / "lenet5-modern-bf16.safetensors")

    state = seeded(Small()).state_dict()
    both = {"": True, "-legacy": False}
    for suffix, new in both.items():
        def save(name, what, **options):
            torch.save(what, out / f"small-{name}{suffix}.pth", _use_new_zipfile_serialization=new, **options)
        save("transposed", transposed(state))
        save("shared", shared(state))
        save("training", training(seeded(Small())))
        save("parameters", OrderedDict(seeded(Small()).named_parameters()))
        save("protocol4", state, pickle_protocol=4)
        save("f64", cast(state, torch.float64))
        save("i32", cast(state, torch.int32))


def prefixed(state, prefix):
    return OrderedDict((prefix + name, tensor) for name, tensor in state.items())


def pruned(state):
    """Returns the pair of torch.nn.utils.prune for fc.weight. The product is the weight: no value of it is 0."""
    mask = torch.ones_like(state["fc.weight"])
    pair = OrderedDict((name, tensor) for name, tensor in state.items() if name != "fc.weight")
    pair["fc.weight_orig"], pair["fc.weight_mask"] = state["fc.weight"], mask
    return pair


def big_endian(path):
    """Rewrites a file as torch.save writes it on a machine with the other order of bytes."""
    with zipfile.ZipFile(path) as file:
        parts = {name: file.read(name) for name in file.namelist()}
    with zipfile.ZipFile(path, "w", zipfile.ZIP_STORED) as file:
        for name, data in parts.items():
            if "/data/" in name:
                data = np.frombuffer(data, "<f4").astype(">f4").tobytes()
            file.writestr(name, b"big" if name.endswith("/byteorder") else data)


def kept(out):
    """Writes the tensors of Small as people keep them: wrapped, renamed, and beside other values."""
    model = seeded(Small())
    state = model.state_dict()
    averaged = OrderedDict((name, tensor * 0.5) for name, tensor in state.items())
    options = argparse.Namespace(model="small", lr=0.1, momentum=None)

    def save(name, what, **options):
        torch.save(what, out / f"kept-{name}.pth", **options)

    for suffix, new in (("", True), ("-legacy", False)):
        save(f"module{suffix}", model, _use_new_zipfile_serialization=new)
    save("module-parallel", nn.DataParallel(model))
    save("module-in-dictionary", {"net": model, "epoch": 3})
    torch.jit.save(torch.jit.trace(model, torch.zeros(1, 1, 8, 8)), out / "kept-script.pt")
    save("module-averaged", torch.optim.swa_utils.AveragedModel(model).state_dict())
    for prefix in ("module.", "_orig_mod.", "module._orig_mod.", "_orig_mod.module.", "model.", "net.backbone.",
                   "encoder_q.", "_fsdp_wrapped_module.", "a.b.c."):
        save(f"prefix-{prefix.replace('.', '-')}", prefixed(state, prefix))
    inner = {name.replace("conv.", "conv._checkpoint_wrapped_module."): tensor for name, tensor in state.items()}
    save("prefix-inner", prefixed(inner, "model."))
    save("two-encoders", {**prefixed(averaged, "encoder_k."), **prefixed(state, "encoder_q."), "queue": torch.ones(4, 9)})
    save("with-loss", {**prefixed(state, "model."), "loss.weight": torch.ones(10), "loss.center": torch.ones(10, 4)})
    save("deep", {"a": {"b": [1], "c": {"weights": state}}, "epoch": 1})
    save("two", {"model_ema": averaged, "model": state, "args": options, "epoch": 1})
    save("ema-alone", {"state_dict_ema": state})
    save("pruned", pruned(state))
    old = seeded(Small())
    nn.utils.weight_norm(old.fc)
    save("weight-norm-old", old.state_dict())
    new = seeded(Small())
    nn.utils.parametrizations.weight_norm(new.fc)
    save("weight-norm", new.state_dict())
    save("head", OrderedDict((name.replace("fc.", "classifier.1."), tensor) for name, tensor in state.items()))
    save("numbered", nn.Sequential(OrderedDict([("0", model.conv), ("1", nn.ReLU()), ("4", model.fc)])).state_dict())
    save("expanded", {**state, "fc.bias": torch.tensor([0.25]).expand(10)})
    beside = {
        "namespace": options, "numpy": np.float64(0.93), "array": np.eye(3), "path": pathlib.PurePosixPath("a/b"),
        "date": datetime.datetime(2024, 1, 1), "set": {"cat", "dog"}, "frozen": frozenset([1]), "big": 1 << 200,
        "counter": collections.Counter("aab"), "default": collections.defaultdict(list, a=[1]), "bytes": b"bytes",
        "complex": 1 + 2j, "device": torch.device("cpu"), "size": torch.Size([1, 2]), "dtype": torch.float32,
        "random": torch.get_rng_state(), "numpy_random": np.random.get_state(), "slice": slice(1, 2),
    }
    for protocol in (2, 3, 4, 5):
        save(f"beside-{protocol}", {"state_dict": state, **beside}, pickle_protocol=protocol)
    for name, dtype in (("e4m3", torch.float8_e4m3fn), ("e5m2", torch.float8_e5m2)):
        save(f"float8-{name}", cast(state, dtype))
        safetensors.torch.save_file(cast(state, dtype), out / f"kept-float8-{name}.safetensors")
    quantized = copy.copy(state)
    quantized["fc.weight"] = torch.quantize_per_tensor(state["fc.weight"], 0.01, 0, torch.qint8)
    save("quantized", quantized)
    save("complex", {**state, "fc.weight": torch.complex(state["fc.weight"], state["fc.weight"])})
    save("int8", {**state, "fc.weight": (state["fc.weight"] * 100).to(torch.int8)})
    torch.serialization.set_crc32_options(False)
    save("without-sums", state)
    torch.serialization.set_crc32_options(True)
    save("deflated", state)
    with zipfile.ZipFile(out / "kept-deflated.pth") as file:
        parts = {name: file.read(name) for name in file.namelist()}
    with zipfile.ZipFile(out / "kept-deflated.pth", "w", zipfile.ZIP_DEFLATED) as file:
        for name, data in parts.items():
            file.writestr(name, data)
    save("big-endian", state)
    big_endian(out / "kept-big-endian.pth")
    save("other-architecture", {"arch": "resnetblur18", "state_dict": state})
    # For the page and the command line, whose networks are larger.
    whole = seeded(LeNet5Modern()).half()
    save("lenet5-module", whole)
    inner = prefixed(whole.state_dict(), "module.")
    save("lenet5-training", {"state_dict_ema": inner, "epoch": 9, "state_dict": prefixed(inner, ""), "args": options, "best": np.float64(1)})


def seeds(out):
    """Writes the seeds of the fuzzers: a few tensors of each kind, in every format."""
    tiny = OrderedDict(w=torch.arange(6.0).reshape(2, 3), h=torch.ones(4).half(), n=torch.tensor(7))
    tiny["b"] = torch.ones(3).bfloat16()
    for folder in ("pth", "pickle", "safetensors"):
        (out / folder).mkdir(parents=True, exist_ok=True)
    safetensors.torch.save_file(tiny, out / "safetensors" / "tiny")
    safetensors.torch.save_file({"w": tiny["w"]}, out / "safetensors" / "metadata", {"made": "by hand"})
    views = torch.arange(8.0)
    ways = {
        "tiny": tiny,
        "views": OrderedDict(t=tiny["w"].t(), a=views[1:3], b=views[4:].view(2, 2)),
        "training": {"epoch": 1, "lr": 0.5, "state_dict": {"module.w": nn.Parameter(tiny["w"])}, "none": [None, True]},
    }
    for name, what in ways.items():
        torch.save(what, out / "pth" / name)
        for protocol in (2, 4):
            legacy = out / "pth" / f"{name}-legacy-{protocol}"
            torch.save(what, legacy, pickle_protocol=protocol, _use_new_zipfile_serialization=False)
            # The fuzz target itself contains the header of a legacy file, its first three pickles.
            with open(legacy, "rb") as file:
                for _ in range(3):
                    pickle.load(file)
                (out / "pickle" / f"{name}-{protocol}").write_bytes(file.read())


def big_ones(out):
    import torchvision.models as tv
    networks = {
        "alexnet-torchvision": tv.alexnet,
        "vgg11": tv.vgg11,
        "googlenet-torchvision": lambda: tv.googlenet(init_weights=False, transform_input=False),
        "resnet50": tv.resnet50,
    }
    for name, build in networks.items():
        state = seeded(build()).state_dict()
        torch.save(state, out / f"{name}.pth")
        torch.save(state, out / f"{name}-legacy.pth", _use_new_zipfile_serialization=False)
        safetensors.torch.save_file(state, out / f"{name}.safetensors")
        print(name, flush=True)


if __name__ == "__main__":
    parser = argparse.ArgumentParser()
    parser.add_argument("--big", type=pathlib.Path)
    arguments = parser.parse_args()
    if arguments.big:
        arguments.big.mkdir(parents=True, exist_ok=True)
        big_ones(arguments.big)
    else:
        (HERE / "files").mkdir(exist_ok=True)
        small_ones(HERE / "files")
        kept(HERE / "files")
        seeds(HERE.parent.parent / "fuzz" / "seeds")
