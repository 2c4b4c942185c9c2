"""The same arithmetic as each opset spells it, and the less usual ways to store a model."""
import numpy as np
from onnx import AttributeProto, helper

from builder import Model

OPSETS = (7, 9, 11, 13, 17, 21)


class Dialect:
    """Writes operators whose attributes became inputs, in the form the model's opset asks for."""

    def __init__(self, model: Model) -> None:
        self.m = model

    def _axes(self, kind: str, x: str, axes: list[int], since: int, **attributes) -> str:
        if self.m.opset >= since:
            return self.m.op(kind, x, self.m.integers(*axes), **attributes)
        return self.m.op(kind, x, axes=axes, **attributes)

    def squeeze(self, x: str, *axes: int) -> str:
        return self._axes("Squeeze", x, list(axes), since=13)

    def unsqueeze(self, x: str, *axes: int) -> str:
        return self._axes("Unsqueeze", x, list(axes), since=13)

    def reduce_sum(self, x: str, *axes: int) -> str:
        return self._axes("ReduceSum", x, list(axes), since=13, keepdims=0)

    def reduce_mean(self, x: str, *axes: int) -> str:
        return self._axes("ReduceMean", x, list(axes), since=18, keepdims=1)

    def clip(self, x: str, low: float, high: float) -> str:
        if self.m.opset >= 11:
            return self.m.op("Clip", x, self.m.constant(low), self.m.constant(high))
        return self.m.op("Clip", x, min=low, max=high)

    def pad(self, x: str, pads: list[int], value: float) -> str:
        if self.m.opset >= 11:
            return self.m.op("Pad", x, self.m.integers(*pads), self.m.constant(value), mode="constant")
        return self.m.op("Pad", x, pads=pads, value=value, mode="constant")

    def slice(self, x: str, starts: list[int], ends: list[int], axes: list[int]) -> str:
        if self.m.opset >= 10:
            return self.m.op("Slice", x, *(self.m.integers(*v) for v in (starts, ends, axes)))
        return self.m.op("Slice", x, starts=starts, ends=ends, axes=axes)

    def halves(self, x: str, length: int, axis: int) -> list[str]:
        if self.m.opset >= 18:
            return self.m.op("Split", x, outputs=2, axis=axis, num_outputs=2)
        if self.m.opset >= 13:
            return self.m.op("Split", x, self.m.integers(length, length), outputs=2, axis=axis)
        return self.m.op("Split", x, outputs=2, axis=axis, split=[length, length])

    def dropout(self, x: str) -> str:
        if self.m.opset >= 12:
            return self.m.op("Dropout", x, self.m.constant(0.3))
        return self.m.op("Dropout", x, ratio=0.3)

    def double(self, x: str) -> str:
        """Nearest neighbour to twice the height and width."""
        scales = [1.0, 1.0, 2.0, 2.0]
        if self.m.opset >= 11:
            region = "" if self.m.opset >= 13 else self.m.constant([])
            return self.m.op("Resize", x, region, self.m.constant(scales), mode="nearest", nearest_mode="floor",
                             coordinate_transformation_mode="asymmetric")
        if self.m.opset >= 9:
            return self.m.op("Upsample", x, self.m.constant(scales), mode="nearest")
        return self.m.op("Upsample", x, scales=scales, mode="nearest")

    def gelu(self, x: str) -> str:
        """By the error function, or by a function of similar form where the opset has none."""
        m = self.m
        if m.opset >= 20:
            return m.op("Gelu", x)
        if m.opset >= 9:
            erf = m.op("Erf", m.op("Mul", x, m.constant(0.5 ** 0.5)))
            return m.op("Mul", m.op("Mul", x, m.constant(0.5)), m.op("Add", erf, m.constant(1.0)))
        cube = m.op("Mul", x, m.op("Mul", x, x))
        inner = m.op("Mul", m.op("Add", x, m.op("Mul", cube, m.constant(0.044715))), m.constant((2 / np.pi) ** 0.5))
        return m.op("Mul", m.op("Mul", x, m.constant(0.5)), m.op("Add", m.op("Tanh", inner), m.constant(1.0)))


def dialect(opset: int) -> Model:
    """One small network; every opset gives the same output (opset 7 within the error of its approximate Gelu)."""
    m = Model(f"opset-{opset}", opset, ir_version={7: 3, 9: 4, 11: 6, 13: 7, 17: 8, 21: 10}[opset])
    m.random = np.random.default_rng(0)  # the same weights in every dialect
    d = Dialect(m)
    x = m.input("image", [1, 2, 8, 10])
    x = m.batch_norm(m.conv(x, 2, 8, [3, 3]), 8, epsilon=1e-4)
    x = d.clip(d.pad(x, [0, 0, 1, 0, 0, 0, 1, 0], -0.5), -1.0, 4.0)  # [1, 8, 8, 8]
    left, right = d.halves(x, 4, axis=1)
    x = m.op("Add", d.double(m.op("AveragePool", left, kernel_shape=[2, 2], strides=[2, 2])), right)
    x = d.dropout(d.gelu(d.slice(x, [1, 0], [9, -2], [2, 3])))  # [1, 4, 7, 6]
    x = m.op("Mul", x, m.op("Softmax", d.reduce_mean(x, 2, 3), axis=1))
    x = d.squeeze(d.unsqueeze(d.reduce_sum(x, 3), 0), 0)  # [1, 4, 7]
    x = m.op("Flatten", x, axis=1)
    x = m.op("Gemm", x, m.weight(5, 28), m.bias(5), transB=1)
    m.output(m.op("Softmax", x, axis=1, name="probabilities"), [1, 5])
    if m.ir_version < 4:
        _list_initializers(m)
    return m


def _list_initializers(m: Model) -> None:
    """Declares each initializer as an input too, as IR version 3 demands."""
    declared = {i.name for i in m.inputs}
    m.inputs.extend(helper.make_tensor_value_info(t.name, t.data_type, list(t.dims))
                    for t in m.initializers if t.name not in declared)


def typed_fields() -> Model:
    """Numbers in float_data and int64_data; initializers that are inputs too, listed before the real one."""
    m = Model("typed-fields", opset=8, ir_version=3, typed_fields=True)
    x = m.input("x", [1, 6])
    y = m.op("Gemm", x, m.weight(6, 4, fan_in=6), m.constant(m.random.normal(0, 1, [1, 4])))
    y = m.op("Reshape", y, m.integers(2, -1))
    m.output(m.op("Sum", y, m.constant([[1.5, -2.0]]), name="y"), [2, 2])
    _list_initializers(m)
    m.inputs.append(m.inputs.pop(0))
    return m


def _attribute_of_function(node, name: str, reference: str, kind: int) -> None:
    node.attribute.append(AttributeProto(name=name, ref_attr_name=reference, type=kind))


def local_functions() -> Model:
    """Two functions of the model's own domain, one calling the other, with attributes handed through."""
    domain, opsets = "example.functions", [helper.make_opsetid("", 16), helper.make_opsetid("example.functions", 1)]
    leaky = helper.make_node("LeakyRelu", ["scaled"], ["y"])
    _attribute_of_function(leaky, "alpha", "slope", AttributeProto.FLOAT)
    scale_and_bend = helper.make_function(
        domain, "ScaleAndBend", ["x", "scale"], ["y"], [helper.make_node("Mul", ["x", "scale"], ["scaled"]), leaky], opsets, ["slope"])
    call = helper.make_node("ScaleAndBend", ["sum", "scale"], ["bent"], domain=domain)
    _attribute_of_function(call, "slope", "slope", AttributeProto.FLOAT)
    dense = helper.make_function(
        domain, "Dense", ["x", "weight", "bias", "scale"], ["bent", "sum"],
        [helper.make_node("MatMul", ["x", "weight"], ["product"]), helper.make_node("Add", ["product", "bias"], ["sum"]), call],
        opsets, ["slope"])

    m = Model("local-functions", opset=16)
    m.functions = [dense, scale_and_bend]
    x = m.input("x", [2, 6])
    # The names inside a function ("x", "product", "sum") are its own, also where the graph uses the same.
    first, product = m.op("Dense", x, m.weight(6, 8, fan_in=6), m.bias(8), m.constant(1.5), outputs=2, domain=domain, slope=0.1)
    second, _ = m.op("Dense", first, m.weight(8, 3, fan_in=8), m.bias(3), m.constant([0.5, 1, 2]), outputs=2, domain=domain, slope=0.3)
    m.output(m.op("Identity", second, name="y"), [2, 3])
    m.output(m.op("Identity", product, name="sum"), [2, 8])
    return m


def pass_through() -> Model:
    """Outputs that are no step's work: an input, a constant, one value twice, and a part of the graph nobody reads."""
    m = Model("pass-through", opset=13)
    x = m.input("x", [2, 3])
    m.input("unused", [4])
    m.op("Exp", m.op("Mul", x, m.constant(100.0)))
    m.output(m.op("Identity", x, name="same"))
    m.output(m.op("Mul", m.constant([1, 2, 3]), m.constant(0.5), name="constant"))
    twice = m.op("Relu", x)
    m.output(m.op("Identity", twice, name="first"))
    m.output(m.op("Identity", twice, name="second"))
    m.output(m.op("Reshape", m.op("Reshape", x, m.integers(6)), m.integers(3, 2), name="view"))
    m.output(m.op("ReduceSum", x, keepdims=0, name="scalar"))
    return m


ALL = (*((lambda opset=opset: dialect(opset)) for opset in OPSETS), typed_fields, local_functions, pass_through)
