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

    /// <summary>The nearest of four strings; what lies outside is an empty string or the border's.</summary>
    [Theory]
    [InlineData("zeros", "")]
    [InlineData("border", "d")]
    public void Of_strings(string padding, string outside)
    {
        byte[] model = new ModelBuilder(22).Input("x", OnnxDataType.String, 1, 1, 2, 2).Input("g", OnnxDataType.Float, 1, 1, 4, 2)
            .Node("GridSample", ["x", "g"], ["y"], ("mode", "nearest"), ("padding_mode", padding)).Output("y", OnnxDataType.String).ToBytes();
        Tensor grid = Tensor.Create(ElementType.Float32, new Shape(1, 1, 4, 2), [-0.5f, -0.5f, 0.4f, -0.6f, -0.5f, 0.9f, 3, 3]);
        CompiledModel.Compile(model).Run(Tensor.OfStrings(new Shape(1, 1, 2, 2), ["a", "b", "c", "d"]), grid)[0].ToStrings().ShouldBe(["a", "b", "c", outside]);
    }

    [Fact]
    public void RefusesStringsBetweenCells() => OperatorCheck.Fails(
        new ModelBuilder(22).Input("x", OnnxDataType.String, 1, 1, 2, 2).Input("g", OnnxDataType.Float, 1, 1, 4, 2).Node("GridSample", ["x", "g"], ["y"]).Output("y", OnnxDataType.String))
        .Code.ShouldBe(DiagnosticCodes.TypeUnsupported);

    /// <summary>More digits than an f64 has.</summary>
    [Fact]
    public void Moves_whole_numbers_exactly()
    {
        byte[] model = new ModelBuilder(22).Input("x", OnnxDataType.Int64, 1, 1, 1, 2).Input("g", OnnxDataType.Float, 1, 1, 2, 2)
            .Node("GridSample", ["x", "g"], ["y"], ("mode", "nearest")).Output("y", OnnxDataType.Int64).ToBytes();
        Tensor grid = Tensor.Create(ElementType.Float32, new Shape(1, 1, 2, 2), [0.5f, 0, -0.5f, 0]);
        CompiledModel.Compile(model).Run(Tensor.Create(ElementType.Int64, new Shape(1, 1, 1, 2), [(1L << 60) + 1, 7]), grid)[0].AsSpan<long>().ToArray().ShouldBe([7, (1L << 60) + 1]);
    }
}
