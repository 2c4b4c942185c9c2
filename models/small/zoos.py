"""Models that hold many operators of one family side by side, each with an output of its own."""
import numpy as np

from builder import Model


def elementwise() -> Model:
    """Arithmetic with every kind of broadcasting, and the functions of one operand."""
    m = Model("elementwise", opset=13)
    x = m.input("x", [2, 3, 4, 5])
    y = m.input("y", [3, 1, 5])
    scalar = m.constant(1.7)
    positive = m.op("Add", m.op("Abs", x), m.constant(0.1))
    m.output(m.op("Add", x, y, name="add_inner"))
    m.output(m.op("Sub", y, x, name="sub_reversed"))
    m.output(m.op("Mul", x, m.constant([[2], [3], [5], [7]]), name="mul_column"))
    m.output(m.op("Div", x, m.constant([1, 2, 3, 4, 5]), name="div_row"))
    m.output(m.op("Div", scalar, positive, name="div_scalar"))
    m.output(m.op("Add", m.op("Reshape", y, m.integers(3, 5, 1)), m.op("Reshape", y, m.integers(3, 1, 5)), name="add_outer"))
    m.output(m.op("Pow", positive, m.constant(2.5), name="pow"))
    m.output(m.op("Pow", x, m.constant(2.0), name="square"))
    m.output(m.op("Min", x, y, scalar, name="min"))
    m.output(m.op("Max", x, m.constant(0.25), name="max"))
    m.output(m.op("Sum", x, y, scalar, x, name="sum"))
    m.output(m.op("Mean", x, y, name="mean"))
    m.output(m.op("Mod", x, m.constant(0.75), fmod=1, name="fmod"))
    for kind in ("Neg", "Abs", "Exp", "Floor", "Ceil", "Erf", "Tanh", "Sigmoid", "Identity"):
        m.output(m.op(kind, x, name=kind.lower()))
    for kind in ("Sqrt", "Log", "Reciprocal"):
        m.output(m.op(kind, positive, name=kind.lower()))
    halves = m.input("halves", [11], np.arange(-5, 6).astype(np.float32) / 2)
    m.output(m.op("Round", halves, name="round"))
    return m


def activations() -> Model:
    m = Model("activations", opset=16)
    x = m.input("x", [3, 37], np.linspace(-9, 9, 111).reshape(3, 37).astype(np.float32))
    m.output(m.op("Relu", x, name="relu"))
    m.output(m.op("LeakyRelu", x, alpha=0.07, name="leaky_relu"))
    m.output(m.op("PRelu", x, m.constant(m.random.uniform(0, 1, 37)), name="prelu"))
    m.output(m.op("Elu", x, alpha=1.3, name="elu"))
    m.output(m.op("Selu", x, name="selu"))
    m.output(m.op("HardSigmoid", x, name="hard_sigmoid"))
    m.output(m.op("HardSwish", x, name="hard_swish"))
    m.output(m.op("Softplus", x, name="softplus"))
    m.output(m.op("Mul", x, m.op("Sigmoid", x), name="silu"))
    m.output(m.op("Mul", x, m.op("Tanh", m.op("Softplus", x)), name="mish"))
    m.output(m.op("Clip", x, m.constant(-1.5), name="clip_low"))
    m.output(m.op("Clip", x, "", m.constant(2.5), name="clip_high"))
    m.output(m.op("Softmax", x, axis=0, name="softmax_columns"))
    m.output(m.op("LogSoftmax", x, axis=1, name="log_softmax"))
    return m


def reductions() -> Model:
    m = Model("reductions", opset=13)
    x = m.input("x", [2, 3, 5, 7])
    for kind in ("ReduceMean", "ReduceMax", "ReduceMin", "ReduceProd"):
        short = kind.removeprefix("Reduce").lower()
        m.output(m.op(kind, x, axes=[-1], name=f"{short}_last"))
        m.output(m.op(kind, x, axes=[0, 2], keepdims=0, name=f"{short}_outer_and_inner"))
        m.output(m.op(kind, x, name=f"{short}_all"))
    m.output(m.op("ReduceSum", x, m.integers(1), name="sum_channels"))
    m.output(m.op("ReduceSum", x, m.integers(-2, -1), keepdims=0, name="sum_plane"))
    m.output(m.op("ReduceSum", x, name="sum_all"))
    m.output(m.op("ReduceSum", x, noop_with_empty_axes=1, name="sum_none"))
    m.output(m.op("ArgMax", x, axis=1, name="argmax_channels"))
    m.output(m.op("ArgMin", x, axis=-1, keepdims=0, name="argmin_last"))
    ties = m.input("ties", [2, 6], np.array([[1, 4, 4, 0, 4, 0], [3, 3, 3, 3, 3, 3]], np.float32))
    m.output(m.op("ArgMax", ties, axis=1, name="argmax_first"))
    m.output(m.op("ArgMax", ties, axis=1, select_last_index=1, name="argmax_last"))
    m.output(m.op("ReduceMax", m.op("Cast", ties, to=7), axes=[1], name="max_integers"))
    return m


def convolutions() -> Model:
    m = Model("convolutions", opset=11)
    x = m.input("x", [2, 12, 9, 11])
    m.output(m.conv(x, 12, 18, [3, 3], group=3, dilations=[2, 3], pads=[2, 0, 1, 4]))
    m.output(m.conv(x, 12, 7, [1, 1], strides=[2, 3]))
    m.output(m.conv(x, 12, 24, [5, 3], group=12, pads=[4, 0, 0, 2], strides=[3, 1]))
    m.output(m.conv(x, 12, 5, [4, 4], auto_pad="SAME_UPPER", strides=[2, 2], bias=False))
    m.output(m.conv(x, 12, 5, [4, 4], auto_pad="SAME_LOWER", strides=[2, 2]))
    m.output(m.conv(x, 12, 3, [9, 11]))
    m.output(m.conv(x, 12, 9, [7, 7], strides=[4, 4], pads=[3] * 4))
    for group, attributes in ((1, dict(strides=[2, 3], output_padding=[1, 2])), (4, dict(pads=[1, 0, 2, 1], strides=[2, 2])),
                              (1, dict(dilations=[2, 2])), (12, dict(strides=[3, 3], auto_pad="SAME_UPPER"))):
        kernel = [4, 3] if "output_padding" in attributes else [3, 3]
        outputs = 8 if group != 12 else 12
        weight = m.weight(12, outputs // group, *kernel, fan_in=12 * 9 // group)
        m.output(m.op("ConvTranspose", x, weight, m.bias(outputs), kernel_shape=kernel, group=group, **attributes))
    line = m.input("line", [1, 6, 50])
    m.output(m.conv(line, 6, 9, [5], dilations=[3], pads=[12, 0]))
    m.output(m.conv(line, 6, 6, [4], group=6, strides=[2], auto_pad="SAME_LOWER"))
    return m


def pooling() -> Model:
    m = Model("pooling", opset=13)
    x = m.input("x", [1, 4, 13, 16])
    for kind, extra in (("MaxPool", {}), ("AveragePool", {}), ("AveragePool", {"count_include_pad": 1})):
        tag = kind.lower() + ("_with_pad" if extra else "")
        m.output(m.op(kind, x, kernel_shape=[3, 3], strides=[2, 2], pads=[1] * 4, name=f"{tag}_same", **extra))
        m.output(m.op(kind, x, kernel_shape=[3, 2], strides=[2, 3], pads=[0, 1, 1, 0], name=f"{tag}_asymmetric", **extra))
        m.output(m.op(kind, x, kernel_shape=[3, 3], strides=[2, 2], ceil_mode=1, name=f"{tag}_ceil", **extra))
    m.output(m.op("MaxPool", x, kernel_shape=[2, 3], dilations=[2, 2], name="maxpool_dilated"))
    m.output(m.op("MaxPool", x, kernel_shape=[4, 4], strides=[3, 3], auto_pad="SAME_LOWER", name="maxpool_same_lower"))
    m.output(m.op("AveragePool", x, kernel_shape=[4, 4], strides=[3, 3], auto_pad="SAME_UPPER", name="averagepool_same_upper"))
    m.output(m.op("GlobalMaxPool", x, name="global_max"))
    m.output(m.op("GlobalAveragePool", x, name="global_average"))
    m.output(m.op("LRN", x, size=3, alpha=0.05, beta=0.75, bias=2.0, name="lrn"))
    return m


def resizing() -> Model:
    m = Model("resizing", opset=13)
    x = m.input("x", [1, 2, 5, 7])
    cases = (("half_pixel", "round_prefer_floor"), ("half_pixel", "round_prefer_ceil"), ("asymmetric", "floor"),
             ("asymmetric", "ceil"), ("align_corners", "round_prefer_floor"), ("pytorch_half_pixel", "floor"))
    for coordinates, rounding in cases:
        # 7 * 1.5 is no whole number: for align_corners the specification goes on with 10.5, ONNX Runtime with 10 (onnx issue 2462).
        scales = [1, 1, 2.4, 2 if coordinates == "align_corners" else 1.5]
        m.output(m.op("Resize", x, "", m.constant(scales), mode="nearest", nearest_mode=rounding,
                      coordinate_transformation_mode=coordinates, name=f"nearest_{coordinates}_{rounding}"))
    for coordinates in ("half_pixel", "pytorch_half_pixel", "asymmetric", "align_corners"):
        for tag, sizes in (("up", (1, 2, 11, 9)), ("down", (1, 2, 3, 4)), ("line", (1, 2, 1, 14))):
            m.output(m.op("Resize", x, "", "", m.integers(*sizes), mode="linear",
                          coordinate_transformation_mode=coordinates, name=f"linear_{coordinates}_{tag}"))
    return m


def matrices() -> Model:
    m = Model("matrices", opset=13)
    a = m.input("a", [2, 3, 4, 5])
    b = m.input("b", [3, 5, 6])
    vector = m.input("vector", [5])
    m.output(m.op("MatMul", a, b, name="batched_broadcast"))
    m.output(m.op("MatMul", a, m.weight(5, 19, fan_in=5), name="shared_right"))
    m.output(m.op("MatMul", m.weight(7, 3, fan_in=3), m.op("Reshape", b, m.integers(3, 30)), name="constant_left"))
    m.output(m.op("MatMul", a, vector, name="matrix_vector"))
    m.output(m.op("MatMul", vector, b, name="vector_matrix"))
    m.output(m.op("MatMul", vector, vector, name="dot"))
    square = m.op("Reshape", a, m.integers(6, 20))
    m.output(m.op("Gemm", square, square, transB=1, alpha=0.3, name="gemm_of_inputs"))
    m.output(m.op("Gemm", square, m.weight(6, 9), m.constant(m.random.normal(0, 1, [20, 1])), transA=1, beta=0.5, name="gemm_column_bias"))
    m.output(m.op("Gemm", square, m.weight(9, 20), m.constant(0.5), transB=1, name="gemm_scalar_bias"))
    m.output(m.op("MatMul", m.op("Transpose", b, perm=[0, 2, 1]), m.op("Transpose", a, perm=[0, 1, 3, 2]), name="transposed"))
    return m


def layout() -> Model:
    """Operators that move values without arithmetic."""
    m = Model("layout", opset=13)
    x = m.input("x", [2, 3, 4, 5])
    for permutation in ([3, 2, 1, 0], [0, 2, 1, 3], [1, 0, 3, 2], [0, 3, 1, 2]):
        m.output(m.op("Transpose", x, perm=permutation, name="transpose_" + "".join(map(str, permutation))))
    m.output(m.op("Slice", x, m.integers(-1, 4), m.integers(-(2 ** 63), 0), m.integers(1, 3), m.integers(-1, -2), name="slice_backwards"))
    m.output(m.op("Slice", x, m.integers(1, 0), m.integers(3, 100), m.integers(2, 3), m.integers(1, 2), name="slice_strided"))
    for mode in ("constant", "reflect", "edge"):
        m.output(m.op("Pad", x, m.integers(0, 0, 2, 3, 0, 0, 1, 4), m.constant(-2.5), mode=mode, name=f"pad_{mode}"))
    m.output(m.op("Pad", x, m.integers(0, 0, -1, 1, 0, 0, 0, -2), name="pad_negative"))
    m.output(m.op("Tile", x, m.integers(1, 2, 1, 3), name="tile"))
    m.output(m.op("Expand", m.op("Slice", x, m.integers(0), m.integers(1), m.integers(1)), m.integers(6, 1, 3, 1, 5), name="expand"))
    m.output(m.op("Gather", x, m.constant([[2, 0], [-1, 1]], np.int64), axis=1, name="gather"))
    m.output(m.op("Gather", x, m.constant(-2, np.int64), axis=2, name="gather_one"))
    wanted = m.input("wanted", [2, 3, 4, 2], m.random.integers(-5, 5, [2, 3, 4, 2]))
    m.output(m.op("GatherElements", x, wanted, axis=3, name="gather_elements"))
    pieces = m.op("Split", x, m.integers(1, 3, 1), outputs=3, axis=3)
    m.output(m.op("Concat", *reversed(pieces), pieces[1], axis=-1, name="split_concat"))
    m.output(m.op("Unsqueeze", m.op("Squeeze", m.op("Reshape", x, m.integers(1, 24, 1, 5)), m.integers(0, 2)), m.integers(0, -1), name="squeeze_unsqueeze"))
    m.output(m.op("Flatten", x, axis=-2, name="flatten"))
    m.output(m.op("Reshape", x, m.integers(0, -1, 2, 5), name="reshape"))
    return m


def integers_and_logic() -> Model:
    m = Model("integers-and-logic", opset=13)
    a = m.input("a", [3, 8], m.random.integers(-9, 10, [3, 8]))
    b = m.input("b", [8], np.array([3, -3, 5, -5, 1, 7, -2, 4]))
    x = m.input("x", [3, 8])
    low = m.op("Less", x, m.constant(0.8))
    high = m.op("GreaterOrEqual", a, b)
    for kind in ("Add", "Sub", "Mul", "Div", "Mod", "Min", "Max"):
        m.output(m.op(kind, a, b, name=f"{kind.lower()}_integers"))
    m.output(m.op("Mod", a, b, fmod=1, name="fmod_integers"))
    for kind in ("Equal", "Greater", "LessOrEqual"):
        m.output(m.op(kind, a, b, name=kind.lower()))
    for kind in ("And", "Or", "Xor"):
        m.output(m.op(kind, low, high, name=kind.lower()))
    m.output(m.op("Where", m.op("Not", low), x, m.constant(9.0), name="where"))
    m.output(m.op("Cast", m.op("Mul", x, m.constant(10.0)), to=6, name="to_int32"))
    m.output(m.op("Cast", m.op("Mod", a, b), to=1, name="to_float"))
    m.output(m.op("Cast", a, to=9, name="to_bool"))
    m.output(m.op("Mul", m.op("Cast", high, to=1), x, name="from_bool"))
    m.output(m.op("Size", x, name="size"))
    return m


ALL = (elementwise, activations, reductions, convolutions, pooling, resizing, matrices, layout, integers_and_logic)
