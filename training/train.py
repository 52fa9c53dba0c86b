"""Trains a network of networks.py on CIFAR-10: `python training/train.py NET --data DIR --out DIR`.

DIR of the data has the folders `train` and `test`, each with a folder of JPEGs per class. Out come, in the other DIR,
NET.csv (a line per epoch), NET.safetensors (the weights, with the recipe as metadata) and NET.pt, from which the same
command goes on after an interruption.
"""

import argparse
import csv
import ctypes
import json
import math
import os
import time
from pathlib import Path

import numpy as np
import torch
import torch.nn.functional as F
from PIL import Image
from safetensors.torch import save_file

from networks import NETWORKS, initialise

CLASSES = ("airplane", "automobile", "bird", "cat", "deer", "dog", "frog", "horse", "ship", "truck")
# Of ImageNet, as every network of the page takes its photos.
MEAN, DEVIATION = (0.485, 0.456, 0.406), (0.229, 0.224, 0.225)
COLUMNS = ("epoch", "rate", "train_loss", "train_error", "test_loss", "test_error", "seconds")
# What the loss of a side classifier counts (Szegedy et al. 2014, section 5).
SIDE = 0.3
# Zeros around a picture that a crop may take in (He et al. 2015, section 4.2).
PAD = 4


def keep_memory():
    """Has glibc keep what is freed: by itself it gives large tensors back and asks for them again at every step, which
    takes a third of the time."""
    try:
        mallopt = ctypes.CDLL(None).mallopt
    except (AttributeError, OSError, TypeError):
        return  # another C library
    mallopt(-3, 1 << 30)  # M_MMAP_THRESHOLD
    mallopt(-1, (1 << 31) - 1)  # M_TRIM_THRESHOLD


def recipe(network, epochs, seed):
    """Networks with batch norm take SGD, those without AdamW, both with one cycle of the rate."""
    plain = network in ("alexnet-cifar10", "vgg16-cifar10", "googlenet-cifar10")
    rates = {"optimizer": "AdamW", "rate": 1e-3, "decay": 5e-2} if plain else {"optimizer": "SGD, Nesterov 0.9", "rate": 0.2, "decay": 5e-4}
    return {
        "network": network, "data": "CIFAR-10, JPEG", "epochs": epochs, "batch": 128, "seed": seed, **rates,
        "schedule": "one cycle, 20 % up, cosine down", "smoothing": 0.0, "clip": 1.0 if plain else None,
        "distortion": f"flip, crop after {PAD} zeros around",
    }


def read(folder):
    """The pictures (N, 3, 32, 32) in bytes and their classes, kept beside the folder once read."""
    kept = folder.with_suffix(".npz")
    if kept.exists():
        with np.load(kept) as found:
            return torch.from_numpy(found["pictures"]), torch.from_numpy(found["labels"])
    pictures, labels = [], []
    for label, name in enumerate(CLASSES):
        for file in sorted((folder / name).glob("*.jpg")):
            pictures.append(np.asarray(Image.open(file).convert("RGB")).transpose(2, 0, 1))
            labels.append(label)
    if not pictures:
        raise SystemExit(f"{folder} has no folders of JPEGs named as the classes are: {', '.join(CLASSES)}")
    pictures, labels = np.stack(pictures), np.array(labels)
    np.savez(kept, pictures=pictures, labels=labels)
    return torch.from_numpy(pictures), torch.from_numpy(labels)


def prepared(pictures):
    """Bytes as a network reads them."""
    mean, deviation = (torch.tensor(values).view(1, 3, 1, 1) for values in (MEAN, DEVIATION))
    return ((pictures.float() / 255 - mean) / deviation).contiguous(memory_format=torch.channels_last)


def distorted(pictures, random):
    """Each flipped or not, and cropped somewhere out of itself with zeros around."""
    count, side = len(pictures), pictures.shape[-1]
    padded = F.pad(pictures, (PAD, PAD, PAD, PAD))
    at = torch.arange(side)
    rows, columns = (torch.randint(0, 2 * PAD + 1, (count, 1), generator=random) + at for _ in range(2))
    flip = torch.rand(count, generator=random) < 0.5
    columns = torch.where(flip[:, None], columns.flip(1), columns)
    return padded[torch.arange(count)[:, None, None], :, rows[:, :, None], columns[:, None, :]].permute(0, 3, 1, 2)


def rate_at(part, peak):
    """One cycle: up to the peak in the first fifth, down to nothing along a cosine."""
    return peak * part / 0.2 if part < 0.2 else peak * (1 + math.cos(math.pi * (part - 0.2) / 0.8)) / 2


def test(network, pictures, labels):
    """Loss and error (in percent) without distortions."""
    network.eval()
    loss = wrong = 0
    with torch.no_grad():
        for start in range(0, len(labels), 500):
            scores = network(prepared(pictures[start : start + 500]))
            truth = labels[start : start + 500]
            loss += F.cross_entropy(scores, truth, reduction="sum").item()
            wrong += (scores.argmax(1) != truth).sum().item()
    return loss / len(labels), 100 * wrong / len(labels)


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("network", choices=sorted(NETWORKS))
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--epochs", type=int, default=24)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--threads", type=int, default=os.cpu_count())
    asked = parser.parse_args()
    keep_memory()
    torch.set_num_threads(asked.threads)
    torch.manual_seed(asked.seed)
    random = torch.Generator().manual_seed(asked.seed)
    how = recipe(asked.network, asked.epochs, asked.seed)
    asked.out.mkdir(parents=True, exist_ok=True)
    place = lambda suffix: asked.out / f"{asked.network}.{suffix}"

    train, truth = read(asked.data / "train")
    network = initialise(NETWORKS[asked.network]()).to(memory_format=torch.channels_last)
    if how["optimizer"] == "AdamW":
        optimizer = torch.optim.AdamW(network.parameters(), lr=0, weight_decay=how["decay"])
    else:
        optimizer = torch.optim.SGD(network.parameters(), lr=0, momentum=0.9, nesterov=True, weight_decay=how["decay"])
    lines = []
    if place("pt").exists():
        kept = torch.load(place("pt"), weights_only=True)
        if json.loads(kept["recipe"]) != how:
            raise SystemExit(f"{place('pt')} is of another recipe: take it away, or choose another --out")
        network.load_state_dict(kept["network"])
        optimizer.load_state_dict(kept["optimizer"])
        random.set_state(kept["random"])
        torch.set_rng_state(kept["dropout"])
        lines = json.loads(kept["lines"])
        print(f"{asked.network}: going on after epoch {len(lines)} of {asked.epochs}", flush=True)
    steps = len(truth) // how["batch"]
    tested = read(asked.data / "test")
    for epoch in range(len(lines), asked.epochs):
        network.train()
        start, told, sums, wrong, seen = time.time(), time.time(), 0.0, 0, 0
        order = torch.randperm(len(truth), generator=random)
        for step in range(steps):
            rate = rate_at((epoch * steps + step) / (asked.epochs * steps), how["rate"])
            for group in optimizer.param_groups:
                group["lr"] = rate
            chosen = order[step * how["batch"] : (step + 1) * how["batch"]]
            labels = truth[chosen]
            scores = network(prepared(distorted(train[chosen], random)))
            scores, side = (scores[0], scores[1:]) if isinstance(scores, tuple) else (scores, ())
            loss = F.cross_entropy(scores, labels)
            total = loss + sum(SIDE * F.cross_entropy(beside, labels) for beside in side)
            if not math.isfinite(total.item()):
                raise SystemExit(f"{asked.network}: the loss is no number any more in epoch {epoch + 1}")
            optimizer.zero_grad(set_to_none=True)
            total.backward()
            if how["clip"]:
                torch.nn.utils.clip_grad_norm_(network.parameters(), how["clip"])
            optimizer.step()
            sums, seen = sums + loss.item() * len(labels), seen + len(labels)
            wrong += (scores.argmax(1) != labels).sum().item()
            if time.time() - told > 30:
                told = time.time()
                left = (told - start) / (step + 1) * (steps * (asked.epochs - epoch) - step - 1)
                print(f"{asked.network} epoch {epoch + 1} of {asked.epochs}, step {step + 1} of {steps}: loss {sums / seen:.3f}, error {100 * wrong / seen:.1f} %, {left / 60:.0f} min left", flush=True)
        test_loss, test_error = test(network, *tested)
        line = (epoch + 1, round(rate, 6), round(sums / seen, 4), round(100 * wrong / seen, 3), round(test_loss, 4), round(test_error, 2), round(time.time() - start))
        lines.append(line)
        print(f"{asked.network} epoch {epoch + 1}: " + ", ".join(f"{name} {value}" for name, value in zip(COLUMNS[1:], line[1:])), flush=True)
        kept = {
            "recipe": json.dumps(how), "network": network.state_dict(), "optimizer": optimizer.state_dict(),
            "random": random.get_state(), "dropout": torch.get_rng_state(), "lines": json.dumps(lines),
        }
        torch.save(kept, place("pt.part"))
        place("pt.part").replace(place("pt"))
        with open(place("csv"), "w", newline="") as file:
            csv.writer(file).writerows((COLUMNS, *lines))
    weights = {name: value.contiguous() for name, value in network.state_dict().items() if not name.endswith("num_batches_tracked")}
    about = {name: str(value) for name, value in how.items() if value is not None}
    save_file(weights, place("safetensors"), {**about, "test_error": f"{lines[-1][5]} %"})
    print(f"{asked.network}: test error {lines[-1][5]} %, in {place('safetensors')}", flush=True)


if __name__ == "__main__":
    main()
