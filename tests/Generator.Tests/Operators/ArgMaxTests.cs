using AotCompiler.Diagnostics;
using AotCompiler.Ir;
using AotCompiler.Onnx;
using AotCompiler.Operators;
using AotCompiler.Tests.Onnx;
using AotCompiler.Tests.Support;
using Shouldly;

namespace AotCompiler.Tests.Operators;

public sealed class ArgMaxTests
{
    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    public void TakesEveryShape(int last)
    {
        (long[] Shape, long Axis)[] cases = [([1], 0), ([100], 0), ([3, 7], -1), ([3, 57], 1), ([3, 57], 0), ([2, 5, 37], 1), ([2, 3, 4, 3], -2), ([0, 3], 1)];
        var model = new ModelBuilder();
        for (int i = 0; i < cases.Length; i++)
        {
            model.Input($"x{i}", OnnxDataType.Float, cases[i].Shape)
                .Node("Floor", [$"x{i}"], [$"f{i}"])
                .Node("ArgMax", [$"f{i}"], [$"y{i}"], ("axis", cases[i].Axis), ("keepdims", i % 2), ("select_last_index", last))
                .Output($"y{i}");
        }

        foreach (OnnxDataType type in new[] { OnnxDataType.Double, OnnxDataType.Int8, OnnxDataType.UInt8, OnnxDataType.Int64, OnnxDataType.UInt64 })
        {
            model.Input($"x{type}", type, 4, 33).Node("ArgMax", [$"x{type}"], [$"y{type}"], ("select_last_index", last)).Output($"y{type}");
        }

        OperatorCheck.Run(model, low: 0, high: 6);
    }

    [Theory]
    [InlineData(0, 1)]
    [InlineData(1, 2)]
    public void BreaksTiesAndPassesOverNaN(int last, long expected)
    {
        float[] row = [1, 9, 9, float.NaN, 4, 1];
        byte[] model = new ModelBuilder()
            .Input("x", OnnxDataType.Float, 6)
            .Input("long", OnnxDataType.Float, 24)
            .Node("ArgMax", ["x"], ["y"], ("select_last_index", last))
            .Node("ArgMax", ["long"], ["z"], ("select_last_index", last))
            .Output("y")
            .Output("z")
            .ToBytes();
        Tensor x = Tensor.Create(ElementType.Float32, new Shape(6), row);
        Tensor four = Tensor.Create(ElementType.Float32, new Shape(24), [.. row, .. row, .. row, .. row]);
        OperatorCheck.RunOn(model, [x, four]);
        GraphInterpreter.Run(OperatorCheck.Import(model), [x, four])[0].ToInt64Array()[0].ShouldBe(expected);
    }

    [Fact]
    public void RefusesAnEmptyAxis() => OperatorCheck.Fails(new ModelBuilder()
        .Input("x", OnnxDataType.Float, 2, 0)
        .Node("ArgMax", ["x"], ["y"], ("axis", 1))
        .Output("y")).Code.ShouldBe(DiagnosticCodes.ShapeMismatch);
}
