using System.Linq;
using AotCompiler.Diagnostics;
using AotCompiler.Ir;
using AotCompiler.Onnx;
using AotCompiler.Tests.Onnx;
using AotCompiler.Tests.Support;
using Shouldly;

namespace AotCompiler.Tests.Operators.Composed;

public sealed class GridSampleTests
{
    [Theory]
    [InlineData("linear", "zeros", 0)]
    [InlineData("linear", "border", 1)]
    [InlineData("linear", "reflection", 0)]
    [InlineData("nearest", "zeros", 1)]
    [InlineData("nearest", "reflection", 1)]
    [InlineData("cubic", "zeros", 0)]
    [InlineData("cubic", "border", 0)]
    [InlineData("cubic", "reflection", 1)]
    public void Of_images(string mode, string padding, int corners) => OperatorCheck.Run(
        new ModelBuilder(20).Input("x", OnnxDataType.Float, 2, 3, 5, 6).Input("g", OnnxDataType.Float, 2, 4, 3, 2)
            .Node("GridSample", ["x", "g"], ["y"], ("mode", mode), ("padding_mode", padding), ("align_corners", corners)).Output("y"),
        relative: 1e-3, absolute: 1e-3, low: -1.5f, high: 1.5f);

    [Fact]
    public void Of_whole_numbers() => OperatorCheck.Run(
        new ModelBuilder(20).Input("x", OnnxDataType.UInt8, 2, 3, 5, 6).Input("g", OnnxDataType.Float, 2, 4, 3, 2)
            .Node("GridSample", ["x", "g"], ["y"], ("mode", "nearest")).Output("y", OnnxDataType.UInt8, 2, 3, 4, 3));

    [Fact]
    public void Of_volumes() => OperatorCheck.Run(
        new ModelBuilder(20).Input("x", OnnxDataType.Float, 1, 2, 3, 4, 5).Input("g", OnnxDataType.Float, 1, 2, 2, 3, 3).Node("GridSample", ["x", "g"], ["y"]).Output("y"),
        relative: 1e-3, absolute: 1e-3, low: -1.2f, high: 1.2f);
}
