using System.Linq;
using AotCompiler.Diagnostics;
using AotCompiler.Ir;
using AotCompiler.Onnx;
using AotCompiler.Tests.Onnx;
using AotCompiler.Tests.Support;
using Shouldly;

namespace AotCompiler.Tests.Operators.Composed;

public sealed class DFTTests
{
    [Theory]
    [InlineData(1, 0, 0, 8)]
    [InlineData(2, 0, 0, 5)]
    [InlineData(2, 1, 0, 8)]
    [InlineData(1, 0, 1, 8)]
    [InlineData(1, 0, 1, 12)]
    public void Transforms(int parts, int inverse, int onesided, long length) => OperatorCheck.Run(
        new ModelBuilder(20).Input("x", OnnxDataType.Float, 2, 8, parts).Initializer("n", [], length).Node("DFT", ["x", "n"], ["y"], ("inverse", inverse), ("onesided", onesided)).Output("y"),
        relative: 1e-4, absolute: 1e-4);

    [Fact]
    public void Of_an_impulse_is_flat() => ScheduleCheck.Evaluate(
            new ModelBuilder(20).Input("x", OnnxDataType.Float, 2, 1).Node("DFT", ["x"], ["y"]).Output("y"), ScheduleCheck.Counting(2, 1))
        .Floats().ToArray().Select(static v => (float)System.Math.Round(v, 5)).ShouldBe([1f, 0, -1, 0]);

    [Fact]
    public void Opset17HasAnAttribute() => OperatorCheck.Run(
        new ModelBuilder(17).Input("x", OnnxDataType.Float, 2, 8, 3, 2).Node("DFT", ["x"], ["y"], ("axis", 1)).Output("y"), relative: 1e-4, absolute: 1e-4);
}
