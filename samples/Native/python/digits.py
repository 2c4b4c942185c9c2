"""Reads pictures of digits: digits.py LIBRARY PICTURE.pgm ..."""
import sys

import numpy as np

from model import Model


def read_picture(path: str) -> np.ndarray:
    """A 28×28 PGM file, white ink on black, as f32 [1, 1, 28, 28]."""
    with open(path, "rb") as file:
        if file.readline().split() != [b"P5"] or file.readline().split() != [b"28", b"28"] or file.readline().split() != [b"255"]:
            sys.exit(f"{path}: not a 28x28 picture in PGM format")
        return np.frombuffer(file.read(), "u1").reshape(1, 1, 28, 28) / np.float32(255)


def main(library: str, *pictures: str) -> None:
    model = Model(library)
    for path in pictures:
        probabilities = model(image=read_picture(path))["probabilities"][0]
        best = probabilities.argmax()
        print(f"{path}: {best} ({100 * probabilities[best]:.1f} %)")


if __name__ == "__main__":
    main(*sys.argv[1:])
