"""Writes the small models of this folder, each with reference inputs and outputs.

    apt-get install python3-onnx
    npm install --ignore-scripts --prefix DIR onnxruntime-node
    ONNXRUNTIME_LIB=…/libonnxruntime.so.1 ORTPY=FOLDER python3 models/small/make.py

The models come out byte-identical on every machine; the reference outputs depend on ONNX Runtime's version and on the
machine's vector width in their last bits. `--keep-references` writes the models alone.
"""
import argparse
import sys
from pathlib import Path

import onnx

import dialects
import networks
import zoos
from builder import Model

HERE = Path(__file__).parent
sys.path.append(str(HERE.parent))
import reference  # noqa: E402

EXTERNAL_THRESHOLD = 64
"""Tensors of this many bytes and more leave a model that is stored with external data."""


def external_data() -> tuple[Model, dict]:
    """The residual network with its weights in a file beside it."""
    model = networks.cnn_residual()
    model.name = "external-data"
    return model, dict(save_as_external_data=True, location="weights.bin", size_threshold=EXTERNAL_THRESHOLD)


def write(model: Model, with_reference: bool, **storage) -> None:
    folder = HERE / model.name
    folder.mkdir(exist_ok=True)
    if location := storage.get("location"):
        (folder / location).unlink(missing_ok=True)  # onnx appends to it
    path = folder / "model.onnx"
    onnx.save_model(model.build(), str(path), **storage)
    if with_reference:
        reference.write(path, model.feeds)
    print(f"{model.name:24} opset {model.opset:2}  {path.stat().st_size:8,} bytes  {len(model.nodes):3} nodes")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--keep-references", action="store_true", help="do not run ONNX Runtime")
    with_reference = not parser.parse_args().keep_references
    for build in (*networks.ALL, *zoos.ALL, *dialects.ALL):
        write(build(), with_reference)
    model, storage = external_data()
    write(model, with_reference, **storage)


if __name__ == "__main__":
    main()
