"""Converts weights to F16 for the page: `python training/pack.py FILE.safetensors... --out DIR`.

Tensors of two or more dimensions become F16. Vectors (biases, batch normalization) are small and stay F32. Metadata is
kept.
"""

import argparse
from pathlib import Path

import torch
from safetensors import safe_open
from safetensors.torch import save_file


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("files", nargs="+", type=Path)
    parser.add_argument("--out", type=Path, required=True)
    args = parser.parse_args()
    args.out.mkdir(parents=True, exist_ok=True)
    for path in args.files:
        with safe_open(path, "pt") as file:
            tensors = {name: file.get_tensor(name) for name in file.keys()}
            about = file.metadata()
        halved = {name: tensor.half() if tensor.dim() > 1 else tensor for name, tensor in tensors.items()}
        lost = [name for name, tensor in halved.items() if not torch.isfinite(tensor).all()]
        if lost:
            raise SystemExit(f"{path}: {', '.join(lost)} go beyond what F16 can hold")
        save_file(halved, args.out / path.name, about)
        print(f"{args.out / path.name}: {(args.out / path.name).stat().st_size / 1e6:.2f} MB")


if __name__ == "__main__":
    main()
