using System.Linq;
using AotCompiler.Ir;
using AotCompiler.Kernels;
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

    [Theory]
    [InlineData(1, 1, "zeros", 0)]
    [InlineData(2, 21, "border", 1)]
    [InlineData(2, 37, "reflection", 0)]
    [InlineData(1, 16, "reflection", 1)]
    public void CubicPictures(int batch, int channels, string padding, int corners) => OperatorCheck.Run(
        new ModelBuilder(20)
            .Input("x", OnnxDataType.Float, batch, channels, 5, 6)
            .Input("grid", OnnxDataType.Float, batch, 3, 7, 2)
            .Node("GridSample", ["x", "grid"], ["y"], ("mode", "cubic"), ("padding_mode", padding), ("align_corners", corners))
            .Output("y"),
        absolute: 1e-4);

    [Theory]
    [InlineData(1, 1, "zeros", 0)]
    [InlineData(2, 21, "zeros", 1)]
    [InlineData(2, 37, "reflection", 0)]
    [InlineData(1, 16, "border", 1)]
    public void NearestPictures(int batch, int channels, string padding, int corners)
    {
        ModelBuilder model = new ModelBuilder(20)
            .Input("x", OnnxDataType.Float, batch, channels, 5, 6)
            .Input("grid", OnnxDataType.Float, batch, 3, 7, 2)
            .Node("GridSample", ["x", "grid"], ["y"], ("mode", "nearest"), ("padding_mode", padding), ("align_corners", corners))
            .Output("y");
        OperatorCheck.Run(model, absolute: 1e-6);
        ScheduleCheck.Steps(model).Any(static s => s is GatherStep).ShouldBeFalse();
    }

    /// <summary>The nearest of two cells; outside is nothing, and not what the outermost cell times nothing would be.</summary>
    [Theory]
    [InlineData("zeros", 0.4f, 7f)]
    [InlineData("zeros", -0.6f, float.PositiveInfinity)]
    [InlineData("zeros", -1.6f, 0f)]
    [InlineData("border", 3f, 7f)]
    [InlineData("zeros", float.NaN, 0f)]
    public void NearestCells(string padding, float x, float expected)
    {
        byte[] model = new ModelBuilder(20)
            .Input("x", OnnxDataType.Float, 1, 1, 1, 2)
            .Input("grid", OnnxDataType.Float, 1, 1, 1, 2)
            .Node("GridSample", ["x", "grid"], ["y"], ("mode", "nearest"), ("padding_mode", padding))
            .Output("y")
            .ToBytes();
        Tensor image = Tensor.Create(ElementType.Float32, new Shape(1, 1, 1, 2), [float.PositiveInfinity, 7f]);
        CompiledModel.Compile(model).Run(image, Tensor.Create(ElementType.Float32, new Shape(1, 1, 1, 2), [x, 0f]))[0].Floats()[0].ShouldBe(expected);
    }

    [Theory]
    [InlineData("zeros")]
    [InlineData("reflection")]
    public void CubicVolumes(string padding) => OperatorCheck.Run(
        new ModelBuilder(20)
            .Input("x", OnnxDataType.Float, 1, 18, 3, 4, 5)
            .Input("grid", OnnxDataType.Float, 1, 2, 3, 4, 3)
            .Node("GridSample", ["x", "grid"], ["y"], ("mode", "cubic"), ("padding_mode", padding))
            .Output("y"),
        absolute: 1e-4);

    /// <summary>
    /// On a line, in the middle between two cells, the weights are -3/32, 19/32, 19/32, -3/32; the cell before the first counts as zero, as the first, or as
    /// the second or the first.
    /// </summary>
    [Theory]
    [InlineData("zeros", 0, ((19 * 8) + (19 * 4) - (3 * 2)) / 32f)]
    [InlineData("border", 0, ((-3 * 8) + (19 * 8) + (19 * 4) - (3 * 2)) / 32f)]
    [InlineData("reflection", 0, ((-3 * 8) + (19 * 8) + (19 * 4) - (3 * 2)) / 32f)]
    [InlineData("reflection", 1, ((-3 * 4) + (19 * 8) + (19 * 4) - (3 * 2)) / 32f)]
    public void CubicWeights(string padding, int corners, float expected)
    {
        // The middle of the first two of four cells.
        float x = corners == 1 ? (2 * 0.5f / 3) - 1 : -0.5f;
        byte[] model = new ModelBuilder(20)
            .Input("x", OnnxDataType.Float, 1, 1, 1, 4)
            .Input("grid", OnnxDataType.Float, 1, 1, 1, 2)
            .Node("GridSample", ["x", "grid"], ["y"], ("mode", "cubic"), ("padding_mode", padding), ("align_corners", corners))
            .Output("y")
            .ToBytes();
        Tensor grid = Tensor.Create(ElementType.Float32, new Shape(1, 1, 1, 2), [x, 0f]);
        Tensor image = Tensor.Create(ElementType.Float32, new Shape(1, 1, 1, 4), [8f, 4, 2, 1]);
        CompiledModel.Compile(model).Run(image, grid)[0].Floats()[0].ShouldBe(expected, 1e-5f);
    }

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
