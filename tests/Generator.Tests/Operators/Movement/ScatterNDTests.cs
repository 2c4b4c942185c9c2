using AotCompiler.Diagnostics;
using AotCompiler.Ir;
using AotCompiler.Onnx;
using AotCompiler.Tests.Onnx;
using AotCompiler.Tests.Support;
using Shouldly;

namespace AotCompiler.Tests.Operators.Movement;

public sealed class ScatterNDTests
{
    [Theory]
    [InlineData("none", new long[] { 6, 1 }, new long[] { 6, 4, 17 })]
    [InlineData("add", new long[] { 5, 2 }, new long[] { 5, 17 })]
    [InlineData("mul", new long[] { 2, 3, 3 }, new long[] { 2, 3 })]
    [InlineData("max", new long[] { 3, 2 }, new long[] { 3, 17 })]
    [InlineData("min", new long[] { 7, 3 }, new long[] { 7 })]
    [InlineData("none", new long[] { 0, 2 }, new long[] { 0, 17 })]
    public void WritesTuples(string reduction, long[] indices, long[] updates)
    {
        foreach (OnnxDataType type in new[] { OnnxDataType.Float, OnnxDataType.Int32, OnnxDataType.UInt8 })
        {
            OperatorCheck.Run(
                new ModelBuilder()
                    .Input("x", type, 3, 4, 17)
                    .Input("i", OnnxDataType.Int64, indices)
                    .Input("u", type, updates)
                    .Node("ScatterND", ["x", "i", "u"], ["y"], ("reduction", reduction))
                    .Output("y"),
                low: type == OnnxDataType.UInt8 ? 0 : -3,
                high: 3);
        }
    }

    [Fact]
    public void RefusesUpdatesOfAnotherShape() => OperatorCheck.Fails(new ModelBuilder()
        .Input("x", OnnxDataType.Float, 4, 3)
        .Input("i", OnnxDataType.Int64, 2, 1)
        .Input("u", OnnxDataType.Float, 2, 2)
        .Node("ScatterND", ["x", "i", "u"], ["y"])
        .Output("y")).Code.ShouldBe(DiagnosticCodes.ShapeMismatch);

    /// <summary>Rows of updates are joined with vectors and single elements; some meet the same row.</summary>
    [Theory]
    [InlineData("add")]
    [InlineData("mul")]
    [InlineData("min")]
    [InlineData("max")]
    public void JoinsRows(string reduction)
    {
        foreach (OnnxDataType type in new[] { OnnxDataType.Float, OnnxDataType.Double, OnnxDataType.Int32, OnnxDataType.Int64, OnnxDataType.Int8 })
        {
            OperatorCheck.Run(new ModelBuilder(opset: 18)
                .Input("x", type, 4, 37)
                .Input("u", type, 5, 37)
                .Initializer("i", [5, 1], 2L, 0L, 2L, 3L, 2L)
                .Node("ScatterND", ["x", "i", "u"], ["y"], ("reduction", reduction))
                .Output("y"));
        }
    }
}
