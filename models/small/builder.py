"""A short way to write ONNX graphs with seeded weights and inputs."""
import zlib

import numpy as np
import onnx
from onnx import TensorProto, helper, mapping, numpy_helper

PRODUCER = "aotc-small-models"


class Model:
    """One model under construction. Values are handled by name; an operator is `value = model.op("Relu", x)`."""

    def __init__(self, name: str, opset: int, ir_version: int = 8, typed_fields: bool = False) -> None:
        """`typed_fields` stores initializers in float_data and int64_data instead of raw_data."""
        self.name, self.opset, self.ir_version, self.typed_fields = name, opset, ir_version, typed_fields
        self.feeds: dict[str, np.ndarray] = {}
        self.functions: list[onnx.FunctionProto] = []
        self.inputs, self.outputs, self.nodes, self.initializers = [], [], [], []
        self.random = np.random.default_rng(zlib.crc32(name.encode()))
        self._counts: dict[str, int] = {}

    def fresh(self, stem: str) -> str:
        """A value name not given before: stem_1, stem_2, …"""
        self._counts[stem] = self._counts.get(stem, 0) + 1
        return f"{stem}_{self._counts[stem]}"

    def input(self, name: str, shape: list, value: np.ndarray | None = None) -> str:
        """Declares an input f32, or of `value`'s type; a text in `shape` is a free dimension.

        `value` is the reference input; without it, normally distributed numbers of that (constant) shape.
        """
        if value is None:
            value = self.random.normal(0, 1, shape).astype(np.float32)
        self.feeds[name] = value
        self.inputs.append(helper.make_tensor_value_info(name, _type_of(value), shape))
        return name

    def op(self, kind: str, *operands: str, name: str | None = None, outputs: int = 1, domain: str = "", **attributes):
        """Appends a node; an operand that is left out is "". Returns its output's name, or a list if there are several."""
        stem = kind.lower()
        names = [name] if name and outputs == 1 else [self.fresh(name or stem) for _ in range(outputs)]
        node = helper.make_node(kind, list(operands), names, name=f"/{names[0]}/{kind}", domain=domain, **attributes)
        self.nodes.append(node)
        return names[0] if outputs == 1 else names

    def constant(self, value, dtype=np.float32, name: str | None = None) -> str:
        """An initializer with this value."""
        array = np.asarray(value, dtype)
        name = name or self.fresh("const")
        if self.typed_fields:
            tensor = helper.make_tensor(name, _type_of(array), array.shape, array.ravel().tolist())
        else:
            tensor = numpy_helper.from_array(array, name)
        self.initializers.append(tensor)
        return name

    def integers(self, *values: int) -> str:
        """A one-dimensional int64 initializer: axes, shapes, pads."""
        return self.constant(values, np.int64)

    def constant_node(self, value, dtype=np.int64) -> str:
        """The same as a Constant node, as PyTorch exports write it."""
        return self.op("Constant", value=numpy_helper.from_array(np.asarray(value, dtype), ""))

    def weight(self, *shape: int, fan_in: int | None = None) -> str:
        """Random weights that keep the variance through a layer; fan-in defaults to the product of all but the first length."""
        fan_in = fan_in or int(np.prod(shape[1:]))
        return self.constant(self.random.normal(0, (2 / fan_in) ** 0.5, shape), name=self.fresh("weight"))

    def bias(self, length: int) -> str:
        return self.constant(self.random.normal(0, 0.1, length), name=self.fresh("bias"))

    def conv(self, x: str, inputs: int, outputs: int, kernel: list[int], group: int = 1, bias: bool = True, **attributes) -> str:
        operands = [self.weight(outputs, inputs // group, *kernel)] + ([self.bias(outputs)] if bias else [])
        return self.op("Conv", x, *operands, kernel_shape=kernel, group=group, **attributes)

    def batch_norm(self, x: str, channels: int, **attributes) -> str:
        statistics = (self.random.uniform(0.5, 1.5, channels), self.random.normal(0, 0.1, channels),
                      self.random.normal(0, 0.2, channels), self.random.uniform(0.5, 1.5, channels))
        return self.op("BatchNormalization", x, *(self.constant(s, name=self.fresh("bn")) for s in statistics), **attributes)

    def output(self, value: str, shape: list | None = None, dtype=np.float32) -> None:
        """Declares an output. Without `shape`, its type and shape are inferred when the model is built."""
        info = helper.make_empty_tensor_value_info(value)
        if shape is not None:
            info = helper.make_tensor_value_info(value, mapping.NP_TYPE_TO_TENSOR_TYPE[np.dtype(dtype)], shape)
        self.outputs.append(info)

    def build(self) -> onnx.ModelProto:
        """The finished, checked model."""
        graph = helper.make_graph(self.nodes, self.name, self.inputs, self.outputs, self.initializers)
        domains = sorted({f.domain for f in self.functions})
        opsets = [helper.make_opsetid("", self.opset)] + [helper.make_opsetid(domain, 1) for domain in domains]
        model = helper.make_model(graph, producer_name=PRODUCER, opset_imports=opsets, functions=self.functions)
        model.ir_version = self.ir_version
        if self.opset <= onnx.defs.onnx_opset_version():  # beyond that, this onnx package knows no schemas
            _fill_outputs(model)
            onnx.checker.check_model(model)
        return model


def _type_of(array: np.ndarray) -> int:
    return mapping.NP_TYPE_TO_TENSOR_TYPE[array.dtype]


def _fill_outputs(model: onnx.ModelProto) -> None:
    inferred = onnx.shape_inference.infer_shapes(model, strict_mode=True, data_prop=True).graph.output
    for declared, found in zip(model.graph.output, inferred):
        if not declared.HasField("type"):
            known = found.type.tensor_type
            if known.elem_type == TensorProto.UNDEFINED or not known.HasField("shape"):
                raise ValueError(f"{model.graph.name}: give the shape of output {declared.name}")
            declared.CopyFrom(found)
