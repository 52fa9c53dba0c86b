"""Trains networks of networks.py on CIFAR-10: `python training/train.py NET... --data DIR --out DIR`.

The folder of --data has the folders `train` and `test`, each with one folder of JPEGs per class. The script writes to
the folder of --out: NET.csv (one line per epoch), NET.safetensors (the weights, with the recipe as metadata) and
NET.pt, from which the same command resumes after an interruption. Several networks take their steps in turn, which
fills a GPU.
"""

import argparse
import ctypes
import os
import time
from pathlib import Path

import torch

from data import padded, read
from networks import NETWORKS
from run import Run


def keep_memory():
    """Makes glibc keep freed memory.

    By default it returns large tensors to the system and requests them again at every step, which takes a third of the
    time.
    """
    try:
        mallopt = ctypes.CDLL(None).mallopt
    except (AttributeError, OSError, TypeError):
        return  # another C library
    mallopt(-3, 1 << 30)  # M_MMAP_THRESHOLD
    mallopt(-1, (1 << 31) - 1)  # M_TRIM_THRESHOLD


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("networks", nargs="+", choices=sorted(NETWORKS), metavar="NET", help=", ".join(NETWORKS))
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--epochs", type=int, default=24)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--threads", type=int, default=os.cpu_count())
    parser.add_argument("--device", type=torch.device, default="cuda" if torch.cuda.is_available() else "cpu")
    parser.add_argument("--half", action="store_true", help="compute in bfloat16, with weights in float32")
    args = parser.parse_args()
    keep_memory()
    torch.set_num_threads(args.threads)
    torch.backends.cudnn.benchmark = True
    args.out.mkdir(parents=True, exist_ok=True)
    there = lambda data: tuple(part.to(args.device) for part in data)
    pictures, truth = read(args.data / "train")
    train, tested = there((padded(pictures), truth)), there(read(args.data / "test"))
    runs = [Run(name, args, train, tested) for name in args.networks]
    told = time.time()
    while going := [run for run in runs if len(run.lines) < run.epochs]:
        for run in going:
            run.begin()
        for step in range(going[0].steps):
            for run in going:
                run.step(step)
            if time.time() - told > 30:
                told = time.time()
                for run in going:
                    loss, error = run.so_far(step)
                    left = (told - run.started) / (step + 1) * (run.steps * (run.epochs - run.epoch) - step - 1)
                    print(f"{run.name} epoch {run.epoch + 1} of {run.epochs}, step {step + 1} of {run.steps}: loss {loss:.3f}, error {error:.1f} %, {left / 60:.0f} min left", flush=True)
        for run in going:
            run.end()


if __name__ == "__main__":
    main()
