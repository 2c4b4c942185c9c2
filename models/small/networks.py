"""Small networks in the shapes that real exports have. Each function returns a finished `Model`."""
import numpy as np

from builder import Model


def mlp() -> Model:
    m = Model("mlp", opset=13)
    x = m.input("features", [1, 20])
    x = m.op("Relu", m.op("Gemm", x, m.weight(24, 20), m.bias(24), transB=1))
    x = m.op("Relu", m.op("Gemm", x, m.weight(24, 17, fan_in=24), m.bias(17), alpha=0.5, beta=2.0))
    x = m.op("Gemm", x, m.weight(5, 17), transB=1)
    m.output(m.op("Softmax", x, axis=-1, name="probabilities"))
    return m


def mlp_large() -> Model:
    """More than 64 KiB of weights, so that they do not stay inline."""
    m = Model("mlp-large", opset=13)
    x = m.input("features", [1, 128])
    x = m.op("Tanh", m.op("Gemm", x, m.weight(160, 128), m.bias(160), transB=1))
    x = m.op("Sigmoid", m.op("Add", m.op("MatMul", x, m.weight(160, 97, fan_in=160)), m.bias(97)))
    m.output(m.op("Gemm", x, m.weight(10, 97), m.bias(10), transB=1, name="scores"))
    return m


def cnn_residual() -> Model:
    m = Model("cnn-residual", opset=12)

    def unit(x: str, inputs: int, outputs: int, stride: int = 1) -> str:
        x = m.conv(x, inputs, outputs, [3, 3], bias=False, pads=[1] * 4, strides=[stride] * 2)
        return m.batch_norm(x, outputs, epsilon=1e-5)

    def block(x: str, inputs: int, outputs: int, stride: int) -> str:
        y = unit(m.op("Relu", unit(x, inputs, outputs, stride)), outputs, outputs)
        if stride != 1:
            x = m.batch_norm(m.conv(x, inputs, outputs, [1, 1], bias=False, strides=[stride] * 2), outputs)
        return m.op("Relu", m.op("Add", y, x))

    x = m.op("Relu", unit(m.input("image", [1, 3, 32, 32]), 3, 8))
    x = m.op("MaxPool", x, kernel_shape=[3, 3], strides=[2, 2], pads=[1] * 4)
    x = block(block(x, 8, 8, 1), 8, 12, 2)
    x = m.op("Flatten", m.op("GlobalAveragePool", x), axis=1)
    m.output(m.op("Gemm", x, m.weight(10, 12), m.bias(10), transB=1, name="logits"))
    return m


def mobile_block() -> Model:
    m = Model("mobile-block", opset=14)

    def hard_swish(x: str) -> str:
        """As exports before opset 14 spell it: x · clip(x + 3, 0, 6) / 6."""
        gate = m.op("Clip", m.op("Add", x, m.constant(3.0)), m.constant(0.0), m.constant(6.0))
        return m.op("Div", m.op("Mul", x, gate), m.constant(6.0))

    x = m.input("features", [1, 8, 19, 21])
    x = m.op("HardSwish", m.batch_norm(m.conv(x, 8, 36, [1, 1], bias=False), 36))
    x = m.conv(x, 36, 36, [3, 3], group=36, bias=False, pads=[1] * 4, strides=[2, 2])
    x = m.op("Clip", m.batch_norm(x, 36), m.constant(0.0), m.constant(6.0))
    gate = m.op("ReduceMean", x, axes=[2, 3], keepdims=1)
    gate = m.op("HardSigmoid", m.conv(m.op("Relu", m.conv(gate, 36, 9, [1, 1])), 9, 36, [1, 1]), alpha=1 / 6, beta=0.5)
    x = m.op("Mul", gate, x)
    x = m.batch_norm(m.conv(x, 36, 8, [1, 1], bias=False), 8)
    y = hard_swish(m.conv(x, 8, 16, [5, 5], group=8, pads=[2] * 4))
    m.output(m.op("Add", m.conv(y, 16, 8, [1, 1]), x, name="block"))
    return m


def _gelu(m: Model, x: str) -> str:
    """Gelu as exports before opset 20 spell it: x · (1 + erf(x / √2)) / 2."""
    erf = m.op("Erf", m.op("Div", x, m.constant(2 ** 0.5)))
    return m.op("Mul", m.op("Mul", x, m.op("Add", erf, m.constant(1.0))), m.constant(0.5))


def attention() -> Model:
    """A transformer layer with pre-normalisation, and a padding mask on its keys."""
    m = Model("attention", opset=17)
    time, width, heads = 12, 32, 4

    def linear(x: str, inputs: int, outputs: int) -> str:
        return m.op("Add", m.bias(outputs), m.op("MatMul", x, m.weight(inputs, outputs, fan_in=inputs)))

    def split_heads(x: str, order: list[int]) -> str:
        return m.op("Transpose", m.op("Reshape", x, m.integers(0, 0, heads, width // heads)), perm=order)

    def norm(x: str) -> str:
        return m.op("LayerNormalization", x, m.constant(m.random.uniform(0.5, 1.5, width)), m.bias(width), axis=-1, epsilon=1e-5)

    x = m.input("tokens", [1, time, width])
    mask = m.input("mask", [1, time], np.arange(time)[None] < 9)
    penalty = m.op("Where", m.op("Unsqueeze", mask, m.integers(1, 2)), m.constant(0.0), m.constant(-1e4))
    y = norm(x)
    query = split_heads(linear(y, width, width), [0, 2, 1, 3])
    key = split_heads(linear(y, width, width), [0, 2, 3, 1])
    value = split_heads(linear(y, width, width), [0, 2, 1, 3])
    scores = m.op("Div", m.op("MatMul", query, key), m.constant((width / heads) ** 0.5))
    weights = m.op("Softmax", m.op("Add", scores, penalty), axis=-1)
    mixed = m.op("Transpose", m.op("MatMul", weights, value), perm=[0, 2, 1, 3])
    x = m.op("Add", x, linear(m.op("Reshape", mixed, m.integers(0, 0, width)), width, width))
    y = linear(_gelu(m, linear(norm(x), width, 4 * width)), 4 * width, width)
    m.output(m.op("Add", x, y, name="hidden"))
    return m


def attention_decomposed() -> Model:
    """Self-attention as opset 11 exports write it: normalisation from ReduceMean, Pow and Sqrt; one projection, then Split."""
    m = Model("attention-decomposed", opset=11)
    x = m.input("tokens", [1, 9, 24])
    centred = m.op("Sub", x, m.op("ReduceMean", x, axes=[-1]))
    variance = m.op("ReduceMean", m.op("Pow", centred, m.constant(2.0)), axes=[-1])
    y = m.op("Div", centred, m.op("Sqrt", m.op("Add", variance, m.constant(1e-5))))
    y = m.op("Add", m.op("Mul", y, m.constant(m.random.uniform(0.5, 1.5, 24))), m.bias(24))
    y = m.op("Add", m.op("MatMul", y, m.weight(24, 72, fan_in=24)), m.bias(72))
    heads = [m.op("Transpose", m.op("Reshape", part, m.integers(1, 9, 3, 8)), perm=[0, 2, 1, 3])
             for part in m.op("Split", y, outputs=3, axis=2, split=[24, 24, 24])]
    scores = m.op("MatMul", m.op("Mul", heads[0], m.constant(8 ** -0.5)), m.op("Transpose", heads[1], perm=[0, 1, 3, 2]))
    y = m.op("MatMul", m.op("Softmax", scores, axis=3), heads[2])
    y = m.op("Reshape", m.op("Transpose", y, perm=[0, 2, 1, 3]), m.integers(1, 9, -1))
    m.output(m.op("Add", m.op("Gemm", m.op("Squeeze", y, axes=[0]), m.weight(24, 24), transB=1), m.bias(24), name="hidden"))
    return m


def shape_arithmetic() -> Model:
    """Shapes computed in the graph, as PyTorch exports with dynamic axes do; batch, height and width are free."""
    m = Model("shape-arithmetic", opset=13)

    def length(x: str, axis: int) -> str:
        return m.op("Gather", m.op("Shape", x), m.constant_node(axis), axis=0)

    def vector(*lengths: str) -> str:
        return m.op("Concat", *(m.op("Unsqueeze", n, m.constant_node([0])) for n in lengths), axis=0)

    def times(a: str, b: int) -> str:
        return m.op("Mul", a, m.constant_node(b))

    image = m.input("image", ["batch", 3, "height", "width"], m.random.normal(0, 1, [1, 3, 10, 14]).astype(np.float32))
    x = m.conv(image, 3, 8, [3, 3], pads=[1] * 4, strides=[2, 2])
    batch, channels, height, width = (length(x, axis) for axis in range(4))
    # Channel shuffle: [N, 2, C/2, H, W] with the two middle axes exchanged.
    half = m.op("Div", channels, m.constant_node(2))
    shuffled = m.op("Transpose", m.op("Reshape", x, vector(batch, m.constant_node(2), half, height, width)), perm=[0, 2, 1, 3, 4])
    shuffled = m.op("Reshape", shuffled, vector(batch, channels, height, width))
    first = m.op("Slice", shuffled, m.constant_node([0]), m.op("Unsqueeze", half, m.constant_node([0])), m.constant_node([1]))
    last = m.op("Slice", shuffled, m.op("Unsqueeze", half, m.constant_node([0])), m.constant_node([2 ** 63 - 1]), m.constant_node([1]))
    # Upsampling to twice the size, given as sizes: the first two lengths of the value, then the wanted ones.
    head = m.op("Slice", m.op("Shape", first), m.constant_node([0]), m.constant_node([2]), m.constant_node([0]))
    sizes = m.op("Concat", head, m.op("Cast", vector(times(height, 2), times(width, 2)), to=7), axis=0)
    large = m.op("Resize", first, "", "", sizes, mode="nearest", coordinate_transformation_mode="asymmetric", nearest_mode="floor")
    m.output(m.op("Identity", large, name="large"), ["batch", 4, "large_height", "large_width"])
    # Tokens with a position each, from Range, Expand and ConstantOfShape.
    pixels = m.op("Mul", height, width)
    tokens = m.op("Transpose", m.op("Reshape", last, vector(batch, half, m.constant_node(-1))), perm=[0, 2, 1])
    positions = m.op("Cast", m.op("Range", m.constant_node(0), pixels, m.constant_node(1)), to=1)
    positions = m.op("Unsqueeze", m.op("Div", positions, m.op("Cast", pixels, to=1)), m.constant_node([1]))
    positions = m.op("Expand", positions, vector(batch, pixels, m.constant_node(1)))
    offset = m.op("ConstantOfShape", vector(batch, pixels, m.constant_node(1)))
    tokens = m.op("Concat", tokens, m.op("Sub", positions, offset), axis=-1)
    m.output(m.op("MatMul", tokens, m.weight(5, 6, fan_in=5), name="tokens"), ["batch", "pixels", 6])
    return m


def audio() -> Model:
    """One-dimensional convolutions over a waveform, with instance and group normalisation."""
    m = Model("audio", opset=11)
    x = m.input("waveform", [1, 1, 400])
    x = m.conv(x, 1, 12, [10], strides=[5], bias=False)
    x = m.op("InstanceNormalization", x, m.constant(m.random.uniform(0.5, 1.5, 12)), m.bias(12), epsilon=1e-5)
    x = m.op("LeakyRelu", x, alpha=0.2)
    for dilation in (1, 2, 4):
        y = m.conv(x, 12, 24, [3], dilations=[dilation], pads=[dilation * 2, 0])
        tanh, gate = m.op("Split", y, outputs=2, axis=1, split=[12, 12])
        y = m.op("Mul", m.op("Tanh", tanh), m.op("Sigmoid", gate))
        x = m.op("Add", x, m.conv(y, 12, 12, [1]))
    # Group normalisation as PyTorch exports it: three groups of four channels.
    grouped = m.op("Reshape", x, m.integers(0, 3, -1))
    grouped = m.op("InstanceNormalization", grouped, m.constant(np.ones(3)), m.constant(np.zeros(3)), epsilon=1e-5)
    x = m.op("Reshape", grouped, m.op("Shape", x))
    x = m.op("Add", m.op("Mul", x, m.constant(m.random.uniform(0.5, 1.5, [12, 1]))), m.constant(m.random.normal(0, 0.1, [12, 1])))
    x = m.op("AveragePool", m.op("MaxPool", x, kernel_shape=[2], strides=[2]), kernel_shape=[3], strides=[3], pads=[1, 1])
    x = m.op("ConvTranspose", x, m.weight(12, 6, 4, fan_in=24), m.bias(6), strides=[2], pads=[1, 1])
    m.output(m.op("LogSoftmax", m.op("GlobalAveragePool", x), axis=1, name="scores"), [1, 6, 1])
    return m


def channels_last() -> Model:
    """A TensorFlow export: channels-last input, transposed around each convolution, SAME padding, odd names."""
    m = Model("channels-last", opset=11)
    to_first, to_last = [0, 3, 1, 2], [0, 2, 3, 1]
    x = m.input("serving_default_input_1:0", [1, 17, 18, 3])
    x = m.op("Transpose", x, perm=to_first)
    x = m.op("Relu", m.conv(x, 3, 8, [3, 3], strides=[2, 2], auto_pad="SAME_UPPER"))
    x = m.op("Transpose", x, perm=to_last)
    x = m.op("Add", m.op("Mul", x, m.constant(m.random.uniform(0.5, 1.5, 8))), m.bias(8))
    x = m.op("Pad", x, m.integers(0, 1, 1, 0, 0, 1, 1, 0), m.constant(0.0))
    x = m.op("Transpose", x, perm=to_first)
    x = m.conv(x, 8, 8, [3, 3], group=8, strides=[2, 2], auto_pad="VALID")
    x = m.op("Clip", x, m.constant(0.0), m.constant(6.0))
    x = m.op("Transpose", m.conv(x, 8, 12, [1, 1]), perm=to_last)
    x = m.op("ReduceMean", x, axes=[1, 2], keepdims=0)
    x = m.op("Add", m.op("MatMul", x, m.weight(12, 4, fan_in=12)), m.bias(4))
    m.output(m.op("Softmax", x, axis=1, name="StatefulPartitionedCall/model/softmax:0"))
    return m


def unet() -> Model:
    """Down and up again, with skip connections: nearest and linear Resize, ConvTranspose, Concat."""
    m = Model("unet", opset=13)

    def unit(x: str, inputs: int, outputs: int) -> str:
        return m.op("Relu", m.batch_norm(m.conv(x, inputs, outputs, [3, 3], pads=[1] * 4, bias=False), outputs))

    def halve(x: str) -> str:
        return m.op("MaxPool", x, kernel_shape=[2, 2], strides=[2, 2])

    def double(x: str, **attributes) -> str:
        return m.op("Resize", x, "", m.constant([1, 1, 2, 2]), **attributes)

    one = unit(m.input("image", [1, 3, 24, 40]), 3, 6)
    two = unit(halve(one), 6, 10)
    three = unit(halve(two), 10, 12)
    x = unit(halve(three), 12, 12)
    x = m.op("ConvTranspose", x, m.weight(12, 12, 2, 2, fan_in=48), m.bias(12), kernel_shape=[2, 2], strides=[2, 2])
    x = unit(m.op("Concat", x, three, axis=1), 24, 12)
    x = double(x, mode="linear", coordinate_transformation_mode="half_pixel")
    x = unit(m.op("Concat", two, x, axis=1), 22, 8)
    x = double(x, mode="nearest", coordinate_transformation_mode="asymmetric", nearest_mode="floor")
    x = m.conv(unit(m.op("Concat", x, one, axis=1), 14, 6), 6, 2, [1, 1])
    m.output(m.op("Softmax", x, axis=1, name="mask"))
    return m


def super_resolution() -> Model:
    """Sub-pixel convolution, in both orders of DepthToSpace and as the six-dimensional reshape of PyTorch."""
    m = Model("super-resolution", opset=13)
    x = m.input("image", [1, 1, 9, 11])
    x = m.op("PRelu", m.conv(x, 1, 8, [5, 5], pads=[2] * 4), m.constant(m.random.uniform(0.1, 0.4, [8, 1, 1])))
    y = m.conv(x, 8, 12, [3, 3], pads=[1] * 4)
    m.output(m.op("DepthToSpace", y, blocksize=2, mode="CRD", name="column_row_depth"))
    m.output(m.op("DepthToSpace", y, blocksize=2, mode="DCR", name="depth_column_row"))
    split = m.op("Transpose", m.op("Reshape", y, m.integers(1, 3, 2, 2, 9, 11)), perm=[0, 1, 4, 2, 5, 3])
    m.output(m.op("Reshape", split, m.integers(1, 3, 18, 22), name="reshaped"))
    m.output(m.op("SpaceToDepth", m.op("Slice", x, m.integers(0, 1), m.integers(8, 9), m.integers(2, 3)), blocksize=2, name="folded"))
    return m


ALL = (mlp, mlp_large, cnn_residual, mobile_block, attention, attention_decomposed, shape_arithmetic, audio,
       channels_last, unet, super_resolution)
