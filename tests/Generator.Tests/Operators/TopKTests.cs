using AotCompiler.Diagnostics;
using AotCompiler.Onnx;
using AotCompiler.Tests.Onnx;
using AotCompiler.Tests.Support;
using Shouldly;

namespace AotCompiler.Tests.Operators;

public sealed class TopKTests
{
    [Theory]
    [InlineData(1)]
    [InlineData(0)]
    public void PicksTheBest(int largest)
    {
        var model = new ModelBuilder();
        (long[] Shape, long Axis, long K)[] cases = [([1], 0, 1), ([9], 0, 9), ([3, 57], 1, 5), ([3, 57], 0, 2), ([2, 40, 3], 1, 17), ([2, 6], -1, 0)];
        for (int i = 0; i < cases.Length; i++)
        {
            model.Input($"x{i}", OnnxDataType.Float, cases[i].Shape)
                .Initializer($"k{i}", [1], cases[i].K)
                .Node("Floor", [$"x{i}"], [$"f{i}"])
                .Node("TopK", [$"f{i}", $"k{i}"], [$"y{i}", $"at{i}"], ("axis", cases[i].Axis), ("largest", largest))
                .Output($"y{i}").Output($"at{i}");
        }

        foreach (OnnxDataType type in new[] { OnnxDataType.Double, OnnxDataType.UInt8, OnnxDataType.Int64, OnnxDataType.UInt64 })
        {
            model.Input($"x{type}", type, 4, 33).Node("TopK", [$"x{type}", "k2"], [$"y{type}", $"at{type}"], ("largest", largest)).Output($"y{type}").Output($"at{type}");
        }

        OperatorCheck.Run(model, low: 0, high: 20);
    }

    [Fact]
    public void ReadsTheAttributeOfOpset1AndLeavesOutPositions() => OperatorCheck.Run(new ModelBuilder(opset: 9)
        .Input("x", OnnxDataType.Float, 3, 8)
        .Node("TopK", ["x"], ["y"], ("k", 3), ("axis", 1))
        .Output("y"));

    [Fact]
    public void RefusesTooMany() => OperatorCheck.Fails(new ModelBuilder()
        .Input("x", OnnxDataType.Float, 3, 2)
        .Initializer("k", [1], 3L)
        .Node("TopK", ["x", "k"], ["y", "at"])
        .Output("y")).Code.ShouldBe(DiagnosticCodes.ShapeMismatch);
}
