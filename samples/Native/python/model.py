"""Any model's shared library as a Python object: names, types and shapes come from the library itself.

    model = Model("lib/libdigits.so")
    outputs = model(image=numpy.zeros((1, 1, 28, 28), "f4"))
"""
import ctypes
from pathlib import Path

import numpy as np

ABI_VERSION = 1

# Element types of ONNX by number; those without a NumPy type as their bits.
TYPES = {1: "f4", 2: "u1", 3: "i1", 4: "u2", 5: "i2", 6: "i4", 7: "i8", 9: "?", 10: "f2", 11: "f8", 12: "u4", 13: "u8", 16: "u2", 22: "i1", 26: "i1"}
ONE_BYTE = "u1"


class Head(ctypes.Structure):
    """The part of NAME_info_t in front of the names, which is the same for every model."""

    _fields_ = [(name, ctypes.c_int32) for name in (
        "abi_version", "info_size", "head_size", "tensor_size", "rank_limit", "name_room", "input_count", "output_count")]
    _fields_ += [(name, ctypes.c_int64) for name in ("arena_size", "arena_alignment", "state_size", "weights_size", "multiply_adds")]


class Tensor:
    """An input or output: name, NumPy type and shape."""

    def __init__(self, record: bytes, rank_limit: int):
        kind, rank, dynamic, _ = np.frombuffer(record, "<i4", 4)
        if dynamic:
            raise NotImplementedError("dimensions that each run chooses are members of the model's own structures: write them down as in its header")
        self.dtype = np.dtype(TYPES.get(int(kind), ONE_BYTE))
        self.shape = tuple(np.frombuffer(record, "<i8", rank_limit, offset=24)[:rank].tolist())
        self.name = record[24 + 8 * rank_limit:].split(b"\0")[0].decode()


def aligned(size: int, alignment: int) -> np.ndarray:
    """Zeroed bytes that begin at a multiple of the alignment."""
    block = np.zeros(size + alignment, "u1")
    start = -block.ctypes.data % alignment
    return block[start:start + size]


class Model:
    """A model with working memory of its own: make one for each thread."""

    def __init__(self, path: str):
        name = Path(path).stem.removeprefix("lib")
        library = ctypes.CDLL(str(Path(path).resolve()))
        self._run = getattr(library, f"{name}_run")
        self._error = getattr(library, f"{name}_error")
        self._error.restype = ctypes.c_char_p
        info = getattr(library, f"{name}_info")
        info.restype = ctypes.POINTER(Head)
        head = info().contents
        if head.abi_version != ABI_VERSION:
            raise ImportError(f"{path} has ABI version {head.abi_version}, {ABI_VERSION} is expected")

        record = ctypes.string_at(ctypes.addressof(head), head.info_size)
        at = lambda i: Tensor(record[head.head_size + i * head.tensor_size:][:head.tensor_size], head.rank_limit)
        self.inputs = [at(i) for i in range(head.input_count)]
        self.outputs = [at(max(1, head.input_count) + i) for i in range(head.output_count)]
        self._memory = [aligned(head.arena_size, head.arena_alignment)]
        if head.state_size:
            self._memory.append(aligned(head.state_size, head.arena_alignment))

    def __call__(self, **arrays: np.ndarray) -> dict[str, np.ndarray]:
        given = [np.require(arrays[t.name], t.dtype, "CA").reshape(t.shape) for t in self.inputs]
        results = [np.empty(t.shape, t.dtype) for t in self.outputs]
        pointers = lambda all: (ctypes.c_void_p * max(1, len(all)))(*(a.ctypes.data for a in all))
        error = self._run(pointers(given), pointers(results), *(m.ctypes.data_as(ctypes.c_void_p) for m in self._memory))
        if error:
            raise RuntimeError(self._error(error).decode())
        return {t.name: r for t, r in zip(self.outputs, results)}
