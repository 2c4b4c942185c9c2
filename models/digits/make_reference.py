"""Writes reference inputs and outputs beside digits.onnx: the sample's 28×28 pictures, run by ONNX Runtime.

    ONNXRUNTIME_LIB=…/libonnxruntime.so.1 ORTPY=FOLDER python3 models/digits/make_reference.py samples/Digits/pictures

`../reference.py` explains the two variables.
"""
import argparse
import sys
from pathlib import Path

import numpy as np
from PIL import Image

HERE = Path(__file__).parent
sys.path.append(str(HERE.parent))
import reference  # noqa: E402

CASES = 4


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("pictures", type=Path, help="folder of the pictures")
    pictures = sorted(parser.parse_args().pictures.glob("digit-*.png"))
    for number, picture in enumerate(pictures[::len(pictures) // CASES][:CASES]):
        image = np.asarray(Image.open(picture), np.float32)[None, None] / np.float32(255)
        probabilities = reference.write(HERE / "digits.onnx", {"image": image}, number)["probabilities"]
        print(f"test_data_set_{number}: {picture.name} is taken for {probabilities.argmax()} ({probabilities.max():.1%})")


if __name__ == "__main__":
    main()
