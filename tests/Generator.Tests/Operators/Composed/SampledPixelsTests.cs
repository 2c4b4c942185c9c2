using System.Linq;
using AotCompiler.Ir;
using AotCompiler.Onnx;
using AotCompiler.Tests.Onnx;
using AotCompiler.Tests.Support;
using Shouldly;

namespace AotCompiler.Tests.Operators.Composed;

public sealed class SampledPixelsTests
{
    [Theory]
    [InlineData(1, 1, "zeros")]
    [InlineData(2, 5, "border")]
    [InlineData(1, 37, "zeros")]
    [InlineData(2, 16, "reflection")]
    public void PicturesAtAnyPosition(int batch, int channels, string padding) => OperatorCheck.Run(
        new ModelBuilder(16)
            .Input("x", OnnxDataType.Float, batch, channels, 5, 6)
            .Input("grid", OnnxDataType.Float, batch, 3, 7, 2)
            .Node("GridSample", ["x", "grid"], ["y"], ("padding_mode", padding))
            .Output("y"),
        absolute: 1e-4);

    [Theory]
    [InlineData(3, "zeros")]
    [InlineData(18, "border")]
    public void Volumes(int channels, string padding) => OperatorCheck.Run(
        new ModelBuilder(20)
            .Input("x", OnnxDataType.Float, 1, channels, 3, 4, 5)
            .Input("grid", OnnxDataType.Float, 1, 2, 3, 4, 3)
            .Node("GridSample", ["x", "grid"], ["y"], ("padding_mode", padding))
            .Output("y"),
        absolute: 1e-4);

    /// <summary>A pixel in the middle of a cell is the mean of its corners; what lies outside counts as zero.</summary>
    [Theory]
    [InlineData(0f, 0f, 2.5f)]
    [InlineData(-0.5f, -0.5f, 1f)]
    [InlineData(1f, 0.5f, 2f)]
    [InlineData(5f, 0f, 0f)]
    [InlineData(float.NaN, 0f, 0f)]
    public void MeansOfCorners(float x, float y, float expected)
    {
        Graph graph = OperatorCheck.Import(new ModelBuilder(16)
            .Initializer("x", [1, 1, 2, 2], [1f, 2f, 3f, 4f])
            .Initializer("grid", [1, 1, 1, 2], [x, y])
            .Node("GridSample", ["x", "grid"], ["y"], ("padding_mode", "zeros"))
            .Output("y")
            .ToBytes());
        graph.Outputs.Single().Value.Constant!.Floats()[0].ShouldBe(expected);
    }
}
