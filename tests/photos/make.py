"""Resizes a photo with Pillow, for the test of `Photo::shorter_side`: python make.py (needs Pillow)."""

import pathlib

from PIL import Image

HERE = pathlib.Path(__file__).parent
photo = Image.open(HERE.parent / "fixtures" / "cat.png").convert("RGB")


def shorter_side(image, side):
    """Resizes as torchvision's Resize(side): the shorter side becomes `side`, the longer int(side * long / short)."""
    w, h = image.size
    size = (side, int(side * h / w)) if w <= h else (int(side * w / h), side)
    return image.resize(size, Image.BILINEAR)


# A smaller size, for which Pillow averages over all pixels (antialiasing), and a larger size.
shorter_side(photo.crop((0, 30, 256, 211)), 96).save(HERE / "smaller-96.png")
shorter_side(photo.crop((100, 60, 160, 150)), 80).save(HERE / "larger-80.png")
