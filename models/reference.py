"""Reference inputs and outputs beside a model, in the layout of the ONNX backend tests.

The outputs come from ONNX Runtime with its graph optimisations off, called through `ortpy.py`, a numpy binding of
its C API. Two environment variables say where both are:

    ONNXRUNTIME_LIB   libonnxruntime.so.1, for example from `npm install --ignore-scripts onnxruntime-node`
    ORTPY             the folder that holds ortpy.py
"""
import os
import sys
from pathlib import Path

import numpy as np
from onnx import numpy_helper

OPTIMISATIONS_OFF = 0


def write(model: Path, feeds: dict[str, np.ndarray], number: int = 0) -> dict[str, np.ndarray]:
    """Runs the model on the inputs and writes `test_data_set_NUMBER/input_N.pb` and `output_N.pb` beside it.

    Inputs are numbered in the order of `feeds`, which must be the model's; returns the outputs by name.
    """
    if (tool := os.environ.get("ORTPY")) and tool not in sys.path:
        sys.path.insert(0, tool)
    import ortpy  # loads the native library, so only when a reference is wanted

    session = ortpy.Session(str(model), opt=OPTIMISATIONS_OFF)
    outputs = dict(zip((name for name, *_ in session.outputs), session.run(feeds)))
    folder = model.parent / f"test_data_set_{number}"
    folder.mkdir(exist_ok=True)
    for stale in folder.glob("*.pb"):
        stale.unlink()
    for kind, tensors in (("input", feeds), ("output", outputs)):
        for index, (name, value) in enumerate(tensors.items()):
            tensor = numpy_helper.from_array(np.asarray(value), name)
            (folder / f"{kind}_{index}.pb").write_bytes(tensor.SerializeToString(deterministic=True))
    return outputs
