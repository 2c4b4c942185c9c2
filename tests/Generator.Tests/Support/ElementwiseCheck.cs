using System;
using System.Collections.Generic;
using System.Linq;
using AotCompiler.Ir;
using AotCompiler.Onnx;
using AotCompiler.Tests.Onnx;
using Shouldly;

namespace AotCompiler.Tests.Support;

/// <summary>
/// Checks of element-wise operators: compiled against interpreted in all vector widths, on random numbers and on those at
/// the ends of the type (NaN, infinities, both zeros, subnormal and largest numbers; smallest and largest integers).
/// </summary>
internal static class ElementwiseCheck
{
    public static readonly OnnxDataType[] Floats = [OnnxDataType.Float, OnnxDataType.Double];

    public static readonly OnnxDataType[] SignedIntegers = [OnnxDataType.Int8, OnnxDataType.Int16, OnnxDataType.Int32, OnnxDataType.Int64];

    public static readonly OnnxDataType[] UnsignedIntegers = [OnnxDataType.UInt8, OnnxDataType.UInt16, OnnxDataType.UInt32, OnnxDataType.UInt64];

    public static readonly OnnxDataType[] Integers = [.. SignedIntegers, .. UnsignedIntegers];

    public static readonly OnnxDataType[] SignedNumbers = [.. Floats, .. SignedIntegers];

    public static readonly OnnxDataType[] Numbers = [.. Floats, .. Integers];

    /// <summary>Shapes of two operands: equal, row, column, both enlarged, number, scalars, empty.</summary>
    private static readonly (long[] Left, long[] Right)[] _shapes =
    [
        ([3, 37], [3, 37]), ([3, 37], [37]), ([3, 37], [3, 1]), ([5, 1], [1, 19]), ([23], []), ([], []), ([0, 3], [1, 3]),
    ];

    /// <summary>Runs an operator with one input for each type, on a matrix, a scalar and an empty tensor.</summary>
    public static void Unary(
        string op, OnnxDataType[]? types = null, float low = -4, float high = 4, double relative = 1e-5, int opset = 24, bool limits = true, params (string, object)[] attributes)
    {
        var model = new ModelBuilder(opset);
        foreach (OnnxDataType type in types ?? Floats)
        {
            foreach (long[] shape in new[] { new long[] { 3, 37 }, [], [0, 3] })
            {
                string name = $"{type}{shape.Length}{shape.FirstOrDefault()}";
                model.Input($"x{name}", type, shape).Node(op, [$"x{name}"], [$"y{name}"], attributes).Output($"y{name}");
            }
        }

        Run(model, low, high, relative, limits);
    }

    /// <summary>Runs an operator with two inputs of one type, for each type, with all kinds of broadcasting for f32.</summary>
    public static void Binary(
        string op, OnnxDataType[]? types = null, float low = -4, float high = 4, double relative = 1e-5, int opset = 24, bool limits = true, params (string, object)[] attributes)
    {
        OnnxDataType[] all = types ?? Numbers;
        var model = new ModelBuilder(opset);
        foreach (OnnxDataType type in all)
        {
            foreach (((long[] left, long[] right), int i) in _shapes.Take(type == all[0] ? _shapes.Length : 1).Select(static (s, i) => (s, i)))
            {
                string name = $"{type}{i}";
                model.Input($"a{name}", type, left).Input($"b{name}", type, right).Node(op, [$"a{name}", $"b{name}"], [$"y{name}"], attributes).Output($"y{name}");
            }
        }

        Run(model, low, high, relative, limits);
    }

    /// <summary>Runs an operator that takes any number of inputs.</summary>
    public static void Variadic(string op, int count, bool limits = true)
    {
        ModelBuilder model = new(24);
        string[] names = Enumerable.Range(0, count).Select(static i => $"x{i}").ToArray();
        foreach (string name in names)
        {
            model.Input(name, OnnxDataType.Float, 3, 21);
        }

        Run(model.Node(op, names, ["y"]).Output("y"), relative: 1e-4, limits: limits);
    }

    /// <summary>Runs a model with the numbers at the ends of the types in front of the random ones.</summary>
    public static void Run(ModelBuilder model, float low = -4, float high = 4, double relative = 1e-5, bool limits = true)
    {
        byte[] bytes = model.ToBytes();
        var random = new Random(1);
        Tensor[] inputs = OperatorCheck.Import(bytes).Inputs.Select((v, i) => limits ? WithLimits(v, i, random, low, high) : OperatorCheck.RandomTensor(v, random, low, high)).ToArray();
        OperatorCheck.RunOn(bytes, inputs, relative);
    }

    /// <summary>Evaluates an operator on numbers by hand: its inputs as constants of a type, the result as doubles.</summary>
    public static double[] Evaluate(string op, OnnxDataType type, double[][] inputs, int opset = 24, params (string, object)[] attributes)
    {
        var model = new ModelBuilder(opset);
        string[] names = inputs.Select(static (_, i) => $"x{i}").ToArray();
        for (int i = 0; i < inputs.Length; i++)
        {
            var tensor = ElementEvaluation.Fill((ElementType)(int)type, new Shape(inputs[i].Length), 0).Bytes.ToArray();
            for (int e = 0; e < inputs[i].Length; e++)
            {
                ElementEvaluation.Write(tensor, (ElementType)(int)type, e, inputs[i][e]);
            }

            byte[] stored = ((ElementType)(int)type).PackedBits() == 0 ? tensor : PackedElements.Pack(tensor, (ElementType)(int)type);
            model.RawInitializer(names[i], type, [inputs[i].Length], stored);
        }

        Tensor result = OperatorCheck.Interpret(model.Node(op, names, ["y"], attributes).Output("y"));
        return Enumerable.Range(0, (int)result.Shape.ElementCount).Select(i => ElementEvaluation.Read(result, i)).ToArray();
    }

    /// <summary>Operator types that are left of a model after its compilation.</summary>
    public static string[] Optimised(ModelBuilder model) =>
        CompiledModel.Compile(model.ToBytes()).Graph.Nodes.Select(static n => n.Operator.Name).ToArray();

    private static Tensor WithLimits(Value value, int seed, Random random, float low, float high)
    {
        byte[] bytes = OperatorCheck.RandomTensor(value, random, low, high).Bytes.ToArray();
        IReadOnlyList<double> limits = Limits(value.Type);
        for (int i = 0; i < value.Shape.ElementCount && i < limits.Count * limits.Count && limits.Count > 0; i++)
        {
            // Different inputs step through the limits at different speeds, so that all pairs meet.
            double limit = limits[seed % 2 == 0 ? i % limits.Count : i / limits.Count];
            ElementEvaluation.Write(bytes, value.Type, i, limit);
        }

        return Tensor.FromBytes(value.Type, value.Shape, bytes, value.Name);
    }

    private static double[] Limits(ElementType type) => type switch
    {
        ElementType.Float32 => [double.NaN, double.PositiveInfinity, double.NegativeInfinity, 0, -0.0, 1e-40, float.MaxValue, -1.5],
        ElementType.Float64 => [double.NaN, double.PositiveInfinity, double.NegativeInfinity],
        ElementType.Int64 => [0, 1, -1, long.MinValue],
        ElementType.UInt64 => [0, 1, 3, 18446744073709551615.0],
        ElementType.Int32 => [0, 1, -1, int.MinValue],
        ElementType.UInt32 => [0, 1, 3, uint.MaxValue],
        ElementType.Int16 => [0, 1, -1, short.MinValue],
        ElementType.UInt16 => [0, 1, 3, ushort.MaxValue],
        ElementType.Int8 => [0, 1, -1, sbyte.MinValue],
        ElementType.UInt8 => [0, 1, 3, byte.MaxValue],
        _ => [],
    };
}
