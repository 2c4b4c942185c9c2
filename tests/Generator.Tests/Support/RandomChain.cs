using System;
using System.Linq;
using AotCompiler.Onnx;
using AotCompiler.Tests.Onnx;

namespace AotCompiler.Tests.Support;

/// <summary>Grows a small convolutional network of random layers: kernels, strides, padding, groups, pooling, residuals, joins. Deterministic for a seed.</summary>
internal sealed class RandomChain
{
    private static readonly int[] _channels = [3, 8, 16, 20, 32, 48];
    private static readonly string[] _functions = ["Relu", "HardSwish", "Tanh"];

    private readonly ModelBuilder _model = new();
    private readonly Random _random;
    private string _value = "x";
    private int _c;
    private int _h;
    private int _w;
    private int _count;

    private RandomChain(int seed)
    {
        _random = new Random(seed);
        int batch = _random.Next(4) == 0 ? 2 : 1;
        _c = _channels[_random.Next(3)];
        _h = _random.Next(24, 50);
        _w = _random.Next(11, 40);
        _model.Input("x", OnnxDataType.Float, batch, _c, _h, _w);
    }

    /// <summary>A model of so many layers.</summary>
    public static ModelBuilder Make(int seed, int layers)
    {
        var chain = new RandomChain(seed);
        for (int i = 0; i < layers; i++)
        {
            chain.Grow();
        }

        return chain._model.Node("GlobalMaxPool", [chain._value], ["y"]).Output("y");
    }

    private void Grow()
    {
        switch (_random.Next(10))
        {
            case < 3:
                Convolve(_random.Next(1, 6), groups: 1, stride: _random.Next(4) == 0 ? 2 : 1, _channels[_random.Next(_channels.Length)]);
                break;
            case 3:
                Convolve(1, groups: 1, stride: 1, _channels[_random.Next(_channels.Length)]);
                break;
            case 4 or 5:
                Convolve(_random.Next(2) == 0 ? 3 : 5, groups: _c, stride: _random.Next(3) == 0 ? 2 : 1, _c);
                break;
            case 6:
                Pool();
                break;
            case 7 or 8:
                Residual();
                break;
            default:
                Join();
                break;
        }
    }

    private void Convolve(int kernel, int groups, int stride, int outputs)
    {
        kernel = Math.Min(kernel, Math.Min(_h, _w));
        int dilation = kernel is 3 && _random.Next(5) == 0 && Math.Min(_h, _w) > 6 ? 2 : 1;
        int span = ((kernel - 1) * dilation) + 1;
        int top = _random.Next(span);
        int left = _random.Next(span);
        int bottom = _random.Next(span);
        int right = _random.Next(span);
        string weight = Weight(outputs, _c / groups, kernel, kernel);
        _value = Node(
            "Conv", [_value, weight], ("group", groups), ("strides", new long[] { stride, stride }), ("dilations", new long[] { dilation, dilation }), ("pads", new long[] { top, left, bottom, right }));
        (_c, _h, _w) = (outputs, Windows(_h + top + bottom, span, stride), Windows(_w + left + right, span, stride));
        if (_random.Next(2) == 0)
        {
            _value = Node(_functions[_random.Next(_functions.Length)], [_value]);
        }
    }

    private void Pool()
    {
        if (Math.Min(_h, _w) < 6)
        {
            return;
        }

        int kernel = _random.Next(2, 4);
        int stride = _random.Next(1, 3);
        int pad = _random.Next(2) == 0 ? 0 : 1;
        _value = Node(
            _random.Next(2) == 0 ? "MaxPool" : "AveragePool",
            [_value],
            ("kernel_shape", new long[] { kernel, kernel }),
            ("strides", new long[] { stride, stride }),
            ("pads", new long[] { pad, pad, pad, pad }));
        (_h, _w) = (Windows(_h + (2 * pad), kernel, stride), Windows(_w + (2 * pad), kernel, stride));
    }

    /// <summary>Two convolutions that keep the shape, and their input added.</summary>
    private void Residual()
    {
        string input = _value;
        string inner = Node("Relu", [Node("Conv", [input, Weight(24, _c, 3, 3)], ("pads", new long[] { 1, 1, 1, 1 }))]);
        string outer = Node("Conv", [inner, Weight(_c, 24, 1, 1)]);
        _value = Node("Add", _random.Next(2) == 0 ? [outer, input] : [input, outer]);
    }

    /// <summary>Two convolutions side by side.</summary>
    private void Join()
    {
        int first = _random.Next(2) == 0 ? 16 : 12;
        string a = Node("Conv", [_value, Weight(first, _c, 1, 1)]);
        string b = Node("Relu", [Node("Conv", [_value, Weight(16, _c, 3, 3)], ("pads", new long[] { 1, 1, 1, 1 }))]);
        _value = Node("Concat", [a, b], ("axis", 1));
        _c = first + 16;
    }

    private string Node(string type, string[] inputs, params (string, object)[] attributes)
    {
        string output = $"v{_count++}";
        _model.Node(type, inputs, [output], attributes);
        return output;
    }

    private string Weight(params int[] shape)
    {
        string name = $"w{_count++}";
        long count = shape.Aggregate(1L, static (product, d) => product * d);
        double scale = 1.7 / Math.Sqrt(count / (double)shape[0]);
        _model.Initializer(name, shape.Select(static d => (long)d).ToArray(), Weights.Random(count, _count).Select(v => (float)(v * scale)).ToArray());
        return name;
    }

    private static int Windows(int length, int span, int stride) => ((length - span) / stride) + 1;
}
