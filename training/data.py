"""The pictures of CIFAR-10: reading, normalization and distortions."""

from functools import cache

import numpy as np
import torch
import torch.nn.functional as F
from PIL import Image

CLASSES = ("airplane", "automobile", "bird", "cat", "deer", "dog", "frog", "horse", "ship", "truck")
# Statistics of ImageNet, with which every network of the page normalizes its photos.
MEAN, DEVIATION = (0.485, 0.456, 0.406), (0.229, 0.224, 0.225)
SIDE = 32
# Width of the zeros around a picture, for random crops (He et al. 2015, section 4.2).
PAD = 4
# Side of the square that Cutout removes.
CUTOUT_SIDE = 12


def read(folder):
    """Returns the pictures (N, 3, 32, 32) as bytes, and their classes.

    The first call writes a pack beside the folder, which later calls read: N bytes of classes, then N pictures of 32x32
    RGB pixels.
    """
    kept = folder.with_suffix(".bin")
    if not kept.exists():
        pictures, labels = [], []
        for label, name in enumerate(CLASSES):
            for file in sorted((folder / name).glob("*.jpg")):
                pictures.append(np.asarray(Image.open(file).convert("RGB")))
                labels.append(label)
        if not pictures:
            raise SystemExit(f"{folder} has no folders of JPEGs named as the classes are: {', '.join(CLASSES)}")
        kept.write_bytes(np.array(labels, np.uint8).tobytes() + np.stack(pictures).tobytes())
    found = np.fromfile(kept, np.uint8)
    count = len(found) // (3 * SIDE * SIDE + 1)
    pictures = found[count:].reshape(count, SIDE, SIDE, 3).transpose(0, 3, 1, 2)
    return torch.from_numpy(np.ascontiguousarray(pictures)), torch.from_numpy(found[:count].astype(np.int64))


@cache
def scale(device):
    return tuple(torch.tensor(values, device=device).view(1, 3, 1, 1) for values in (MEAN, DEVIATION))


def prepared(pictures):
    """Normalizes bytes to the input of a network, (N, 3, 32, 32) in float32."""
    mean, deviation = scale(pictures.device)
    return ((pictures.float() / 255 - mean) / deviation).contiguous(memory_format=torch.channels_last)


def padded(pictures):
    """Returns the pictures with zeros around them, for `distorted`."""
    return F.pad(pictures, (PAD, PAD, PAD, PAD))


def plan(count, random):
    """Returns the order of the pictures in an epoch, and the distortion of each.

    (6, N): index, row and column of the crop, flipped or not, and row and column of the centre of the removed square.
    """
    shifts = torch.randint(0, 2 * PAD + 1, (2, count), generator=random)
    flip = torch.randint(0, 2, (1, count), generator=random)
    holes = torch.randint(0, SIDE, (2, count), generator=random)
    return torch.cat((torch.randperm(count, generator=random)[None], shifts, flip, holes))


def distorted(pictures, planned):
    """Returns the pictures of `padded` that a part of a plan selects, cropped and flipped as planned."""
    at = torch.arange(SIDE, device=pictures.device)
    places, rows, columns, flip = (row[:, None] for row in planned[:4])
    rows, columns = rows + at, columns + torch.where(flip == 1, SIDE - 1 - at, at)
    return pictures[places[:, :, None], :, rows[:, :, None], columns[:, None, :]].permute(0, 3, 1, 2)


def cutout(prepared, planned):
    """Sets a square of side `CUTOUT_SIDE` to the mean (DeVries and Taylor 2017, "Cutout")."""
    at = torch.arange(SIDE, device=prepared.device)
    rows, columns = ((at - middle[:, None] + CUTOUT_SIDE // 2).div(CUTOUT_SIDE, rounding_mode="floor") == 0 for middle in planned[4:])
    return prepared * ~(rows[:, None, :, None] & columns[:, None, None, :])
