using AotCompiler.Ir;
using AotCompiler.Onnx;
using AotCompiler.Operators;
using AotCompiler.Tests.Onnx;
using Shouldly;

namespace AotCompiler.Tests.Support;

/// <summary>Checks ArgMax and ArgMin, which differ in nothing but the order.</summary>
internal static class ArgCheck
{
    /// <summary>Runs the operator on shapes whose axis is short, long, first, inner and empty, and on all kinds of types.</summary>
    public static void Shapes(string op, int last)
    {
        (long[] Shape, long Axis)[] cases = [([1], 0), ([100], 0), ([3, 7], -1), ([3, 57], 1), ([3, 57], 0), ([2, 5, 37], 1), ([2, 3, 4, 3], -2), ([0, 3], 1)];
        var model = new ModelBuilder();
        for (int i = 0; i < cases.Length; i++)
        {
            model.Input($"x{i}", OnnxDataType.Float, cases[i].Shape)
                .Node("Floor", [$"x{i}"], [$"f{i}"])
                .Node(op, [$"f{i}"], [$"y{i}"], ("axis", cases[i].Axis), ("keepdims", i % 2), ("select_last_index", last))
                .Output($"y{i}");
        }

        foreach (OnnxDataType type in new[] { OnnxDataType.Double, OnnxDataType.Int8, OnnxDataType.UInt8, OnnxDataType.Int64, OnnxDataType.UInt64 })
        {
            model.Input($"x{type}", type, 4, 33).Node(op, [$"x{type}"], [$"y{type}"], ("select_last_index", last)).Output($"y{type}");
        }

        OperatorCheck.Run(model, low: 0, high: 6);
    }

    /// <summary>Runs the operator on a row as it stands and four times over, and compares the place found in the first.</summary>
    public static void Row(string op, float[] row, int last, long expected)
    {
        byte[] model = new ModelBuilder()
            .Input("x", OnnxDataType.Float, 6)
            .Input("long", OnnxDataType.Float, 24)
            .Node(op, ["x"], ["y"], ("select_last_index", last))
            .Node(op, ["long"], ["z"], ("select_last_index", last))
            .Output("y")
            .Output("z")
            .ToBytes();
        Tensor x = Tensor.Create(ElementType.Float32, new Shape(6), row);
        Tensor four = Tensor.Create(ElementType.Float32, new Shape(24), [.. row, .. row, .. row, .. row]);
        OperatorCheck.RunOn(model, [x, four]);
        GraphInterpreter.Run(OperatorCheck.Import(model), [x, four])[0].ToInt64Array()[0].ShouldBe(expected);
    }

    /// <summary>The operator over an axis without elements is refused.</summary>
    public static void RefusesAnEmptyAxis(string op) => OperatorCheck.Fails(new ModelBuilder()
        .Input("x", OnnxDataType.Float, 2, 0)
        .Node(op, ["x"], ["y"], ("axis", 1))
        .Output("y")).Code.ShouldBe(Diagnostics.DiagnosticCodes.ShapeMismatch);
}
